/** AcquireContentKey: the content key of a publishing licence, from a decommissioned cluster. */
import { acquireContentKey } from '../../../core/acquire-content-key.ts'
import { requireCaller, type SoapHandler } from '../handler.ts'

export const answerAcquireContentKey: SoapHandler<'AcquireContentKey'> = async ({
  context,
  request,
  info,
  caller,
}) => ({
  contentKey: await acquireContentKey(context, {
    info,
    caller: requireCaller(caller),
    publishingLicense: request.issuanceLicense,
  }),
  // No other content key is ever opened: DES is refused, and RSA keys encrypt no content.
  contentKeyType: 'AES',
})
