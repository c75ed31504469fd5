/** Which accounts a certificate stands for, by the entries of the configuration. */
import type { X509Certificate } from 'node:crypto'
import { distinguishedName, userPrincipalNames } from './names.ts'
import type { CertificateEntry } from './settings.ts'

/** Names count as they stand: no wildcards, and nothing of the subject where the alternative names are meant. */
const exactly = { subject: 'never', wildcards: false, partialWildcards: false } as const

/** @returns canonical addresses; one, unless entries contradict each other or none is for the certificate */
export function namedAccounts(entries: readonly CertificateEntry[], certificate: X509Certificate): readonly string[] {
  return [...new Set(entries.filter((entry) => names(entry, certificate)).map(({ account }) => account))]
}

/** In hexadecimal digits, as the configuration has it. */
export function fingerprintOf({ fingerprint256 }: X509Certificate): string {
  return fingerprint256.replaceAll(':', '').toLowerCase()
}

function names(entry: CertificateEntry, certificate: X509Certificate): boolean {
  const { fingerprint, dnsName, email, userPrincipalName, subject, issuer } = entry
  if (issuer !== undefined && distinguishedName(certificate.issuer) !== issuer) return false
  if (fingerprint !== undefined) return fingerprintOf(certificate) === fingerprint
  if (dnsName !== undefined) return certificate.checkHost(dnsName, exactly) !== undefined
  if (email !== undefined) return certificate.checkEmail(email, exactly) !== undefined
  if (userPrincipalName !== undefined) {
    return userPrincipalNames(certificate.subjectAltName).includes(userPrincipalName)
  }
  return subject !== undefined && distinguishedName(certificate.subject) === subject
}
