/** Licences in JSON as clients make them offline, and the policy that follows from decrypting one. */
import { parseEndUserLicenseRequest, parseJsonLicense, parseOfflinePolicy } from '@sealward/protocol'
import { onlyTypedErrors } from './only-typed-errors.ts'

export function fuzz(bytes: Uint8Array): void {
  const text = Buffer.from(bytes).toString('utf8')
  onlyTypedErrors(() => void parseJsonLicense(text))
  onlyTypedErrors(() => void parseOfflinePolicy(bytes))
  onlyTypedErrors(() => void parseEndUserLicenseRequest(JSON.stringify({ SerializedPublishingLicense: text })))
}
