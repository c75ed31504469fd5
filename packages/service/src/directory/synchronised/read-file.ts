/**
 * Reads a directory file as a source. An address that two entries claim is nobody's, as at every source; an identifier that
 * two entries have would make them one, so such a file is refused as a whole.
 */
import { readFile } from 'node:fs/promises'
import { RightsError } from '@sealward/xrml'
import { canonicalAddress } from '../../core/address.ts'
import { canonicalAccount, parseDirectoryFile } from '../directory-file.ts'
import type { SourceEntry, SourceReading, SourceStandIn } from './source-reading.ts'

type File = ReturnType<typeof parseDirectoryFile>

/** @throws RightsError `directory-unavailable`, `directory-refused`, `address-refused`, `address-collision` */
export async function readFileSource(path: string): Promise<SourceReading> {
  const file = parseDirectoryFile(await textOf(path))
  const people = file.users.map(personOf)
  const groups = file.groups.map(groupOf)
  checkIdentifiers([...people, ...groups])
  const standIns = [...new Set(file.contacts.map(canonicalAddress))].map(contactOf)
  const entries = withMembers(file, people, groups, standIns)
  return { source: path, whole: true, entries, standIns, deleted: [], cookie: undefined }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new RightsError('directory-unavailable', { detail: `${path} cannot be read`, cause })
  }
}

function personOf(user: File['users'][number]): SourceEntry {
  const address = canonicalAddress(user.address)
  return {
    immutableId: user.id,
    id: user.id,
    type: 'person',
    name: address,
    displayName: user.displayName,
    sid: user.sid,
    sidHistory: user.sidHistory,
    account: user.account === undefined ? undefined : canonicalAccount(user.account),
    primaryGroup: undefined,
    kind: 'security',
    disabled: user.disabled,
    expiresAt: undefined,
    address,
    aliases: aliasesOf(user.aliases, address),
    members: [],
  }
}

function groupOf(group: File['groups'][number]): SourceEntry {
  const address = canonicalAddress(group.address)
  const id = group.id ?? address
  return {
    immutableId: `group ${id}`,
    id,
    type: 'group',
    name: address,
    displayName: group.displayName,
    sid: '',
    sidHistory: [],
    account: undefined,
    primaryGroup: undefined,
    kind: group.kind,
    disabled: false,
    expiresAt: undefined,
    address,
    aliases: aliasesOf(group.aliases, address),
    members: [],
  }
}

function contactOf(address: string): SourceStandIn {
  const nothing = { aliases: [], forest: undefined, sid: undefined }
  return { immutableId: `contact ${address}`, type: 'contact', name: address, address, ...nothing }
}

function aliasesOf(aliases: readonly string[], address: string): readonly string[] {
  const canonical = new Set(aliases.map(canonicalAddress))
  canonical.delete(address)
  return [...canonical]
}

function checkIdentifiers(entries: readonly SourceEntry[]): void {
  const taken = new Set<string>()
  for (const { immutableId, sid, sidHistory, account } of entries) {
    const sids = [sid, ...sidHistory].filter((each) => each !== '')
    for (const name of new Set([`id ${immutableId}`, ...sids, ...(account === undefined ? [] : [account])])) {
      if (taken.has(name)) throw new RightsError('address-collision', { detail: name })
      taken.add(name)
    }
  }
}

/** Members are named by addresses. Whom a contested one means is not known: it makes nobody a member. */
function withMembers(
  file: File,
  people: readonly SourceEntry[],
  groups: readonly SourceEntry[],
  contacts: readonly SourceStandIn[],
): readonly SourceEntry[] {
  const claimants = new Map<string, string[]>()
  for (const { immutableId, name, aliases } of [...people, ...groups, ...contacts]) {
    for (const address of [name, ...aliases]) {
      claimants.set(address, [...(claimants.get(address) ?? []), immutableId])
    }
  }
  const members = (group: File['groups'][number]): readonly string[] =>
    group.members.flatMap((member) => {
      const found = claimants.get(canonicalAddress(member))
      if (found === undefined) throw new RightsError('directory-refused', { detail: `unknown member ${member}` })
      return found.length === 1 ? found : []
    })
  return [
    ...people,
    ...groups.map((group, index) => {
      const written = file.groups[index]
      return { ...group, members: written === undefined ? [] : members(written) }
    }),
  ]
}
