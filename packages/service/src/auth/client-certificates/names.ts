/** Names in a certificate (RFC 5280, 4.1.2.4 and 4.2.1.6), from the text in which Node.js gives them. */
import { knownAddress } from '../../core/address.ts'

/**
 * A distinguished name as RFC 4514, 2.1 writes it, the last part first.
 * @param lines one relative name each, the first one first, with the escapes of RFC 2253
 */
export function distinguishedName(lines: string | undefined): string {
  return (lines ?? '')
    .split('\n')
    .toReversed()
    .map((relative) => relative.split(' + ').toReversed().join('+'))
    .join(',')
}

/** What Node.js would not know how to keep apart stands in quotation marks, as JSON; elsewhere there is neither. */
const alternativeName = /(?:"(?:[^"\\]|\\.)*"|[^",])+/g
const principalPrefix = 'othername:UPN:'

/** Canonical user principal names among subject alternative names, as Active Directory writes them ([MS-WCCE] 2.2.2.7.7.4). */
export function userPrincipalNames(subjectAltName: string | undefined): readonly string[] {
  return (subjectAltName?.match(alternativeName) ?? []).flatMap((text) => {
    const name = text.trimStart()
    const known = name.startsWith(principalPrefix) ? knownAddress(name.slice(principalPrefix.length)) : undefined
    return known === undefined ? [] : [known]
  })
}
