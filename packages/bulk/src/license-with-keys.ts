/**
 * Licences without a service: the exported keys of the organisation open what was protected for them, as an owner would.
 * For the way out, when no service answers any more, and for keys that are kept in escrow.
 */
import type { DocumentLicense, LicensedContent } from '@sealward/client'
import {
  canonicalGuid,
  openPublishingLicense,
  orderChain,
  owner as ownerRight,
  parsePublishingLicense,
  parseXrmlChain,
  RightsError,
  validateChain,
  type KeyHandle,
  type PublicKey,
  type RightsPolicy,
} from '@sealward/xrml'

/** Keys of trusted publishing domains that have been checked. */
export interface OfflineKeys {
  readonly keys: readonly { readonly publicKey: PublicKey }[]
  find(publicKey: PublicKey): { readonly handle: KeyHandle } | undefined
}

export interface OfflineLicense extends DocumentLicense {
  readonly policy: RightsPolicy
}

/**
 * ```ts
 * const license = licenseWithKeys(createKeyRing(exports))
 * for await (const item of unprotectTree({ root, pool, license })) console.log(item.path)
 * ```
 * The returned function throws RightsError `key-not-exported` with the fingerprint of the missing key, those of
 * `validateChain` for licences that no key of the organisation has signed, and those of damaged licences.
 */
export function licenseWithKeys(ring: OfflineKeys): (content: LicensedContent) => Promise<OfflineLicense> {
  const anchors = ring.keys.map(({ publicKey }) => publicKey)
  return async ({ licenseText }) => {
    const documents = parseXrmlChain(licenseText)
    const [leaf] = documents
    if (leaf === undefined) throw new RightsError('xrml-malformed', { detail: 'no licence' })
    const license = parsePublishingLicense(leaf)
    const { publicKey } = license.server
    const key = ring.find(publicKey)
    if (key === undefined) throw new RightsError('key-not-exported', { detail: publicKey.fingerprint })
    validateChain({ documents: orderChain(documents), anchors, now: license.issuedAt })
    const { contentKey, policy } = await openPublishingLicense(license, key.handle)
    return {
      cipher: { mode: contentKey.mode, key: contentKey.key },
      rights: [ownerRight],
      owner: license.work.owner?.address,
      expiresAt: undefined,
      contentId: canonicalGuid(license.work.object.id),
      from: 'document',
      policy,
    }
  }
}
