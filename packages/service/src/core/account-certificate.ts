/**
 * Rights account certificates as this service writes them (MS-RMPR 3.3.4.1): the user's key pair, made once and kept, so
 * that use licences work on all machines of the user, and those made before the user's first sign-in, too.
 */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { issueAccountCertificate, publicKeyFromKeyObject, type MachineCertificate } from '@sealward/xrml'
import { personalities } from './personality.ts'
import type { Configuration, ServiceKey } from './configuration.ts'
import type { Exclusions } from './exclusion-lists.ts'
import type { Cluster, CoreContext, DirectoryUser, FederatedPerson } from './ports.ts'

/**
 * The key pair of the user in the mode of the service; generated at the first certificate, and anew once the key of it is
 * excluded: what the thief of a key cannot get any more, its owner gets with another one.
 */
export async function accountKeyOf(
  context: CoreContext,
  { exclusions }: Pick<Configuration, 'exclusions'>,
  user: Pick<DirectoryUser, 'id'>,
  activeKey: ServiceKey,
): Promise<KeyObject> {
  const { accountKeys } = context.store
  const mode = activeKey.mode
  const known = await accountKeys.find(user.id, mode.number)
  if (known !== undefined && !isExcluded(exclusions, known)) return known
  const made = await context.random.keyPair(mode.keyBits)
  const now = context.clock.now()
  if (known === undefined) return accountKeys.insertOnce(user.id, mode.number, now, made)
  return context.store.transaction(async (repositories) => {
    const present = await repositories.accountKeys.find(user.id, mode.number)
    if (present !== undefined && !isExcluded(exclusions, present)) return present
    await repositories.accountKeys.replace(user.id, mode.number, now, made)
    return made
  })
}

function isExcluded({ accountKeys }: Exclusions, key: KeyObject): boolean {
  return accountKeys.has(publicKeyFromKeyObject(createPublicKey(key)).fingerprint)
}

export interface IssueAccountInput {
  readonly certificateId: string
  /** Of the directory, or federated: those are named by an identifier of the service and all their addresses. */
  readonly user: DirectoryUser | FederatedPerson
  readonly accountKey: KeyObject
  readonly activeKey: ServiceKey
  /** Milliseconds from now. */
  readonly validity: number
  readonly credentialType: 'Persistent' | 'Temporary'
  /** The machine that gets the private key; absent for precertification. */
  readonly machine?: MachineCertificate
}

/** The certificate alone, without the chain of the service. */
export async function issueAccount(context: CoreContext, input: IssueAccountInput): Promise<string> {
  const { cluster } = context
  const { user, machine, accountKey } = input
  const now = context.clock.now()
  return issueAccountCertificate({
    certificateId: input.certificateId,
    issuedAt: now,
    validity: {
      from: new Date(now.getTime() - cluster.validityTolerance),
      until: new Date(now.getTime() + input.validity),
    },
    licensor: input.activeKey.licensor.principal,
    identity: identityOf(cluster, user),
    accountPublicKey: publicKeyFromKeyObject(createPublicKey(accountKey)),
    ...(machine === undefined ? {} : { sealTo: { machine, accountKey } }),
    credentialType: input.credentialType,
    certificationUrl: cluster.certificationUrl,
    ...(cluster.externalCertificationUrl === undefined
      ? {}
      : { externalCertificationUrl: cluster.externalCertificationUrl }),
    key: input.activeKey.handle,
    random: (count) => context.random.bytes(count),
  })
}

function identityOf(
  { personality }: Pick<Cluster, 'personality'>,
  user: DirectoryUser | FederatedPerson,
): Parameters<typeof issueAccountCertificate>[0]['identity'] {
  const { address } = user
  if (!('sid' in user)) return { idType: 'Federation', id: user.id, address, aliases: user.aliases }
  const { identity: idType, aliases } = personalities[personality]
  return { idType, id: idType === 'Windows' ? user.sid : user.id, address, aliases: aliases ? user.aliases : [] }
}
