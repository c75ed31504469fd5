/** Certify: the identity of the connection becomes an account certificate for the machine of the message. */
import { certify } from '../../../core/certify.ts'
import { requireCaller, type SoapHandler } from '../handler.ts'

export const answerCertify: SoapHandler<'Certify'> = async ({ context, request, info, caller }) => {
  const { chain } = await certify(context, {
    caller: requireCaller(caller),
    info,
    machineChain: request.machineCertificateChain,
    persistent: request.persistent,
  })
  return { certificateChain: chain }
}
