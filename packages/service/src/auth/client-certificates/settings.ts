/**
 * Settings of client certificates: whose are believed, and which directory account each stands for. A certificate without an
 * entry is nobody's, whoever has issued it.
 */
import { z } from 'zod'
import { knownAddress } from '../../core/address.ts'

const mailAddress = z
  .string()
  .refine((text) => knownAddress(text) !== undefined, 'a mail address')
  .transform((text) => knownAddress(text) ?? text)

const fingerprint = z
  .string()
  .transform((text) => text.replaceAll(':', '').toLowerCase())
  .pipe(z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 fingerprint, with colons or without'))

const dnsName = z
  .string()
  .max(253)
  .regex(/^(?!.*[.]{2})[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i, 'a host name without wildcard')
  .transform((name) => name.toLowerCase())

const distinguishedName = z
  .string()
  .max(1_000)
  .regex(/^[A-Za-z][A-Za-z0-9.-]*=[^\p{Cc}]+$/u, 'a distinguished name of RFC 4514, as in CN=mail01,O=Lakeside')

/** What names certificates, of which an entry has one. */
const marks = ['fingerprint', 'dnsName', 'email', 'userPrincipalName', 'subject'] as const

const entry = z
  .strictObject({
    account: mailAddress.describe('Mail address of the directory account that the certificate stands for'),
    fingerprint: fingerprint.optional().describe('SHA-256 of the certificate'),
    dnsName: dnsName.optional().describe('DNS name among its subject alternative names, without wildcard'),
    email: mailAddress.optional().describe('Mail address among its subject alternative names'),
    userPrincipalName: mailAddress.optional().describe('User principal name among its subject alternative names'),
    subject: distinguishedName
      .optional()
      .describe('Its whole subject, as openssl x509 -nameopt RFC2253,-esc_msb says it'),
    issuer: distinguishedName
      .optional()
      .describe('Subject of the authority that must have issued it, in the same form'),
  })
  .refine(
    (named) => marks.filter((mark) => named[mark] !== undefined).length === 1,
    `exactly one of ${marks.join(', ')}`,
  )
  .refine(({ subject, issuer }) => subject === undefined || issuer !== undefined, 'subject needs issuer')
  .refine(
    ({ fingerprint: named, issuer }) => named === undefined || issuer === undefined,
    'fingerprint needs no issuer',
  )

export type CertificateEntry = z.output<typeof entry>

export const clientCertificatesSchema = z
  .strictObject({
    authoritiesFile: z
      .string()
      .min(1)
      .describe('Authorities of client certificates up to the root, PEM; they count for nothing else'),
    revocationListFile: z
      .string()
      .min(1)
      .optional()
      .describe('Current revocation lists of all these authorities, PEM; without it only the entries decide'),
    accounts: z.array(entry).min(1).max(1_000).describe('Which account a certificate stands for'),
  })
  .superRefine(({ accounts }, context) => {
    const second = namedTwice(accounts)
    if (second === undefined) return
    context.addIssue({
      code: 'custom',
      path: ['accounts', second],
      message: 'an entry before it names the same certificates',
    })
  })
  .describe('Sign-in of servers with certificates, over TLS that ends at this service')

/** The index of the first entry that names certificates of one before it. */
function namedTwice(accounts: readonly CertificateEntry[]): number | undefined {
  const issuersOf = new Map<string, (string | undefined)[]>()
  for (const [index, named] of accounts.entries()) {
    const mark = marks.find((each) => named[each] !== undefined)
    const key = mark === undefined ? '' : `${mark} ${named[mark] ?? ''}`
    const issuers = issuersOf.get(key) ?? []
    // An entry without issuer is for those of all.
    const same = issuers.some((other) => other === undefined || named.issuer === undefined || other === named.issuer)
    if (same) return index
    issuersOf.set(key, [...issuers, named.issuer])
  }
  return undefined
}
