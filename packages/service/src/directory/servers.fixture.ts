/** Directories over real servers and a file, with one organisation in each, and how to change it there. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startOpenLdap } from '../../../../test/peers/openldap.ts'
import type { Organisation } from '../../../../test/peers/people.ts'
import { startSamba } from '../../../../test/peers/samba.ts'
import type { DirectoryUnderTest } from './contract.fixture.ts'
import type { DirectoryFile } from './directory-file.ts'
import type { Contest } from './ldap/contested.ts'
import { ldapDirectorySchema, type LdapDirectorySettings } from './ldap/settings.ts'
import { openDirectory, type DirectorySettings, type OpenDirectory } from './open-directory.ts'
import { hashPassword } from './password.ts'

/** What both kinds of servers have for a client. */
export interface LdapPeer {
  readonly secureUrl: string
  readonly caFile: string
  readonly reader: { readonly dn: string; readonly password: string }
  dnOf(name: string): string
  change(ldif: string): void
  stop(): Promise<void>
}

export interface DirectoryOverServer extends Pick<DirectoryUnderTest, 'directory' | 'later' | 'close'> {
  readonly contests: Contest[]
}

type SourceChange = Partial<LdapDirectorySettings['sources'][number]>
type Change = Partial<Omit<LdapDirectorySettings, 'sources'>> & { readonly source?: SourceChange }

/** Time passes only when it is told to; a loaded machine gets long to answer. */
export async function directoryOver(peer: LdapPeer, { source, ...change }: Change = {}): Promise<DirectoryOverServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sealward-directory-'))
  await writeFile(join(folder, 'password'), `${peer.reader.password}\n`)
  const usual = { urls: [peer.secureUrl], caFile: peer.caFile, bindDn: peer.reader.dn, passwordFile: 'password' }
  const limits = { timeoutSeconds: 30, groupSeconds: 30, ...change }
  const settings = ldapDirectorySchema.parse({ ...limits, sources: [{ ...usual, ...source }] })
  const contests: Contest[] = []
  const { directory, later } = await openAt(settings, folder, contests)
  return { directory, later, contests, close: () => rm(folder, { recursive: true }) }
}

async function openAt(
  settings: DirectorySettings,
  folder: string,
  contests: Contest[] = [],
): Promise<{ readonly directory: OpenDirectory; readonly later: (milliseconds: number) => void }> {
  let now = Date.now()
  const clock = { now: () => new Date(now) }
  const directory = await openDirectory({ settings, folder, clock, report: (contest) => void contests.push(contest) })
  return { directory, later: (milliseconds) => void (now += milliseconds) }
}

export async function openLdapUnderTest(organisation: Organisation): Promise<DirectoryUnderTest> {
  return underTest(await startOpenLdap(organisation), 'mailLocalAddress', '')
}

export async function sambaUnderTest(organisation: Organisation): Promise<DirectoryUnderTest> {
  return underTest(await startSamba(organisation), 'proxyAddresses', 'smtp:')
}

async function underTest(peer: LdapPeer, aliasAttribute: string, prefix: string): Promise<DirectoryUnderTest> {
  const { directory, later, close } = await directoryOver(peer)
  return {
    directory,
    later,
    age: 300_000,
    ...changesAt(peer, directory, aliasAttribute, prefix),
    async close() {
      await peer.stop()
      await close()
    },
  }
}

/** @param directory tells the present address of a person who gets another one */
export function changesAt(
  peer: LdapPeer,
  directory: Pick<OpenDirectory, 'explain'>,
  aliasAttribute: string,
  prefix: string,
): Pick<DirectoryUnderTest, 'rename' | 'remove'> {
  return {
    async rename(name, address) {
      const now = (await directory.explain(name)).addresses[0] ?? ''
      const aliases = prefix === '' ? [now] : [`SMTP:${address}`, `${prefix}${now}`]
      const lines = ['changetype: modify', 'replace: mail', `mail: ${address}`, '-', `replace: ${aliasAttribute}`]
      peer.change(
        [`dn: ${peer.dnOf(name)}`, ...lines, ...aliases.map((each) => `${aliasAttribute}: ${each}`), ''].join('\n'),
      )
    },
    async remove(name) {
      peer.change(`dn: ${peer.dnOf(name)}\nchangetype: delete\n`)
    },
  }
}

type FileUser = DirectoryFile['users'][number]

export interface OrganisationFile extends Pick<DirectoryUnderTest, 'rename' | 'remove' | 'close'> {
  readonly folder: string
  readonly file: string
}

export async function organisationFile({
  people,
  groups,
  contacts: others = [],
}: Organisation): Promise<OrganisationFile> {
  const folder = await mkdtemp(join(tmpdir(), 'sealward-directory-'))
  const file = join(folder, 'directory.json')
  const users = new Map<string, FileUser>()
  for (const [
    index,
    { name, mail = '', aliases = [], displayName = name, disabled = false, ...rest },
  ] of people.entries()) {
    const password = await hashPassword(rest.password, randomBytes)
    const sid = `S-1-5-21-7-8-9-${index + 1000}`
    users.set(name, { id: name, sid, address: mail, aliases: [...aliases], displayName, disabled, password })
  }
  const contacts = new Map(others.map(({ name, mail }) => [name, mail]))
  const mailOfGroup = new Map(groups.map(({ name, mail = '' }) => [name, mail]))
  const write = (): Promise<void> => {
    const kept = groups.map(({ mail: address = '', aliases = [], kind, members }) => ({
      address,
      aliases,
      kind,
      members: members.flatMap((name) => users.get(name)?.address ?? contacts.get(name) ?? mailOfGroup.get(name) ?? []),
    }))
    return writeFile(
      file,
      JSON.stringify({ users: [...users.values()], contacts: [...contacts.values()], groups: kept }),
    )
  }
  await write()
  return {
    folder,
    file,
    async rename(name, address) {
      const user = users.get(name)
      if (user !== undefined) users.set(name, { ...user, address, aliases: [user.address] })
      await write()
    },
    async remove(name) {
      users.delete(name)
      contacts.delete(name)
      await write()
    },
    close: () => rm(folder, { recursive: true }),
  }
}

export async function fileUnderTest(organisation: Organisation): Promise<DirectoryUnderTest> {
  const { file, folder, ...changes } = await organisationFile(organisation)
  return { ...(await openAt(file, folder)), age: 1_000, ...changes }
}
