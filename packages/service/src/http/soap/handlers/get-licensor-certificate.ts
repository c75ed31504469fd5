/** GetLicensorCertificate: the licensor certificate of the active key. It is public. */
import { licensorCertificate } from '../../../core/service-locations.ts'
import type { SoapHandler } from '../handler.ts'

export const answerGetLicensorCertificate: SoapHandler<'GetLicensorCertificate'> = async ({ context }) => {
  const { chain } = await licensorCertificate(context)
  return { certificateChain: chain }
}
