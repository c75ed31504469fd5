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
import { requireFederated } from './federated.ts'
import type { Caller, CoreContext, DirectoryUser, FederatedCaller, RequestInfo, Sender } from './ports.ts'
import { recordDecision, recordingRefusals, untilRecorded } from './records.ts'
import { isAccount, nameOf, requireDirectoryCaller } from './sender.ts'
import { sharedIdentity } from './server-identity.ts'
import { serviceState } from './service-state.ts'
import type { ClosedDoor } from './settings.ts'
import { verifyMachine } from './verify-machine.ts'

export interface CertifyRequest {
  readonly caller: Sender | undefined
  /** Whether the request came to the address for federated people, who are certified there and nowhere else. */
  readonly federated?: boolean
  /** Through which a server was admitted. */
  readonly door?: ClosedDoor
  readonly info: RequestInfo
  /** Machine certificate first. */
  readonly machineChain: readonly string[]
  /** False for a short-lived certificate on a machine that is not the user's. */
  readonly persistent: boolean
}

/**
 * @throws RightsError the codes of serviceState and requireFederated, `unauthenticated`, `machine-chain-invalid`,
 * `machine-chain-untrusted`, `cryptographic-mode-mismatch`, `machine-excluded`, `user-disabled`, `user-without-address`,
 * `address-refused`
 */
export async function certify(
  context: CoreContext,
  request: CertifyRequest,
): Promise<{ readonly chain: readonly string[] }> {
  return untilRecorded(async () => {
    const { configuration, activeKey } = await serviceState(context, 'certify')
    const known = requireKnown(context, request)
    const machine = verifyMachine(context, configuration, activeKey, request.machineChain)
    await recordingRefusals(context, { operation: 'certify', info: request.info, caller: known }, async () =>
      requireMachineNotExcluded(configuration, machine),
    )
    const shared = known.authentication === 'federated' ? undefined : await sharedIdentity(context, known, request.door)
    const caller = shared ?? (known.authentication === 'federated' ? known : requireCaller(known))
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
        ...(shared === undefined ? {} : { server: nameOf(known) }),
      },
    })
    if (!recorded) return undefined
    const certificate = await issueFor(context, { ...request, caller, machine, activeKey, accountKey, certificateId })
    return { chain: [certificate, ...activeKey.chain] }
  })
}

/** Who may be certified: people at the addresses for them, and servers that may stand for somebody. */
function requireKnown(context: CoreContext, { caller, federated = false, info }: CertifyRequest): Sender {
  return federated ? requireFederated(context, caller, info) : requireDirectoryCaller(caller)
}

/**
 * People of the directory at the usual address, federated people at theirs (MS-RMPR 2.1).
 * @throws RightsError the codes of requireCaller and requireFederated
 */
export function requireSender(
  context: Pick<CoreContext, 'cluster'>,
  { caller, federated = false, info }: Pick<CertifyRequest, 'caller' | 'federated' | 'info'>,
): Caller | FederatedCaller {
  return federated ? requireFederated(context, caller, info) : requireCaller(caller)
}

/** Somebody of the directory with a mail address. @throws RightsError `unauthenticated`, `user-disabled`, `user-without-address` */
export function requireCaller(caller: Sender | undefined): Caller {
  const known = requireDirectoryCaller(caller)
  if (isAccount(known)) throw new RightsError('user-without-address', { detail: known.account.name })
  return known
}

/** @throws RightsError `user-without-address`, or `address-refused` for what is no mail address (MS-RMPR 3.3.4.1) */
export function requireAddress(user: Pick<DirectoryUser, 'address'>): void {
  if (user.address === '') throw new RightsError('user-without-address')
  if (knownAddress(user.address) === undefined) throw new RightsError('address-refused')
}

async function issueFor(
  context: CoreContext,
  input: {
    readonly caller: Caller | FederatedCaller
    readonly persistent: boolean
    readonly machine: MachineCertificate
    readonly activeKey: ServiceKey
    readonly accountKey: KeyObject
    readonly certificateId: string
  },
): Promise<string> {
  const { persistentValidity, temporaryValidity, federation } = context.cluster
  const longest = input.caller.authentication === 'federated' ? federation?.validity : undefined
  return issueAccount(context, {
    certificateId: input.certificateId,
    user: input.caller.user,
    accountKey: input.accountKey,
    activeKey: input.activeKey,
    validity: Math.min(input.persistent ? persistentValidity : temporaryValidity, longest ?? Infinity),
    credentialType: input.persistent ? 'Persistent' : 'Temporary',
    machine: input.machine,
  })
}
