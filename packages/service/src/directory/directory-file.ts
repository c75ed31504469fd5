/**
 * The directory file: users, groups and aliases as JSON. An address belongs to one entry only; a file in which two entries
 * claim one is refused as a whole, so that nobody gains the rights of somebody else by a typing error (threat D2).
 */
import { RightsError } from '@sealward/xrml'
import { z } from 'zod'
import { canonicalAddress } from '../core/address.ts'
import type { DirectoryGroup, DirectoryUser } from '../core/ports.ts'
import { passwordForm } from './password.ts'

const sidForm = /^S-1(?:-\d{1,10}){2,15}$/

const userSchema = z.strictObject({
  id: z.string().min(1).max(100).describe('Never changes and is never given to somebody else, for example a GUID'),
  sid: z.string().regex(sidForm).describe('Security identifier, as certificates carry it'),
  sidHistory: z.array(z.string().regex(sidForm)).default([]).describe('Former security identifiers'),
  address: z.string().describe('Primary mail address'),
  aliases: z.array(z.string()).default([]).describe('Further mail addresses'),
  displayName: z.string().max(256).default(''),
  disabled: z.boolean().default(false),
  account: z
    .string()
    .regex(/^[^\\/@]{1,15}\\[^\\/@]{1,256}$/, 'a domain and an account name, as in CORP\\alice')
    .optional()
    .describe('Windows account for sign-in with Kerberos or NTLM, with the short name of its domain: CORP\\alice'),
  password: z
    .string()
    .regex(passwordForm)
    .optional()
    .describe('scrypt hash; without it there is no sign-in by password'),
})

const groupSchema = z.strictObject({
  address: z.string().describe('Mail address, to which rights are granted'),
  aliases: z.array(z.string()).default([]).describe('Further mail addresses'),
  displayName: z.string().max(256).default(''),
  kind: z
    .enum(['security', 'distribution'])
    .default('security')
    .describe('Distribution lists decide nothing but rights'),
  members: z.array(z.string()).default([]).describe('Addresses of users, of other groups and of contacts'),
})

export const directorySchema = z.strictObject({
  users: z.array(userSchema).max(100_000),
  groups: z.array(groupSchema).max(10_000).default([]),
  contacts: z
    .array(z.string())
    .max(10_000)
    .default([])
    .describe('Addresses of people and groups of other forests that are members of groups here'),
})

export type DirectoryFile = z.input<typeof directorySchema>

export interface GroupEntry extends DirectoryGroup {
  readonly members: readonly string[]
}

/** The file's entries by every name under which they can be asked for. */
export interface DirectoryEntries {
  readonly usersByAddress: ReadonlyMap<string, DirectoryUser>
  readonly usersBySid: ReadonlyMap<string, DirectoryUser>
  readonly usersByAccount: ReadonlyMap<string, DirectoryUser>
  readonly passwords: ReadonlyMap<string, string>
  /** Groups that have the user, group or contact of that address among their members. */
  readonly parents: ReadonlyMap<string, readonly GroupEntry[]>
  readonly groupsByAddress: ReadonlyMap<string, GroupEntry>
  readonly contacts: ReadonlySet<string>
}

/** @throws RightsError `directory-refused`, `address-refused`, `address-collision` */
export function readDirectoryFile(text: string): DirectoryEntries {
  const file = parseFile(text)
  const usersByAddress = new Map<string, DirectoryUser>()
  const usersBySid = new Map<string, DirectoryUser>()
  const usersByAccount = new Map<string, DirectoryUser>()
  const passwords = new Map<string, string>()
  const taken = new Set<string>()

  for (const entry of file.users) {
    const user: DirectoryUser = {
      id: entry.id,
      sid: entry.sid,
      address: canonicalAddress(entry.address),
      aliases: entry.aliases.map(canonicalAddress),
      displayName: entry.displayName,
      sidHistory: entry.sidHistory,
      disabled: entry.disabled,
    }
    const addresses = [user.address, ...user.aliases]
    const sids = [user.sid, ...user.sidHistory]
    const accounts = entry.account === undefined ? [] : [canonicalAccount(entry.account)]
    claim(taken, [`id ${user.id}`, ...addresses, ...sids, ...accounts])
    for (const account of accounts) usersByAccount.set(account, user)
    for (const address of addresses) usersByAddress.set(address, user)
    for (const sid of sids) usersBySid.set(sid, user)
    if (entry.password !== undefined) passwords.set(user.id, entry.password)
  }
  const groups = file.groups.map((entry) => ({
    addresses: [entry.address, ...entry.aliases].map(canonicalAddress),
    kind: entry.kind,
    members: entry.members.map(canonicalAddress),
  }))
  for (const group of groups) claim(taken, group.addresses)
  const groupsByAddress = new Map(groups.flatMap((group) => group.addresses.map((address) => [address, group])))
  const contacts = new Set(file.contacts.map(canonicalAddress))
  claim(taken, [...contacts])
  const parents = parentsOf(groups, usersByAddress, contacts)
  return { usersByAddress, usersBySid, usersByAccount, passwords, groupsByAddress, contacts, parents }
}

/** Windows compares accounts without regard to case. @param account `DOMAIN\\name` */
export function canonicalAccount(account: string): string {
  return account.normalize('NFC').toLowerCase()
}

function parseFile(text: string): z.output<typeof directorySchema> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new RightsError('directory-refused', { detail: 'not JSON' })
  }
  const result = directorySchema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new RightsError('directory-refused', { detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` })
}

function claim(taken: Set<string>, names: readonly string[]): void {
  for (const name of new Set(names)) {
    if (taken.has(name)) throw new RightsError('address-collision', { detail: name })
    taken.add(name)
  }
}

/** Members may be named by any of their addresses; memberships hang on the primary one. */
function parentsOf(
  groups: readonly GroupEntry[],
  users: ReadonlyMap<string, DirectoryUser>,
  contacts: ReadonlySet<string>,
): ReadonlyMap<string, readonly GroupEntry[]> {
  const primary = new Map(groups.flatMap((group) => group.addresses.map((address) => [address, group.addresses[0]])))
  const parents = new Map<string, GroupEntry[]>()
  for (const group of groups) {
    for (const member of group.members) {
      const name = users.get(member)?.address ?? primary.get(member) ?? (contacts.has(member) ? member : undefined)
      if (name === undefined) throw new RightsError('directory-refused', { detail: `unknown member ${member}` })
      const known = parents.get(name)
      if (known === undefined) parents.set(name, [group])
      else known.push(group)
    }
  }
  return parents
}
