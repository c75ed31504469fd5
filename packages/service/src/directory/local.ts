/**
 * A directory in one JSON file, for organisations without a directory service, samples and tests. Changes of the file take
 * effect within a second; a file that became unreadable or wrong makes the directory unavailable, it never widens or
 * narrows anybody's rights.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { LRUCache } from 'lru-cache'
import { isRightsError, RightsError } from '@sealward/xrml'
import { knownAddress } from '../core/address.ts'
import type { Clock, Directory, DirectoryUser } from '../core/ports.ts'
import { noWindowsAccounts } from '../core/windows-accounts.ts'
import { canonicalAccount, readDirectoryFile, type DirectoryEntries } from './directory-file.ts'
import { explainInFile } from './explain-file.ts'
import type { DirectoryExplanation } from './explanation.ts'
import { contactsIn, groupsOf, groupsOfContact } from './file-groups.ts'
import type { GroupLimits } from './group-limits.ts'
import { nobodysPassword, passwordFits } from './password.ts'

export interface LocalDirectoryInput {
  /** Path of the file. */
  readonly file: string
  readonly clock: Clock
  readonly limits?: GroupLimits
}

export interface LocalDirectory extends Directory {
  explain(name: string): Promise<DirectoryExplanation>
  close(): Promise<void>
}

const checkInterval = 1000
const signInsKept = 1000
const signInLifetime = 5 * 60_000

interface Loaded {
  /** Size and time of the file: another version has another one. */
  readonly version: string
  readonly entries: DirectoryEntries
  readonly groups: Map<string, readonly string[]>
  /** Passwords that fitted, under a digest that only this process can make: scrypt is too slow for every request. */
  readonly signIns: LRUCache<string, DirectoryUser>
}

/** @throws RightsError `directory-refused`, `address-refused`, `address-collision`, `directory-unavailable` */
export async function openLocalDirectory(input: LocalDirectoryInput): Promise<LocalDirectory> {
  const { file, clock, limits } = input
  const digestKey = randomBytes(32)
  let loaded = await load(file)
  let checkedAt: number | undefined = clock.now().getTime()
  let failure: RightsError | undefined

  const current = async (): Promise<Loaded> => {
    const now = clock.now().getTime()
    if (checkedAt === undefined || Math.abs(now - checkedAt) >= checkInterval) {
      checkedAt = now
      try {
        if (failure !== undefined || (await versionOf(file)) !== loaded.version) loaded = await load(file)
        failure = undefined
      } catch (cause) {
        const detail = isRightsError(cause) ? cause.message : 'the file cannot be read'
        failure = new RightsError('directory-unavailable', { detail, cause })
      }
    }
    if (failure !== undefined) throw failure
    return loaded
  }

  return {
    async findByAddress(address) {
      const { entries } = await current()
      const name = knownAddress(address)
      return name === undefined ? undefined : entries.usersByAddress.get(name)
    },
    async findBySid(sid) {
      return (await current()).entries.usersBySid.get(sid)
    },
    async findByAccount(domain, name) {
      return (await current()).entries.usersByAccount.get(canonicalAccount(`${domain}\\${name}`))
    },
    async groupsOf(user) {
      const { entries, groups } = await current()
      const known = groups.get(user.address)
      if (known !== undefined) return known
      const found = groupsOf(entries, user, limits)
      groups.set(user.address, found)
      return found
    },
    async groupsOfContact(addresses) {
      return groupsOfContact((await current()).entries, addresses, limits)
    },
    async contactsIn(group) {
      return contactsIn((await current()).entries, knownAddress(group) ?? '', limits)
    },
    async findGroup(address) {
      const { entries } = await current()
      return entries.groupsByAddress.get(knownAddress(address) ?? '')
    },
    accounts: noWindowsAccounts,
    async verifyPassword(address, password) {
      const { entries, signIns } = await current()
      const user = entries.usersByAddress.get(knownAddress(address) ?? '')
      const digest = createHmac('sha256', digestKey).update(`${address}\0`, 'utf8').update(password).digest('base64')
      const known = signIns.get(digest)
      if (known !== undefined && known === user) return user
      const line = user === undefined ? undefined : entries.passwords.get(user.id)
      const fits = await passwordFits(password, line ?? nobodysPassword)
      if (!fits || line === undefined || user === undefined || user.disabled) return undefined
      signIns.set(digest, user)
      return user
    },
    flush() {
      checkedAt = undefined
    },
    async explain(name) {
      return explainInFile((await current()).entries, name, file)
    },
    async close() {},
  }
}

async function load(file: string): Promise<Loaded> {
  const version = await versionOf(file)
  const entries = readDirectoryFile(await readFile(file, 'utf8'))
  const signIns = new LRUCache<string, DirectoryUser>({ max: signInsKept, ttl: signInLifetime })
  return { version, entries, groups: new Map(), signIns }
}

async function versionOf(file: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await stat(file)
    return `${ino}:${size}:${mtimeMs}`
  } catch (cause) {
    throw new RightsError('directory-unavailable', { detail: 'the file cannot be read', cause })
  }
}
