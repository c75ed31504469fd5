/**
 * Publishing licences from the wire (MS-RMPR 3.4.4.1): signed by the very server whose key opens them, or by a client
 * licensor certificate that this server issued. Found by public key, never by name, GUID or URL (threat X6), and verified
 * before anything in them is decrypted (threat C5).
 */
import {
  checkLink,
  isRightsError,
  parseClientLicensorCertificate,
  parsePublishingLicense,
  RightsError,
  sameId,
  validateChain,
  type Principal,
  type PublishingLicense,
  type XrmlDocument,
} from '@sealward/xrml'
import { knownAddress } from '../address.ts'
import { keyOf, type Configuration, type ServiceKey } from '../configuration.ts'

export interface VerifiedLicense {
  readonly license: PublishingLicense
  /** The key that opens it: the service's own or that of a trusted publishing domain. */
  readonly key: ServiceKey
  /** Canonical addresses of the account whose client licensor certificate signed; empty if a server signed. */
  readonly issuer: readonly string[]
}

/**
 * @param documents the licence, and for one published offline the certificate that signed it; more may follow
 * @throws RightsError `publishing-license-invalid`, `no-matching-key`, `publishing-license-signature-invalid`,
 * `publishing-license-outside-validity`
 */
export function verifyPublishingLicense(
  configuration: Configuration,
  documents: readonly XrmlDocument[],
  now: Date,
): VerifiedLicense {
  const license = readLicense(documents[0])
  const key = matchingKey(configuration, license)
  const signer = license.kind === 'offline' ? documents[1] : undefined
  const issuer = checkSignatures(license, signer, key, now)
  return { license, key, issuer }
}

function readLicense(document: XrmlDocument | undefined): PublishingLicense {
  try {
    if (document === undefined) throw new RightsError('chain-not-linked', { detail: 'no licence' })
    return parsePublishingLicense(document)
  } catch (cause) {
    throw new RightsError('publishing-license-invalid', { cause })
  }
}

/** A Mode 1 service does not open what was made for a Mode 2 key, even if it holds that key. */
function matchingKey(configuration: Configuration, license: PublishingLicense): ServiceKey {
  const key = keyOf(configuration, license.server.publicKey)
  const usable =
    key !== undefined &&
    key.state !== 'pending' &&
    sameId(key.licensor.principal.object, license.server.object) &&
    key.mode.number <= (configuration.activeKey?.mode.number ?? 0)
  if (!usable) {
    throw new RightsError('no-matching-key', { detail: `key ${license.server.publicKey.fingerprint}` })
  }
  return key
}

/** @returns the addresses of the account whose certificate signed */
function checkSignatures(
  license: PublishingLicense,
  signer: XrmlDocument | undefined,
  key: ServiceKey,
  now: Date,
): readonly string[] {
  try {
    const documents = signer === undefined ? [license.document] : [license.document, signer]
    const validated = validateChain({ documents, anchors: [key.licensor.principal.publicKey], now })
    // A signer that was not needed for the chain was not validated either, and names nobody.
    if (validated.length !== documents.length) throw new RightsError('chain-not-linked')
    checkLink(signer ?? license.document, key.licensor.document)
    return signer === undefined ? [] : addressesOf(parseClientLicensorCertificate(signer).principal)
  } catch (cause) {
    const over = isRightsError(cause, 'validity-time-over')
    throw new RightsError(over ? 'publishing-license-outside-validity' : 'publishing-license-signature-invalid', {
      cause,
    })
  }
}

function addressesOf({ object }: Principal): readonly string[] {
  const aliases = object.addresses.filter((address) => address.type === 'email_alias').map((address) => address.value)
  return [object.name ?? '', ...aliases].flatMap((address) => knownAddress(address) ?? [])
}
