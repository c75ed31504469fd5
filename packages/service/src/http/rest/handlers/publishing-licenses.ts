/** Publishing online: the service makes licence and content key, and the caller becomes the owner. */
import {
  parsePublishingLicenseRequest,
  serializeLicense,
  writePublishingLicenseResponse,
  type PublishingLicenseResponse,
} from '@sealward/protocol'
import { publish } from '../../../core/publish/index.ts'
import { deliveredKey } from '../delivered-key.ts'
import type { RestHandler } from '../handler.ts'

export const answerPublishingLicenses: RestHandler = async ({ context, caller, info, text }) => {
  const request = parsePublishingLicenseRequest(text)
  const published = await publish(context, {
    info,
    caller,
    source: request.source,
    preferEcb: request.preferDeprecatedAlgorithms,
    auditedExtraction: request.allowAuditedExtraction,
    signedApplicationData: request.signedApplicationData,
    ...(request.referralInfo === undefined ? {} : { referral: request.referralInfo }),
  })
  return writePublishingLicenseResponse(responseOf(published))
}

function responseOf(published: Awaited<ReturnType<typeof publish>>): PublishingLicenseResponse {
  return {
    license: serializeLicense(published.serialized),
    key: deliveredKey(published.contentKey),
    owner: published.owner,
    contentId: published.contentId,
    ...published.template,
    ...(published.referral === undefined ? {} : { referrer: published.referral }),
    signedApplicationData: published.signedApplicationData,
    encryptedApplicationData: published.encryptedApplicationData,
  }
}
