/** Precertify: the public half of somebody's account certificate, for servers that license in advance. */
import { precertify } from '../../../core/precertify.ts'
import type { SoapHandler } from '../handler.ts'

export const answerPrecertify: SoapHandler<'Precertify'> = ({ context, request, info, caller }) =>
  precertify(context, {
    info,
    caller,
    ...(request.userName === undefined ? {} : { address: request.userName }),
    ...(request.securityIdentifier === undefined ? {} : { sid: request.securityIdentifier }),
  })
