/** Making the licence of a new document, on one of three ways, with the content key that goes with it. */
import { RightsError, writeContentKey, type ContentKey } from '@sealward/xrml'
import type { Client } from './client.ts'
import type { CipherChoice, Publication, Publishing } from './publication.ts'
import { publishOffline } from './publish-offline.ts'
import { publishOverRest } from './publish-over-rest.ts'
import { publishOverSoap } from './publish-over-soap.ts'
import { requireEffectivePolicy, type ProtectionPolicy } from './protection-policy.ts'

export interface PublishOptions {
  /** Default `online`. */
  readonly publishing?: Publishing
  /**
   * Address of the owner when it is not the caller. The service must list the caller among those who publish for others;
   * only publishing online over SOAP can name an owner.
   */
  readonly owner?: string
}

/**
 * A licence for new content, with the content key that goes with it.
 *
 * ```ts
 * const { documents, cipher } = await publish(client, { templateId }, { mode: 'cbc4k', keyBytes: 32 })
 * ```
 * @throws RightsError `protection-disabled`, `policy-grants-nothing`, `template-unknown`, `owner-not-publisher`, and those of
 * transport and service
 */
export async function publish(
  client: Client,
  policy: ProtectionPolicy,
  choice: CipherChoice,
  { publishing = 'online', owner }: PublishOptions = {},
): Promise<Publication> {
  requireProtectionAllowed(client)
  requireEffectivePolicy(policy)
  if (owner !== undefined && (publishing === 'offline' || client.door === 'rest')) {
    throw new RightsError('owner-not-publisher', { detail: 'only online publishing over SOAP names another owner' })
  }
  if (publishing === 'online' && client.door === 'rest') return publishOverRest(client, policy, choice)
  const contentKey: ContentKey = writeContentKey(choice.mode, client.random(choice.keyBytes))
  const identity = await client.publishingIdentity()
  return publishing === 'online'
    ? publishOverSoap(client, identity, policy, { contentKey, owner })
    : publishOffline(client, identity, policy, contentKey)
}

/**
 * What Windows calls DisableCreation: documents are opened, and none is protected.
 *
 * ```ts
 * requireProtectionAllowed(client)
 * ```
 * @throws RightsError `protection-disabled` with who set it
 */
export function requireProtectionAllowed({ protectionDisabledBy }: Pick<Client, 'protectionDisabledBy'>): void {
  if (protectionDisabledBy !== undefined) throw new RightsError('protection-disabled', { detail: protectionDisabledBy })
}
