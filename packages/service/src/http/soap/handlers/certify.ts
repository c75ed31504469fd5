/** Certify: the identity of the connection becomes an account certificate for the machine of the message. The core asks who calls. */
import { certify } from '../../../core/certify.ts'
import type { SoapHandler } from '../handler.ts'

export const answerCertify: SoapHandler<'Certify'> = async ({ context, request, info, sender, federated, door }) => {
  const { chain } = await certify(context, {
    caller: sender,
    federated,
    ...(door === undefined ? {} : { door }),
    info,
    machineChain: request.machineCertificateChain,
    persistent: request.persistent,
  })
  return { certificateChain: chain }
}
