/** GetClientLicensorCert: who may publish offline is said by the account certificate in the message. */
import { issueClientLicensor } from '../../../core/client-licensor.ts'
import { inBatches } from '../batch.ts'
import { knownCaller, type SoapHandler } from '../handler.ts'

export const answerGetClientLicensorCert: SoapHandler<'GetClientLicensorCert'> = async (exchange) => ({
  responses: await inBatches(
    exchange.context.cluster.limits.itemsAtOnce,
    exchange.request.requests,
    async ({ personaCertificates }) => {
      const { chain } = await issueClientLicensor(exchange.context, {
        ...knownCaller(exchange.sender),
        info: exchange.info,
        accountChain: personaCertificates,
      })
      return { certificateChain: chain }
    },
  ),
})
