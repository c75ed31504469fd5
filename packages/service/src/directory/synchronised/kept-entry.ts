/** An entry of an LDAP server in the form in which the synchronised directory keeps it. */
import type { Entry } from 'ldapts'
import { accountEnd, entryAttributes, type DirectoryEntry } from '../ldap/entries.ts'
import { guidToBytes, sidOfSameDomain } from '../ldap/identifiers.ts'
import type { LdapServer } from '../ldap/server.ts'
import type { Accounts } from '../ldap/account-names.ts'
import { standInAttributes, type StandInEntry } from '../ldap/stand-in-entry.ts'
import type { SourceEntry, SourceStandIn } from './source-reading.ts'

/** What has to be asked for to read an entry that is kept. */
export function keptAttributes(kind: LdapServer['kind']): readonly string[] {
  if (kind === 'generic') return entryAttributes(kind)
  return [...new Set([...entryAttributes(kind), ...standInAttributes, 'sAMAccountName', 'isDeleted'])]
}

/** @param accounts of Active Directory */
export function keptEntry(
  entry: DirectoryEntry,
  found: Entry | undefined,
  accounts: Accounts | undefined,
): Omit<SourceEntry, 'members'> {
  const { id, type, dn, displayName, sid, sidHistory, disabled, security, address, aliases, primaryGroup } = entry
  const end = found === undefined ? undefined : accountEnd(found)
  return {
    immutableId: accounts === undefined ? id : immutableIdOf(id),
    id,
    type,
    name: dn,
    displayName,
    sid,
    sidHistory,
    account: found === undefined ? undefined : accounts?.accountOf(found),
    primaryGroup: primaryGroup === undefined ? undefined : sidOfSameDomain(sid, primaryGroup),
    kind: security ? 'security' : 'distribution',
    disabled,
    expiresAt: end === undefined ? undefined : new Date(end),
    address,
    aliases,
  }
}

const accountOfADomain = /^S-1-5-21-/

/** Well-known principals, such as everybody who has signed in, are nobody's identity (MS-DTYP 2.4.2.4). */
export function keptStandIn({ id, dn, sid, ...rest }: StandInEntry): SourceStandIn {
  const known = sid !== undefined && accountOfADomain.test(sid) ? sid : undefined
  return { ...rest, immutableId: immutableIdOf(id), name: dn, sid: known }
}

/** As migration tools write `objectGUID`: its 16 bytes in base64. */
export function immutableIdOf(guid: string): string {
  return guidToBytes(guid)?.toString('base64') ?? guid
}
