/**
 * GetClientLicensorCert (MS-RMPR 3.5.4.2): lets a user protect offline. A new key pair each time; the service keeps
 * nothing of it, the private key leaves sealed to the user's account key.
 */
import { createPublicKey } from 'node:crypto'
import { issueClientLicensorCertificate, publicKeyFromKeyObject } from '@sealward/xrml'
import { excludableReader, requireNotExcluded } from './exclusion.ts'
import type { CoreContext, RequestInfo, Sender } from './ports.ts'
import { requestCost, requireRateOfPerson } from './require-rate.ts'
import { recordDecision, recordingRefusals, untilRecorded } from './records.ts'
import { readerOfAccount } from './resolve-principal.ts'
import { licensingUrlsIn } from './licensing-urls.ts'
import { requirePublisher, serviceState } from './service-state.ts'
import { verifyAccount } from './verify-account.ts'

const operation = 'issue-client-licensor'

export interface ClientLicensorRequest {
  readonly info: RequestInfo
  readonly caller?: Sender
  /** Account certificate first; what follows may be missing. */
  readonly accountChain: readonly string[]
}

/** @throws RightsError the codes of serviceState, verifyAccount, readerOfAccount, requireNotExcluded and requirePublisher */
export async function issueClientLicensor(
  context: CoreContext,
  request: ClientLicensorRequest,
): Promise<{ readonly chain: readonly string[] }> {
  return untilRecorded(() => issueOnce(context, request))
}

async function issueOnce(
  context: CoreContext,
  request: ClientLicensorRequest,
): Promise<{ readonly chain: readonly string[] } | undefined> {
  const { configuration, activeKey } = await serviceState(context, operation)
  const account = verifyAccount(context, configuration, request.accountChain)
  const reader = await readerOfAccount(context, configuration, account, request.caller)
  const asker = { operation, info: request.info, user: reader.id, address: reader.address } as const
  await recordingRefusals(context, asker, async () => {
    requireNotExcluded(configuration, excludableReader(reader), account)
    requirePublisher(context, configuration, reader.principal.groups, request.info.door)
  })
  await requireRateOfPerson(context, reader, requestCost.keyPair)
  const clientKey = await context.random.keyPair(activeKey.mode.keyBits)
  const certificateId = context.random.guid()
  const issuedAt = context.clock.now()
  const recorded = await recordDecision(context, configuration, async (repositories) => {
    const { id: userId, address } = reader
    const validUntil = account.validity.until
    await repositories.clientLicensors.put({ userId, address, keyId: activeKey.id, issuedAt, validUntil })
    return { ...asker, details: { certificateId } }
  })
  if (!recorded) return undefined
  const certificate = await issueClientLicensorCertificate({
    certificateId,
    issuedAt,
    licensor: activeKey.licensor.principal,
    account,
    clientKey,
    clientPublicKey: publicKeyFromKeyObject(createPublicKey(clientKey)),
    ...licensingUrlsIn(context, configuration),
    key: activeKey.handle,
    random: (count) => context.random.bytes(count),
  })
  return { chain: [certificate, ...activeKey.chain] }
}
