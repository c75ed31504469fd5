/**
 * Enrolment of our own clients: the client makes a key pair, sends the public key with an authenticated request and gets
 * the chain of a machine certificate. An extension of this product: the security processor of Windows makes its
 * certificate itself, below the root that is built into it.
 */
import { issueMachineCertificate, RightsError, type PublicKey } from '@sealward/xrml'
import { requireSender } from './certify.ts'
import { requireMachine } from './exclusion.ts'
import type { CoreContext, RequestInfo, Sender } from './ports.ts'
import { recordDecision, recordingRefusals, untilRecorded } from './records.ts'
import { serviceState } from './service-state.ts'

export interface EnrolMachineRequest {
  readonly caller: Sender | undefined
  /** Whether the request came to the address for federated people. */
  readonly federated?: boolean
  readonly info: RequestInfo
  /** Of the size that belongs to the mode of the service. */
  readonly machineKey: PublicKey
}

/** @throws RightsError the codes of serviceState and requireSender, `machine-key-refused`, `machine-excluded`, `no-active-key` */
export async function enrolMachine(
  context: CoreContext,
  request: EnrolMachineRequest,
): Promise<{ readonly chain: readonly string[] }> {
  return untilRecorded(() => enrolOnce(context, request))
}

async function enrolOnce(
  context: CoreContext,
  request: EnrolMachineRequest,
): Promise<{ readonly chain: readonly string[] } | undefined> {
  const { configuration, activeKey } = await serviceState(context, 'enrol-machine')
  const caller = requireSender(context, request)
  const { mode } = activeKey
  const authority = configuration.machineAuthorities.find((candidate) => candidate.mode === mode.number)
  if (authority === undefined)
    throw new RightsError('no-active-key', { detail: 'no authority for machine certificates' })
  if (request.machineKey.bits !== mode.keyBits) {
    throw new RightsError('machine-key-refused', { detail: `RSA ${request.machineKey.bits}, wanted ${mode.keyBits}` })
  }
  await recordingRefusals(context, { operation: 'enrol-machine', info: request.info, caller }, async () =>
    requireMachine(configuration.exclusions, [request.machineKey.fingerprint]),
  )
  const machineId = context.random.guid()
  const recorded = await recordDecision(context, configuration, {
    operation: 'enrol-machine',
    info: request.info,
    caller,
    details: { machine: machineId, machineKey: request.machineKey.fingerprint },
  })
  if (!recorded) return undefined
  const certificate = await issueMachineCertificate({
    certificateId: context.random.guid(),
    machineId,
    issuedAt: context.clock.now(),
    issuer: authority.certificate.principal,
    machineKey: request.machineKey,
    key: authority.handle,
    hash: mode.hash,
  })
  return { chain: [certificate, ...authority.chain] }
}
