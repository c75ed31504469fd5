/** Certificates for publishing offline, where they are switched on. */
import { parseThinCertificateRequest, writeThinCertificateResponse } from '@sealward/protocol'
import {
  issueOfflineCertificate,
  requireOfflinePublishing,
} from '../../../core/offline-publishing/issue-certificate.ts'
import type { RestHandler } from '../handler.ts'

export const answerClientLicensorCertificates: RestHandler = async ({ context, caller, info, text }) => {
  await requireOfflinePublishing(context)
  parseThinCertificateRequest(text)
  return writeThinCertificateResponse(await issueOfflineCertificate(context, { caller, info }))
}
