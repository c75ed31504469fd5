/**
 * Opening a publishing licence with the server's private key: content key first, then the policy that it encrypts. The
 * signature must have been verified before (threat C5); this step only uses the key.
 */
import { sealIsBoundTo, unsealEnablingBits, type UnsealedBits } from '../crypto/enabling-bits.ts'
import type { KeyHandle } from '../crypto/key-handle.ts'
import { readContentKey, type ContentKey } from '../crypto/key-header.ts'
import { samePublicKey } from '../crypto/public-key.ts'
import { decryptRightsData } from '../crypto/rights-data.ts'
import { hashInputOf } from '../crypto/unconfirmed.ts'
import { parseXrml, type DocumentLimits, type XrmlDocument } from '../document.ts'
import { RightsError } from '../errors/rights-error.ts'
import { parsePolicy, type RightsPolicy } from '../rights/policy.ts'
import { spellings } from '../surface-coding.ts'
import type { PublishingLicense } from './publishing-license.ts'

export interface OpenedPublishingLicense {
  readonly contentKey: ContentKey
  readonly policy: RightsPolicy
  /** The policy document; for a template copy its signature can be verified. */
  readonly policyDocument: XrmlDocument
  /** Whether the seal is bound to this licence in the way that this product seals; required in online publishing only. */
  readonly bound: boolean
}

/**
 * @throws RightsError `sealed-data-invalid` when the key is not the one sealed to or the seal is damaged,
 * `symmetric-key-unsupported`, `rights-data-invalid`, `xrml-malformed`
 */
export async function openPublishingLicense(
  license: PublishingLicense,
  key: KeyHandle,
  limits: DocumentLimits = {},
): Promise<OpenedPublishingLicense> {
  if (!samePublicKey(license.server.publicKey, key.publicKey)) throw new RightsError('sealed-data-invalid')
  const bits = await unsealEnablingBits({
    key,
    mode: license.enablingBits.mode,
    sealed: license.enablingBits.sealed,
  })
  const contentKey = readContentKey(bits.payload)
  const policyDocument = parseRightsData(decryptRightsData(license.rightsData, contentKey.key), limits)
  return {
    contentKey,
    policy: parsePolicy(policyDocument, limits),
    policyDocument,
    bound: isBound(bits, license.issuedPrincipals),
  }
}

/** A draft is not signed, so here alone nothing else shows that a client's DOM spelled the element anew. */
function isBound(bits: UnsealedBits, issuedPrincipals: string): boolean {
  for (const spelling of spellings(issuedPrincipals)) if (sealIsBoundTo(bits, hashInputOf(spelling))) return true
  return false
}

/** A wrong key that happens to give text must look like any other wrong key. */
function parseRightsData(text: string, limits: DocumentLimits): XrmlDocument {
  try {
    return parseXrml(text, limits)
  } catch (cause) {
    throw new RightsError('rights-data-invalid', { cause })
  }
}
