/** Opening: key and rights of the caller for a licence, or the answer that there are none. */
import { parseEndUserLicenseRequest, writeEndUserLicenseResponse } from '@sealward/protocol'
import { acquireEndUserLicense } from '../../../core/end-user-license.ts'
import { deliveredKey } from '../delivered-key.ts'
import type { RestHandler } from '../handler.ts'

export const answerEndUserLicenses: RestHandler = async ({ context, caller, info, text }) => {
  const { license } = parseEndUserLicenseRequest(text)
  const answer = await acquireEndUserLicense(context, { info, caller, serialized: license.text })
  if (answer.status !== 'AccessGranted') return writeEndUserLicenseResponse(answer)
  const { contentKey, ...granted } = answer
  return writeEndUserLicenseResponse({ ...granted, key: deliveredKey(contentKey) })
}
