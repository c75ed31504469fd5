/** XML text, licence chains, and the typed view of every kind of document. */
import {
  decodeText,
  parseAccountCertificate,
  parseClientLicensorCertificate,
  parseIssuingCertificate,
  parseMachineCertificate,
  parsePolicy,
  parsePublishingLicense,
  parseUseLicense,
  parseXrmlChain,
  verifySignature,
  type XrmlDocument,
} from '@sealward/xrml'
import { onlyTypedErrors } from './only-typed-errors.ts'

const views: readonly ((document: XrmlDocument) => unknown)[] = [
  parseIssuingCertificate,
  parseMachineCertificate,
  parseAccountCertificate,
  parseClientLicensorCertificate,
  parsePublishingLicense,
  parseUseLicense,
  parsePolicy,
  verifySignature,
]

export function fuzz(bytes: Uint8Array): void {
  onlyTypedErrors(() => {
    for (const document of parseXrmlChain(decodeText(bytes))) {
      for (const view of views) onlyTypedErrors(() => void view(document))
    }
  })
}
