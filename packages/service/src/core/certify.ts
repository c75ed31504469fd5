/**
 * Certify (MS-RMPR 3.3.4.1): a rights account certificate for the authenticated user on one machine. The user's key pair
 * is made once and kept, so that use licences work on all machines of the user.
 */
import type { KeyObject } from 'node:crypto'
import { RightsError, type MachineCertificate } from '@sealward/xrml'
import { accountKeyOf, issueAccount } from './account-certificate.ts'
import { knownAddress } from './address.ts'
import type { ServiceKey } from './configuration.ts'
import { requireMachineNotExcluded } from './exclusion.ts'
import type { Caller, CoreContext, DirectoryUser, RequestInfo } from './ports.ts'
import { recordDecision, recordingRefusals, untilRecorded } from './records.ts'
import { serviceState } from './service-state.ts'
import { verifyMachine } from './verify-machine.ts'

export interface CertifyRequest {
  readonly caller: Caller | undefined
  readonly info: RequestInfo
  /** Machine certificate first. */
  readonly machineChain: readonly string[]
  /** False for a short-lived certificate on a machine that is not the user's. */
  readonly persistent: boolean
}

/**
 * @throws RightsError the codes of serviceState, `unauthenticated`, `machine-chain-invalid`, `machine-chain-untrusted`,
 * `cryptographic-mode-mismatch`, `machine-excluded`, `user-disabled`, `user-without-address`, `address-refused`
 */
export async function certify(
  context: CoreContext,
  request: CertifyRequest,
): Promise<{ readonly chain: readonly string[] }> {
  return untilRecorded(async () => {
    const { configuration, activeKey } = await serviceState(context, 'certify')
    const caller = requireCaller(request.caller)
    const machine = verifyMachine(context, configuration, activeKey, request.machineChain)
    await recordingRefusals(context, { operation: 'certify', info: request.info, caller }, async () =>
      requireMachineNotExcluded(configuration, machine),
    )
    requireAddress(caller.user)
    const accountKey = await accountKeyOf(context, configuration, caller.user, activeKey)
    const certificateId = context.random.guid()
    const recorded = await recordDecision(context, configuration, {
      operation: 'certify',
      info: request.info,
      caller,
      details: {
        certificateId,
        machine: machine.principal.object.id,
        machineKey: machine.principal.publicKey.fingerprint,
        persistent: request.persistent,
      },
    })
    if (!recorded) return undefined
    const certificate = await issueFor(context, { ...request, caller, machine, activeKey, accountKey, certificateId })
    return { chain: [certificate, ...activeKey.chain] }
  })
}

export function requireCaller(caller: Caller | undefined): Caller {
  if (caller === undefined) throw new RightsError('unauthenticated')
  if (caller.user.disabled) throw new RightsError('user-disabled')
  return caller
}

/** @throws RightsError `user-without-address`, or `address-refused` for what is no mail address (MS-RMPR 3.3.4.1) */
export function requireAddress(user: DirectoryUser): void {
  if (user.address === '') throw new RightsError('user-without-address')
  if (knownAddress(user.address) === undefined) throw new RightsError('address-refused')
}

async function issueFor(
  context: CoreContext,
  input: {
    readonly caller: Caller
    readonly persistent: boolean
    readonly machine: MachineCertificate
    readonly activeKey: ServiceKey
    readonly accountKey: KeyObject
    readonly certificateId: string
  },
): Promise<string> {
  const { cluster } = context
  return issueAccount(context, {
    certificateId: input.certificateId,
    user: input.caller.user,
    accountKey: input.accountKey,
    activeKey: input.activeKey,
    validity: input.persistent ? cluster.persistentValidity : cluster.temporaryValidity,
    credentialType: input.persistent ? 'Persistent' : 'Temporary',
    machine: input.machine,
  })
}
