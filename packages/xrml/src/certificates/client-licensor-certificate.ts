/**
 * Client licensor certificate (CLC, MS-RMPR 2.2.9.6): lets a user sign publishing licences offline. Its private key is
 * sealed to the user's account key.
 */
import type { KeyObject } from 'node:crypto'
import { sealEnablingBits } from '../crypto/enabling-bits.ts'
import { writePrivateKeyBlob } from '../crypto/key-blob.ts'
import type { KeyHandle } from '../crypto/key-handle.ts'
import { modeOfKey } from '../crypto/modes.ts'
import type { PublicKey } from '../crypto/public-key.ts'
import { hashInputOf } from '../crypto/unconfirmed.ts'
import type { XrmlDocument } from '../document.ts'
import { writeDescriptor } from '../elements/descriptor.ts'
import {
  parseDistributionPoints,
  writeDistributionPoint,
  type DistributionPoint,
} from '../elements/distribution-point.ts'
import { accessEnablingBits, parseIssuedPrincipal, parseIssuer, writeEnablingBits } from '../elements/principal.ts'
import type { EnablingBits, KeyedPrincipal } from '../elements/principal.ts'
import { writePublicKey } from '../elements/public-key.ts'
import { writeTime, type RangeTime } from '../elements/times.ts'
import { RightsError } from '../errors/rights-error.ts'
import { signXrml } from '../signature.ts'
import { element, textElement } from '../text/writer.ts'
import { openSealedPrivateKey, type AccountCertificate } from './account-certificate.ts'
import { issuerOf, issueRight, parseIssuedTime, parseIssueRange, writeIssueWork } from './issuing-certificate.ts'

const descriptorType = 'Client-Licensor-Certificate'

export interface ClientLicensorCertificate {
  readonly document: XrmlDocument
  readonly issuedAt: Date
  /** The server licensor: its content becomes the principal of licences that this certificate signs. */
  readonly issuer: KeyedPrincipal
  readonly principal: KeyedPrincipal
  readonly issueRange: RangeTime
  readonly distributionPoints: readonly DistributionPoint[]
  readonly enablingBits: EnablingBits | undefined
}

/** @throws RightsError `xrml-malformed`, `public-key-invalid`, `chain-issuer-not-entitled` */
export function parseClientLicensorCertificate(document: XrmlDocument): ClientLicensorCertificate {
  if (document.type !== 'client-licensor-certificate') {
    throw new RightsError('xrml-malformed', { detail: `${document.type} where a client licensor certificate belongs` })
  }
  const right = issueRight(document.body)
  return {
    document,
    issuedAt: parseIssuedTime(document.body),
    issuer: parseIssuer(document.body),
    principal: parseIssuedPrincipal(document.body),
    issueRange: parseIssueRange(document.body),
    distributionPoints: parseDistributionPoints(document.body),
    enablingBits: right === undefined ? undefined : accessEnablingBits(right),
  }
}

export interface IssueClientLicensorCertificateInput {
  readonly certificateId: string
  readonly issuedAt: Date
  readonly licensor: KeyedPrincipal
  readonly account: AccountCertificate
  readonly clientKey: KeyObject
  readonly clientPublicKey: PublicKey
  readonly licensingUrl: string
  readonly externalLicensingUrl?: string
  readonly key: KeyHandle
  readonly random: (bytes: number) => Uint8Array
}

/** Issues a CLC that is valid for issuing as long as the account certificate is. */
export async function issueClientLicensorCertificate(input: IssueClientLicensorCertificateInput): Promise<string> {
  const mode = modeOfKey(input.licensor.publicKey)
  const issuer = issuerOf(input.licensor)
  const sealed = sealEnablingBits({
    mode,
    recipient: input.account.principal.publicKey,
    payload: writePrivateKeyBlob(input.clientKey),
    hashInput: hashInputOf(issuer),
    random: input.random,
  })
  const body = element(
    'BODY',
    { type: 'LICENSE', version: '3.0' },
    textElement('ISSUEDTIME', {}, writeTime(input.issuedAt)),
    writeDescriptor(descriptorType, input.certificateId),
    issuer,
    writeDistributionPoint('License-Acquisition-URL', input.licensingUrl),
    input.externalLicensingUrl === undefined
      ? undefined
      : writeDistributionPoint('Extranet-License-Acquisition-URL', input.externalLicensingUrl),
    element(
      'ISSUEDPRINCIPALS',
      {},
      element(
        'PRINCIPAL',
        { 'internal-id': '1' },
        input.account.principal.object.raw,
        writePublicKey(input.clientPublicKey),
      ),
    ),
    writeIssueWork(descriptorType, input.certificateId, input.account.validity, writeEnablingBits({ mode, sealed })),
  )
  return signXrml({ body, key: input.key, hash: mode.hash, order: 'server' })
}

/** Opens the signing key with the user's account key. @throws RightsError `sealed-data-invalid`, `key-blob-invalid` */
export async function openClientLicensorKey(
  certificate: ClientLicensorCertificate,
  accountKey: KeyHandle,
): Promise<KeyObject> {
  if (certificate.enablingBits === undefined) throw new RightsError('sealed-data-invalid')
  return openSealedPrivateKey({
    key: accountKey,
    bits: certificate.enablingBits,
    publicKey: certificate.principal.publicKey,
  })
}
