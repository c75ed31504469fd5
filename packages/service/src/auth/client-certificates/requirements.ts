/**
 * What a client certificate must be besides being accepted by the TLS stack, which has verified its chain, its time and that
 * it is not for another purpose: that leaves certificates that say no purpose at all, and those of authorities.
 */
import type { X509Certificate } from 'node:crypto'

/** RFC 5280, 4.2.1.12; the property of Node.js is named by the other extension. */
const clientAuthentication = '1.3.6.1.5.5.7.3.2'
const rsaBitsLeast = 2_048
const curves = ['prime256v1', 'secp384r1', 'secp521r1']
const modernKeys = ['ed25519', 'ed448']
/** Names of signature algorithms; the digest within RSASSA-PSS is held to the same strength by the TLS stack. */
const strongSignature = /sha(?:256|384|512)|^rsassapss$|^ed25519$|^ed448$/i

/** @returns what is missing, for the log; undefined if nothing is */
export function unmetRequirement(certificate: X509Certificate): string | undefined {
  if (certificate.ca) return 'it is a certificate of an authority'
  if (!Array.isArray(certificate.keyUsage) || !certificate.keyUsage.includes(clientAuthentication)) {
    return 'it is not for client authentication'
  }
  if (!hasStrongKey(certificate)) return 'its key is too weak'
  if (!strongSignature.test(certificate.signatureAlgorithm ?? '')) return 'its signature is too weak'
  return undefined
}

function hasStrongKey({ publicKey }: X509Certificate): boolean {
  const { asymmetricKeyType: kind = '', asymmetricKeyDetails: details } = publicKey
  if (kind === 'rsa' || kind === 'rsa-pss') return (details?.modulusLength ?? 0) >= rsaBitsLeast
  if (kind === 'ec') return curves.includes(details?.namedCurve ?? '')
  return modernKeys.includes(kind)
}
