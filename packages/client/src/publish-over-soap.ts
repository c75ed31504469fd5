/** Publishing by the service (MS-RMPR 3.5.4.1): this client chooses the content key, the service signs the licence. */
import { parsePublishingLicense, RightsError, writePublishingLicenseDraft, type ContentKey } from '@sealward/xrml'
import type { Client } from './client.ts'
import type { PublishingIdentity } from './client-licensor.ts'
import { licensePartsOf } from './license-parts.ts'
import type { ProtectionPolicy } from './protection-policy.ts'
import type { Publication } from './publication.ts'
import { licensingOf } from './service-locator.ts'
import { callSoap } from './soap-door.ts'
import { requireTrustedChain } from './trust.ts'

export async function publishOverSoap(
  client: Client,
  identity: PublishingIdentity,
  policy: ProtectionPolicy,
  content: { readonly contentKey: ContentKey; readonly owner: string | undefined },
): Promise<Publication> {
  const { contentKey } = content
  const { parts, owner } = await licensePartsOf(client, identity, policy, content)
  const draft = writePublishingLicenseDraft(parts)
  const { responses } = await callSoap(client, licensingOf(client, client.store), 'AcquireIssuanceLicense', {
    requests: [{ unsignedIssuanceLicense: draft }],
  })
  const [signed] = requireTrustedChain(responses[0]?.certificateChain ?? [], identity.anchors, client.now())
  if (signed === undefined) throw new RightsError('service-answer-refused', { detail: 'no licence in the answer' })
  const license = parsePublishingLicense(signed)
  if (!parts.work.includes(license.work.object.raw) || license.work.owner?.address !== owner) {
    throw new RightsError('service-answer-refused', { detail: 'a licence for other content' })
  }
  return { documents: [signed.text], cipher: contentKey, owner, useLicense: undefined }
}
