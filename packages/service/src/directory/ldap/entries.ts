/** Entries of a directory as people and groups: identifiers, addresses in canonical form, whether an account is shut. */
import type { Entry } from 'ldapts'
import { RightsError } from '@sealward/xrml'
import { knownAddress } from '../../core/address.ts'
import { addressAttributes, anyEntry, groupClasses } from './filters.ts'
import { guidFromBytes, sidFromBytes, syntheticSid } from './identifiers.ts'
import { allTexts, bytes, firstRange, texts } from './search.ts'
import type { LdapServer, Question } from './server.ts'

/** A person or group as its entry says, before anybody asked whether others claim the same addresses. */
export interface DirectoryEntry {
  readonly type: 'person' | 'group'
  readonly dn: string
  /** `objectGUID` or `entryUUID`. */
  readonly id: string
  /** In canonical form; undefined for an entry without `mail`, which does not exist for rights. */
  readonly address: string | undefined
  readonly aliases: readonly string[]
  /** Values that look like other addresses, or are none. */
  readonly refused: readonly string[]
  readonly displayName: string
  readonly sid: string
  readonly sidHistory: readonly string[]
  readonly disabled: boolean
  readonly security: boolean
  /** RID of the primary group; Active Directory only. */
  readonly primaryGroup: string | undefined
}

/** What has to be asked for to read an entry. */
export function entryAttributes(kind: LdapServer['kind']): readonly string[] {
  const common = ['objectClass', 'displayName', 'cn']
  if (kind === 'generic') {
    return [...common, ...addressAttributes.generic, 'entryUUID', 'pwdAccountLockedTime', 'nsAccountLock']
  }
  const identity = ['objectGUID', 'objectSid', 'sIDHistory', 'primaryGroupID']
  const state = ['userAccountControl', 'accountExpires', 'groupType']
  return [...common, ...identity, ...state, 'mail', firstRange('proxyAddresses')]
}

/** @throws RightsError `directory-unavailable` for an entry without identifiers; errors of ldapts */
export async function readEntry(question: Question, entry: Entry): Promise<DirectoryEntry> {
  const { client, now, concerns } = question
  const { kind } = question.server
  const identifiers = kind === 'generic' ? genericIdentifiers(entry) : windowsIdentifiers(entry)
  const [mail = [], ...others] = await Promise.all(
    addressAttributes[kind].map((name) => allTexts(client, entry, name, anyEntry)),
  )
  const more = mail.slice(1)
  const written = [...more, ...others.flat().flatMap((value) => smtpAddress(value) ?? [])]
  const [address] = mail
    .slice(0, 1)
    .flatMap((value) => knownAddress(value) ?? [])
    .filter(concerns)
  const aliases = new Set(written.flatMap((value) => knownAddress(value) ?? []).filter(concerns))
  if (address !== undefined) aliases.delete(address)
  const classes = texts(entry, 'objectClass').map((name) => name.toLowerCase())
  return {
    type: groupClasses[kind].some((name) => classes.includes(name.toLowerCase())) ? 'group' : 'person',
    dn: entry.dn,
    ...identifiers,
    address,
    aliases: [...aliases],
    refused: [...mail.slice(0, 1), ...written].filter((value) => knownAddress(value) === undefined),
    displayName: texts(entry, 'displayName')[0] ?? texts(entry, 'cn')[0] ?? '',
    disabled: kind === 'generic' ? isLocked(entry) : isShut(entry, now),
    // Other servers do not tell security groups from distribution lists.
    security: kind === 'generic' || Number(texts(entry, 'groupType')[0] ?? 0) < 0,
    primaryGroup: texts(entry, 'primaryGroupID')[0],
  }
}

/** Canonical addresses, the primary one first; none for an entry without `mail`. */
export function addressesOf({ address, aliases }: DirectoryEntry): readonly string[] {
  return address === undefined ? [] : [address, ...aliases]
}

type Identifiers = Pick<DirectoryEntry, 'id' | 'sid' | 'sidHistory'>

function windowsIdentifiers(entry: Entry): Identifiers {
  const [guid] = bytes(entry, 'objectGUID').map(guidFromBytes)
  const [sid] = bytes(entry, 'objectSid').map(sidFromBytes)
  if (guid === undefined || sid === undefined) throw unidentified(entry)
  return { id: guid, sid, sidHistory: bytes(entry, 'sIDHistory').flatMap((value) => sidFromBytes(value) ?? []) }
}

function genericIdentifiers(entry: Entry): Identifiers {
  const id = texts(entry, 'entryUUID')[0]?.toLowerCase() ?? ''
  const sid = syntheticSid(id)
  if (sid === undefined) throw unidentified(entry)
  return { id, sid, sidHistory: [] }
}

function unidentified({ dn }: Entry): RightsError {
  return new RightsError('directory-unavailable', { detail: `no identifiers to be read of ${dn.slice(0, 150)}` })
}

/** Proxy addresses name their kind, as in `smtp:anna@lakeside.example`; other kinds are no mail addresses. */
export function smtpAddress(value: string): string | undefined {
  const [, kind = 'smtp', address] = /^(?:([A-Za-z0-9]+):)?([^:]+)$/.exec(value) ?? []
  return kind.toLowerCase() === 'smtp' ? address : undefined
}

const accountDisabled = 2
/** MS-ADTS 2.2.16: disabled in `userAccountControl`; 3.1.1.8.7: expired, in 100 nanoseconds since 1601. */
function isShut(entry: Entry, now: Date): boolean {
  if ((Number(texts(entry, 'userAccountControl')[0] ?? 0) & accountDisabled) !== 0) return true
  const expires = BigInt(/^\d{1,19}$/.exec(texts(entry, 'accountExpires')[0] ?? '')?.[0] ?? 0)
  if (expires === 0n || expires === 0x7f_ff_ff_ff_ff_ff_ff_ffn) return false
  return expires / 10_000n - 11_644_473_600_000n <= BigInt(now.getTime())
}

/** A lock without an end (password policy for LDAP, 5.3.3), or that of 389 Directory Server; others pass by themselves. */
function isLocked(entry: Entry): boolean {
  const forever = texts(entry, 'pwdAccountLockedTime').some((time) => time.startsWith('00000101'))
  return forever || texts(entry, 'nsAccountLock').some((value) => value.toLowerCase() === 'true')
}
