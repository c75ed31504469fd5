/**
 * AcquireLicense: a use licence for the person of the account certificate. In a batch a request that fails is answered by
 * an exception in its place, and the others go on (MS-RMPR 3.4.4.1.3.5).
 */
import { writeFaultString, type AcquireLicenseItem, type AcquireLicenseOutcome } from '@sealward/protocol'
import { acquireLicense } from '../../../core/acquire-license/index.ts'
import { asRefusal, publicText } from '../../refusal.ts'
import { inBatches } from '../batch.ts'
import { faultNameOf } from '../fault-map.ts'
import { knownCaller, type SoapExchange, type SoapHandler } from '../handler.ts'

type Exchange = SoapExchange<'AcquireLicense'>

export const answerAcquireLicense: SoapHandler<'AcquireLicense'> = async (exchange) => {
  const { requests } = exchange.request
  const answer = requests.length === 1 ? license : licenseOrException
  return {
    responses: await inBatches(exchange.context.cluster.limits.itemsAtOnce, requests, (item, index) =>
      answer(exchange, item, index),
    ),
  }
}

async function license(exchange: Exchange, item: AcquireLicenseItem): Promise<AcquireLicenseOutcome> {
  const { chain } = await acquireLicense(exchange.context, {
    ...knownCaller(exchange.sender),
    info: exchange.info,
    accountChain: item.licenseeCertificates,
    publishingLicense: item.issuanceLicense,
  })
  return { outcome: 'licensed', certificateChain: chain }
}

async function licenseOrException(
  exchange: Exchange,
  item: AcquireLicenseItem,
  batchIndex: number,
): Promise<AcquireLicenseOutcome> {
  try {
    return await license(exchange, item)
  } catch (error) {
    const refusal = asRefusal(error)
    if (refusal === undefined) throw error
    const text = publicText(refusal.code, exchange.info.correlationId)
    return { outcome: 'refused', exceptionString: writeFaultString(faultNameOf(refusal.code), text), batchIndex }
  }
}
