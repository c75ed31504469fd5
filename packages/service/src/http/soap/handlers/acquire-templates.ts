/** AcquireTemplates: the published templates that a client asks for by GUID. */
import { requireCaller } from '../../../core/certify.ts'
import { acquireTemplates } from '../../../core/templates.ts'
import type { SoapHandler } from '../handler.ts'

export const answerAcquireTemplates: SoapHandler<'AcquireTemplates'> = async ({ context, request, caller, info }) => {
  const templates = await acquireTemplates(context, { caller: requireCaller(caller), info, ids: request.guids })
  return {
    templates: templates.map(({ id, hash, text }) => ({
      guid: id,
      ...(hash === undefined ? {} : { hash }),
      ...(text === undefined ? {} : { template: text }),
    })),
  }
}
