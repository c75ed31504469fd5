/**
 * AcquirePreLicense: use licences for the recipients of a message. A recipient without one is answered by an exception in
 * its place, so that one refusal never stops the mail (MS-RMSI 3.5.4.1.3.5).
 */
import { writeFaultString, type PreLicenseOutcome } from '@sealward/protocol'
import { acquirePreLicense, admitPreLicensing } from '../../../core/acquire-license/pre-license.ts'
import { asRefusal, publicText } from '../../refusal.ts'
import { inBatches } from '../batch.ts'
import { faultNameOf } from '../fault-map.ts'
import type { SoapExchange, SoapHandler } from '../handler.ts'

type Exchange = SoapExchange<'AcquirePreLicense'>

export const answerAcquirePreLicense: SoapHandler<'AcquirePreLicense'> = async (exchange) => {
  const { chain } = await admitPreLicensing(exchange.context, exchange.caller)
  const responses = []
  for (const { licenseeIdentities, issuanceLicense } of exchange.request.requests) {
    const outcomes = await inBatches(
      exchange.context.cluster.limits.itemsAtOnce,
      licenseeIdentities,
      (address, index) => licenseOrException(exchange, { address, publishingLicense: issuanceLicense }, index),
    )
    responses.push({ outcomes, certificateChain: chain })
  }
  return { responses }
}

async function licenseOrException(
  { context, caller, info }: Exchange,
  recipient: { readonly address: string; readonly publishingLicense: readonly string[] },
  batchIndex: number,
): Promise<PreLicenseOutcome> {
  try {
    const { license } = await acquirePreLicense(context, { caller, info, ...recipient })
    return { outcome: 'licensed', license }
  } catch (error) {
    const refusal = asRefusal(error)
    if (refusal === undefined) throw error
    const text = publicText(refusal.code, info.correlationId)
    return { outcome: 'refused', exceptionString: writeFaultString(faultNameOf(refusal.code), text), batchIndex }
  }
}
