/** AcquireIssuanceLicense: an unsigned publishing licence is sealed to the service and signed. */
import { signDraft } from '../../../core/sign-draft.ts'
import { inBatches } from '../batch.ts'
import { knownCaller, type SoapHandler } from '../handler.ts'

export const answerAcquireIssuanceLicense: SoapHandler<'AcquireIssuanceLicense'> = async (exchange) => ({
  responses: await inBatches(
    exchange.context.cluster.limits.itemsAtOnce,
    exchange.request.requests,
    async ({ unsignedIssuanceLicense }) => {
      const { chain } = await signDraft(exchange.context, {
        ...knownCaller(exchange.sender),
        info: exchange.info,
        draft: unsignedIssuanceLicense,
      })
      return { certificateChain: chain }
    },
  ),
})
