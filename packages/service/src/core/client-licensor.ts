/**
 * GetClientLicensorCert (MS-RMPR 3.5.4.2): lets a user protect offline. A new key pair each time; the service keeps
 * nothing of it, the private key leaves sealed to the user's account key.
 */
import { createPublicKey } from 'node:crypto'
import { issueClientLicensorCertificate, publicKeyFromKeyObject } from '@sealward/xrml'
import type { Caller, CoreContext, RequestInfo } from './ports.ts'
import { requestRecord } from './records.ts'
import { readerOfAccount } from './resolve-principal.ts'
import { serviceState } from './service-state.ts'
import { verifyAccount } from './verify-account.ts'

export interface ClientLicensorRequest {
  readonly info: RequestInfo
  readonly caller?: Caller
  /** Account certificate first; what follows may be missing. */
  readonly accountChain: readonly string[]
}

/** @throws RightsError as verifyAccount and readerOfAccount */
export async function issueClientLicensor(
  context: CoreContext,
  request: ClientLicensorRequest,
): Promise<{ readonly chain: readonly string[] }> {
  const { configuration, activeKey } = await serviceState(context)
  const account = verifyAccount(context, configuration, request.accountChain)
  const reader = await readerOfAccount(context, configuration, account, request.caller)
  const clientKey = await context.random.keyPair(activeKey.mode.keyBits)
  const certificateId = context.random.guid()
  await context.store.logs.append('licenses', {
    ...requestRecord(context, request.info),
    operation: 'issue-client-licensor',
    outcome: 'granted',
    user: reader.id,
    address: reader.address,
    certificateId,
  })
  const { cluster } = context
  const certificate = await issueClientLicensorCertificate({
    certificateId,
    issuedAt: context.clock.now(),
    licensor: activeKey.licensor.principal,
    account,
    clientKey,
    clientPublicKey: publicKeyFromKeyObject(createPublicKey(clientKey)),
    licensingUrl: cluster.licensingUrl,
    ...(cluster.externalLicensingUrl === undefined ? {} : { externalLicensingUrl: cluster.externalLicensingUrl }),
    key: activeKey.handle,
    random: (count) => context.random.bytes(count),
  })
  return { chain: [certificate, ...activeKey.chain] }
}
