/** EditIssuanceLicense: another policy for a published document, by a named server. */
import { editLicense } from '../../../core/edit-license.ts'
import type { SoapHandler } from '../handler.ts'

export const answerEditIssuanceLicense: SoapHandler<'EditIssuanceLicense'> = async ({
  context,
  request,
  info,
  caller,
}) => {
  const { license } = await editLicense(context, {
    info,
    caller,
    signed: request.signedIssuanceLicense,
    draft: request.unsignedIssuanceLicense,
  })
  return { certificateChain: [license] }
}
