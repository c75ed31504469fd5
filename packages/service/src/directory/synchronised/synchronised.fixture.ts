/** For tests: a directory in a database in memory, synchronised from a file or a server whenever the test says so. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Organisation } from '../../../../../test/peers/people.ts'
import { synchroniseDirectory, type SynchroniseInput } from '../../administration/synchronise-directory.ts'
import { openTestCluster, start, type TestCluster } from '../../core/cluster.fixture.ts'
import type { Caller } from '../../core/ports.ts'
import type { DirectoryUnderTest } from '../contract.fixture.ts'
import type { Contest } from '../ldap/contested.ts'
import type { OpenDirectory } from '../open-directory.ts'
import { changesAt, organisationFile, type LdapPeer } from '../servers.fixture.ts'
import { openSynchronisedDirectory } from './open-synchronised-directory.ts'
import { synchronisedDirectorySchema } from './settings.ts'
import type { SynchronisationResult } from './summary.ts'
import type { Synchronisation } from './synchronisation.ts'

export interface SynchronisedTest {
  readonly directory: OpenDirectory
  /** A service over this directory, with an identity of its own. */
  readonly cluster: TestCluster & { readonly administration: { readonly synchronisation: Synchronisation } }
  /** What was alarmed. */
  readonly contests: readonly Contest[]
  sync(input?: SynchroniseInput): Promise<SynchronisationResult>
  later(milliseconds: number): void
  /** Who has signed in, by mail address. */
  callerOf(address: string): Promise<Caller>
  close(): Promise<void>
}

export const day = 86_400_000

/** @param from file, or servers @param folder where relative paths begin */
export async function openSynchronised(
  from: unknown,
  folder: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<SynchronisedTest> {
  const cluster = await openTestCluster()
  const contests: Contest[] = []
  let now = start
  const { store, clock } = cluster.context
  const { directory, synchronisation } = openSynchronisedDirectory({
    settings: synchronisedDirectorySchema.parse({ synchronised: { from, ...settings } }).synchronised,
    folder,
    clock,
    repository: store.synchronisedDirectory,
    report: (contest) => void contests.push(contest),
  })
  const administration = { ...cluster.administration, synchronisation }
  return {
    directory,
    cluster: { ...cluster, context: { ...cluster.context, directory }, administration },
    contests,
    sync: (input = {}) => synchroniseDirectory(administration, input),
    later(milliseconds) {
      now = new Date(now.getTime() + milliseconds)
      cluster.setTime(now)
    },
    async callerOf(address) {
      const user = await directory.findByAddress(address)
      if (user === undefined) throw new Error(`nobody has ${address}`)
      return { user, authentication: 'basic' }
    },
    async close() {
      await directory.close()
      await store.close()
    },
  }
}

/** @param account that reads; the one of the peer unless given */
export async function synchronisedOver(
  peer: LdapPeer,
  settings: Readonly<Record<string, unknown>> = {},
  source: Readonly<Record<string, unknown>> = {},
  account: LdapPeer['reader'] = peer.reader,
): Promise<SynchronisedTest> {
  const folder = await mkdtemp(join(tmpdir(), 'sealward-synchronised-'))
  await writeFile(join(folder, 'password'), `${account.password}\n`)
  const usual = { urls: [peer.secureUrl], caFile: peer.caFile, bindDn: account.dn, passwordFile: 'password' }
  const from = { timeoutSeconds: 30, sources: [{ ...usual, ...source }] }
  const opened = await openSynchronised(from, folder, settings)
  return {
    ...opened,
    async close() {
      await opened.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** Every change at the source is taken over at once. */
function synchronising(
  opened: SynchronisedTest,
  changes: Pick<DirectoryUnderTest, 'rename' | 'remove'>,
): Omit<DirectoryUnderTest, 'close'> {
  return {
    directory: opened.directory,
    later: (milliseconds) => opened.later(milliseconds),
    age: 1_000,
    async rename(name, address) {
      await changes.rename(name, address)
      await opened.sync()
    },
    async remove(name) {
      await changes.remove(name)
      await opened.sync()
    },
  }
}

export async function synchronisedFileUnderTest(organisation: Organisation): Promise<DirectoryUnderTest> {
  const { file, folder, close, ...changes } = await organisationFile(organisation)
  const opened = await openSynchronised(file, folder)
  const rename = async (name: string, address: string): Promise<void> => {
    // A file is looked at once in a second.
    opened.later(1_000)
    await changes.rename(name, address)
  }
  await opened.sync()
  return { ...synchronising(opened, { ...changes, rename }), close }
}

export async function synchronisedPeerUnderTest(
  starting: Promise<LdapPeer>,
  aliasAttribute: string,
  prefix: string,
): Promise<DirectoryUnderTest> {
  const peer = await starting
  const opened = await synchronisedOver(peer)
  await opened.sync()
  const changes = changesAt(peer, opened.directory, aliasAttribute, prefix)
  return {
    ...synchronising(opened, changes),
    async close() {
      await peer.stop()
      await opened.close()
    },
  }
}
