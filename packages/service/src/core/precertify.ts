/**
 * Precertify (MS-RMSI 3.4.4.1): the account certificate of somebody else, sealed to no machine, for servers that license
 * content in advance. It opens nothing: the private key stays with the service.
 */
import { RightsError } from '@sealward/xrml'
import { accountKeyOf, issueAccount } from './account-certificate.ts'
import { requireAdmitted } from './admitted.ts'
import { requireAddress } from './certify.ts'
import type { Configuration, ServiceKey } from './configuration.ts'
import type { CoreContext, DirectoryCaller, DirectoryUser, RequestInfo } from './ports.ts'
import { recordDecision, untilRecorded } from './records.ts'
import { serviceState } from './service-state.ts'

export interface PrecertifyRequest {
  readonly caller: DirectoryCaller | undefined
  readonly info: RequestInfo
  /** Mail address, security identifier, or both; then they must name the same user. */
  readonly address?: string
  readonly sid?: string
}

/**
 * @throws RightsError the codes of serviceState and requireAdmitted; `user-not-in-directory`, `user-disabled`,
 * `user-without-address`, `address-refused`, `precertify-names-differ`
 */
export async function precertify(
  context: CoreContext,
  request: PrecertifyRequest,
): Promise<{ readonly certificate: string }> {
  return untilRecorded(async () => {
    const { configuration, activeKey } = await serviceState(context, 'precertify')
    const caller = await requireAdmitted(context, configuration, request.caller, 'precertification')
    const user = await namedUser(context, request)
    const certificateId = context.random.guid()
    const certificate = await issuePrecertificate(context, { configuration, user, activeKey, certificateId })
    const recorded = await recordDecision(context, configuration, {
      operation: 'precertify',
      info: request.info,
      caller,
      details: { certificateId, subject: user.address },
    })
    return recorded ? { certificate } : undefined
  })
}

/** @throws RightsError `user-without-address`, `address-refused` */
export async function issuePrecertificate(
  context: CoreContext,
  input: {
    readonly configuration: Configuration
    readonly user: DirectoryUser
    readonly activeKey: ServiceKey
    readonly certificateId: string
  },
): Promise<string> {
  requireAddress(input.user)
  const accountKey = await accountKeyOf(context, input.configuration, input.user, input.activeKey)
  return issueAccount(context, {
    ...input,
    accountKey,
    validity: context.cluster.persistentValidity,
    credentialType: 'Persistent',
  })
}

async function namedUser(context: CoreContext, { address, sid }: PrecertifyRequest): Promise<DirectoryUser> {
  const named = [
    ...(address === undefined ? [] : [await context.directory.findByAddress(address)]),
    ...(sid === undefined ? [] : [await context.directory.findBySid(sid)]),
  ]
  const [user] = named
  if (user === undefined || named.includes(undefined)) throw new RightsError('user-not-in-directory')
  if (named.some((other) => other?.id !== user.id)) throw new RightsError('precertify-names-differ')
  if (user.disabled) throw new RightsError('user-disabled')
  return user
}
