/**
 * Client licensor certificates for REST clients, where an administrator has switched them on. Their licences name no time
 * of their own but repeat that of the certificate, so a certificate is made for every request; the key below it serves an
 * account for a month. The key stays here, sealed: what is published with it can be opened with nothing else.
 */
import { createPublicKey } from 'node:crypto'
import { thinCertificate, thinCertificateNames, type SignedJson } from '@sealward/protocol'
import { publicKeyFromKeyObject, RightsError, type KeyHandle } from '@sealward/xrml'
import { requireAddress, requireCaller } from '../certify.ts'
import type { Configuration, ServiceKey } from '../configuration.ts'
import { licensingUrlsIn } from '../licensing-urls.ts'
import type { Caller, CoreContext, DirectoryUser, RequestInfo } from '../ports.ts'
import { recordDecision, recordingRefusals, untilRecorded } from '../records.ts'
import { requestCost, requireRateOfPerson } from '../require-rate.ts'
import { readerOfCaller } from '../resolve-principal.ts'
import { requirePublisher, serviceState, type ServiceState } from '../service-state.ts'
import type { OfflineKey } from '../store.ts'
import { newPublishingKey, privateExponentOf } from './publishing-key.ts'

const operation = 'issue-client-licensor'

const day = 86_400_000

/** A certificate holds its private key in clear. Milliseconds. */
export const certificateLife = 7 * day
const keyLife = 30 * day

export interface OfflineCertificateRequest {
  readonly info: RequestInfo
  readonly caller: Caller
}

/** @throws RightsError `resource-unknown` unless switched on, the codes of serviceState */
export async function requireOfflinePublishing(context: CoreContext): Promise<ServiceState> {
  const state = await serviceState(context, operation)
  if (!state.configuration.settings.offlinePublishing) throw new RightsError('resource-unknown')
  return state
}

/**
 * @throws RightsError the codes of requireOfflinePublishing, `unauthenticated`, `user-disabled`, `user-without-address`, those of
 * requirePublisher
 */
export async function issueOfflineCertificate(
  context: CoreContext,
  request: OfflineCertificateRequest,
): Promise<SignedJson> {
  return untilRecorded(() => issueOnce(context, request))
}

async function issueOnce(
  context: CoreContext,
  { info, caller: asking }: OfflineCertificateRequest,
): Promise<SignedJson | undefined> {
  const { configuration, activeKey } = await requireOfflinePublishing(context)
  const caller = requireCaller(asking)
  requireAddress(caller.user)
  await recordingRefusals(context, { operation, info, caller }, async () => {
    const { principal } = await readerOfCaller(context, configuration, caller)
    requirePublisher(context, configuration, principal.groups, info.door)
  })
  const issuedAt = wholeSeconds(context.clock.now())
  const validUntil = new Date(issuedAt.getTime() + certificateLife)
  const account = { userId: caller.user.id, address: caller.user.address, licensorKey: activeKey.id }
  const known = await context.store.offlineKeys.newest(account)
  const reused = known !== undefined && issuedAt.getTime() - known.createdAt.getTime() < keyLife ? known : undefined
  if (reused === undefined) await requireRateOfPerson(context, caller.user, requestCost.keyPair)
  const key = reused ?? { ...account, ...(await newPublishingKey(context.random)), createdAt: issuedAt, validUntil }
  const certificateId = context.random.guid()
  const recorded = await recordDecision(context, configuration, async ({ offlineKeys, clientLicensors }) => {
    await (reused === undefined ? offlineKeys.insert(key) : offlineKeys.setValidUntil(key.id, validUntil))
    const { userId, address } = account
    await clientLicensors.put({ userId, address, keyId: activeKey.id, issuedAt, validUntil })
    return { operation, info, caller, details: { certificateId, offlineKey: key.id } }
  })
  if (!recorded) return undefined
  const names = await sign(activeKey.handle, namesOf(context, configuration, caller.user, key, activeKey))
  const privateExponent = privateExponentOf(key.privateKey)
  return sign(activeKey.handle, thinCertificate({ names, issuedAt, validUntil, privateExponent, id: certificateId }))
}

function namesOf(
  context: CoreContext,
  configuration: Configuration,
  user: DirectoryUser,
  key: Pick<OfflineKey, 'address' | 'privateKey'>,
  activeKey: ServiceKey,
): string {
  const { licensingUrl, externalLicensingUrl = licensingUrl } = licensingUrlsIn(context, configuration)
  const { object } = activeKey.licensor.principal
  return thinCertificateNames({
    address: key.address,
    displayName: user.displayName,
    accountId: accountGuid(context, user),
    publicKey: publicKeyFromKeyObject(createPublicKey(key.privateKey)),
    issuer: {
      licensingUrl,
      externalLicensingUrl,
      name: object.name ?? '',
      id: object.id,
      publicKey: activeKey.handle.publicKey,
    },
  })
}

/** Directories identify people in several ways; the protocol wants a GUID, always the same one. */
function accountGuid({ store }: CoreContext, user: DirectoryUser): string {
  const digits = Buffer.from(store.mac('offline-account', Buffer.from(user.id, 'utf8'))).toString('hex')
  const [, ...groups] = /^(.{8})(.{4})(.{4})(.{4})(.{12})/.exec(digits) ?? []
  return `{${groups.join('-')}}`
}

/** SHA-1 is the only algorithm that the certificates have a name for; clients do not verify it, this service does. */
async function sign(handle: KeyHandle, payload: string): Promise<SignedJson> {
  return { payload, signature: await handle.sign('sha1', Buffer.from(payload, 'utf8')) }
}

/** Certificates name times to the second. */
function wholeSeconds(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000)
}
