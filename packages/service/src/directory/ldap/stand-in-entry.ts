/** A contact or foreign security principal as its entry in Active Directory says. */
import type { Entry } from 'ldapts'
import { RightsError } from '@sealward/xrml'
import { knownAddress } from '../../core/address.ts'
import type { SynchronisedStandIn } from '../../core/stand-ins.ts'
import { smtpAddress } from './entries.ts'
import { addressAttributes, anyEntry, standInClasses } from './filters.ts'
import { guidFromBytes, sidFromBytes } from './identifiers.ts'
import { allTexts, bytes, firstRange, texts } from './search.ts'
import type { Question } from './server.ts'

export interface StandInEntry extends Pick<SynchronisedStandIn, 'type' | 'address' | 'aliases' | 'forest' | 'sid'> {
  readonly dn: string
  /** `objectGUID`. */
  readonly id: string
}

/** What has to be asked for to read one. */
export const standInAttributes = [
  'objectClass',
  'objectGUID',
  'objectSid',
  'mail',
  firstRange('proxyAddresses'),
  'msExchOriginatingForest',
]

const [contactClass, principalClass] = standInClasses['active-directory']

export function isStandIn(entry: Entry): boolean {
  return isOf(entry, contactClass) || isOf(entry, principalClass)
}

/** @throws RightsError `directory-unavailable` for an entry without identifier; errors of ldapts */
export async function readStandIn({ client }: Pick<Question, 'client'>, entry: Entry): Promise<StandInEntry> {
  const [id] = bytes(entry, 'objectGUID').map(guidFromBytes)
  if (id === undefined) {
    throw new RightsError('directory-unavailable', { detail: `no identifiers to be read of ${entry.dn.slice(0, 150)}` })
  }
  const nothing = { dn: entry.dn, id, address: undefined, aliases: [], forest: undefined, sid: undefined }
  if (!isOf(entry, contactClass)) {
    return { ...nothing, type: 'foreign-principal', sid: bytes(entry, 'objectSid').map(sidFromBytes)[0] }
  }
  const [mail = [], proxies = []] = await Promise.all(
    addressAttributes['active-directory'].map((name) => allTexts(client, entry, name, anyEntry)),
  )
  const [address] = mail.flatMap((value) => knownAddress(value) ?? [])
  const others = [...mail, ...proxies.flatMap((value) => smtpAddress(value) ?? [])]
  const aliases = new Set(others.flatMap((value) => knownAddress(value) ?? []))
  if (address !== undefined) aliases.delete(address)
  const [forest] = texts(entry, 'msExchOriginatingForest')
  return { ...nothing, type: 'contact', address, aliases: [...aliases], forest }
}

function isOf(entry: Entry, name: string): boolean {
  return texts(entry, 'objectClass').some((each) => each.toLowerCase() === name.toLowerCase())
}
