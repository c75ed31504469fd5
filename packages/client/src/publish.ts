/** Making the licence of a new document, on one of three ways, with the content key that goes with it. */
import { writeContentKey, type ContentKey } from '@sealward/xrml'
import type { Client } from './client.ts'
import type { CipherChoice, Publication, Publishing } from './publication.ts'
import { publishOffline } from './publish-offline.ts'
import { publishOverRest } from './publish-over-rest.ts'
import { publishOverSoap } from './publish-over-soap.ts'
import { requireEffectivePolicy, type ProtectionPolicy } from './protection-policy.ts'

export async function publish(
  client: Client,
  policy: ProtectionPolicy,
  choice: CipherChoice,
  publishing: Publishing,
): Promise<Publication> {
  requireEffectivePolicy(policy)
  if (publishing === 'online' && client.door === 'rest') return publishOverRest(client, policy, choice)
  const contentKey: ContentKey = writeContentKey(choice.mode, client.random(choice.keyBytes))
  const identity = await client.identity()
  return publishing === 'online'
    ? publishOverSoap(client, identity, policy, contentKey)
    : publishOffline(client, identity, policy, contentKey)
}
