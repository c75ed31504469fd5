/**
 * One cryptographic mode for a whole chain (MS-RMPR 3.1.4.7): one hash, and RSA keys of the size that belongs to it. Above
 * the server licensor certificate, and for machines, Mode 1 has keys of both sizes.
 */
import { mode1, mode2 } from './crypto/modes.ts'
import type { DocumentType, XrmlDocument } from './document.ts'
import { parseIssuedPrincipal } from './elements/principal.ts'
import { RightsError } from './errors/rights-error.ts'
import { parseSignature } from './signature.ts'

/** Documents whose principal has a key of the mode's own size; of licensor certificates only the first has. */
const keyedByMode: readonly DocumentType[] = [
  'account-certificate',
  'client-licensor-certificate',
  'publishing-license',
  'use-license',
]

/** @param chain leaf first @throws RightsError `cryptographic-mode-mismatch`, `xrml-malformed`, `public-key-invalid` */
export function checkOneMode(chain: readonly XrmlDocument[]): void {
  const hashes = new Set(chain.map((document) => parseSignature(document).hash))
  const mode = hashes.has('sha256') ? mode2 : mode1
  if (hashes.size > 1)
    throw new RightsError('cryptographic-mode-mismatch', { detail: 'SHA-1 and SHA-256 in one chain' })
  let serverSeen = false
  for (const document of chain) {
    if (document.type === 'rights-template') continue
    const { object, publicKey } = parseIssuedPrincipal(document.body)
    const isServer = document.type === 'server-licensor-certificate' && object.type === 'MS-DRM-Server'
    const exact = keyedByMode.includes(document.type) || (isServer && !serverSeen)
    serverSeen ||= isServer
    if (publicKey.bits !== mode.keyBits && (exact || publicKey.bits !== mode2.keyBits)) {
      throw new RightsError('cryptographic-mode-mismatch', { detail: `RSA ${publicKey.bits} under ${mode.hash}` })
    }
  }
}
