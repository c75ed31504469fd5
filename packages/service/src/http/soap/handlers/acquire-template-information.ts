/** AcquireTemplateInformation: which templates are published, and under which key a client keeps them. */
import { requireCaller } from '../../../core/certify.ts'
import { templateInformation } from '../../../core/templates.ts'
import type { SoapHandler } from '../handler.ts'

export const answerAcquireTemplateInformation: SoapHandler<'AcquireTemplateInformation'> = async ({
  context,
  caller,
  info,
}) => {
  const request = { caller: requireCaller(caller), info }
  const { publicKey, templates } = await templateInformation(context, request)
  return {
    // RSAPublicKey (RFC 8017, A.1.1).
    serverPublicKey: publicKey.keyObject.export({ type: 'pkcs1', format: 'der' }),
    templates: templates.map(({ id, hash }) => ({ guid: id, hash })),
  }
}
