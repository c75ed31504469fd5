/** An entry of an LDAP server in the form in which the synchronised directory keeps it. */
import type { Entry } from 'ldapts'
import { accountEnd, entryAttributes, type DirectoryEntry } from '../ldap/entries.ts'
import { guidToBytes, sidOfSameDomain } from '../ldap/identifiers.ts'
import type { LdapServer } from '../ldap/server.ts'
import type { Accounts } from '../ldap/account-names.ts'
import type { SourceEntry } from './source-reading.ts'

/** What has to be asked for to read an entry that is kept. */
export function keptAttributes(kind: LdapServer['kind']): readonly string[] {
  return kind === 'generic' ? entryAttributes(kind) : [...entryAttributes(kind), 'sAMAccountName', 'isDeleted']
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

/** As migration tools write `objectGUID`: its 16 bytes in base64. */
export function immutableIdOf(guid: string): string {
  return guidToBytes(guid)?.toString('base64') ?? guid
}
