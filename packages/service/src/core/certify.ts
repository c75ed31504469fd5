/**
 * Certify (MS-RMPR 3.3.4.1): a rights account certificate for the authenticated user on one machine. The user's key pair
 * is made once and kept, so that use licences work on all machines of the user.
 */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { issueAccountCertificate, publicKeyFromKeyObject, RightsError, type MachineCertificate } from '@sealward/xrml'
import { knownAddress } from './address.ts'
import type { ServiceKey } from './configuration.ts'
import type { Caller, CoreContext, DirectoryUser, RequestInfo } from './ports.ts'
import { recordDecision, untilRecorded } from './records.ts'
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
 * `cryptographic-mode-mismatch`, `user-disabled`, `user-without-address`
 */
export async function certify(
  context: CoreContext,
  request: CertifyRequest,
): Promise<{ readonly chain: readonly string[] }> {
  return untilRecorded(async () => {
    const { configuration, activeKey } = await serviceState(context, 'certify')
    const caller = requireCaller(request.caller)
    const machine = verifyMachine(context, configuration, activeKey, request.machineChain)
    requireAddress(caller.user)
    const accountKey = await accountKeyOf(context, caller.user, activeKey)
    const certificateId = context.random.guid()
    const recorded = await recordDecision(context, configuration, {
      operation: 'certify',
      info: request.info,
      caller,
      details: { certificateId, machine: machine.principal.object.id, persistent: request.persistent },
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

function requireAddress(user: DirectoryUser): void {
  if (knownAddress(user.address) === undefined) throw new RightsError('user-without-address')
}

/** The key pair of the user in the mode of the service; generated at the first certificate. */
async function accountKeyOf(context: CoreContext, user: DirectoryUser, activeKey: ServiceKey): Promise<KeyObject> {
  const { accountKeys } = context.store
  const mode = activeKey.mode
  const known = await accountKeys.find(user.id, mode.number)
  if (known !== undefined) return known
  const made = await context.random.keyPair(mode.keyBits)
  return accountKeys.insertOnce(user.id, mode.number, context.clock.now(), made)
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
  const { user } = input.caller
  const now = context.clock.now()
  const validity = input.persistent ? cluster.persistentValidity : cluster.temporaryValidity
  return issueAccountCertificate({
    certificateId: input.certificateId,
    issuedAt: now,
    validity: {
      from: new Date(now.getTime() - cluster.validityTolerance),
      until: new Date(now.getTime() + validity),
    },
    licensor: input.activeKey.licensor.principal,
    identity:
      cluster.personality === 'cluster'
        ? { idType: 'Windows', id: user.sid, address: user.address, aliases: [] }
        : { idType: 'Federation', id: user.id, address: user.address, aliases: user.aliases },
    accountKey: input.accountKey,
    accountPublicKey: publicKeyFromKeyObject(createPublicKey(input.accountKey)),
    machine: input.machine,
    credentialType: input.persistent ? 'Persistent' : 'Temporary',
    certificationUrl: cluster.certificationUrl,
    ...(cluster.externalCertificationUrl === undefined
      ? {}
      : { externalCertificationUrl: cluster.externalCertificationUrl }),
    key: input.activeKey.handle,
    random: (count) => context.random.bytes(count),
  })
}
