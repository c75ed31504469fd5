/**
 * Publishing without the service (MS-RMPR 3.8): the user's client licensor certificate signs the licence, and a use
 * licence for the author, so that the author opens the document without the service as well. The order of the documents
 * is the one in which Windows clients store them.
 */
import { issueOwnerUseLicense, parsePublishingLicense, parseXrml, signPublishingLicenseOffline } from '@sealward/xrml'
import type { ContentKey } from '@sealward/xrml'
import type { Client } from './client.ts'
import type { PublishingIdentity } from './client-licensor.ts'
import { newGuid } from './guid.ts'
import { licensePartsOf } from './license-parts.ts'
import type { ProtectionPolicy } from './protection-policy.ts'
import type { Publication } from './publication.ts'

const clientVersion = '1.0.0.0'

export async function publishOffline(
  client: Client,
  identity: PublishingIdentity,
  policy: ProtectionPolicy,
  contentKey: ContentKey,
): Promise<Publication> {
  const { parts, owner } = await licensePartsOf(client, identity, policy, { contentKey })
  const signer = { licensor: identity.clientLicensor.principal, key: identity.clientLicensorKey }
  const text = await signPublishingLicenseOffline({ ...parts, ...signer, clientVersion })
  const ownerLicense = await issueOwnerUseLicense({
    ...signer,
    licenseId: newGuid(client.random),
    issuedAt: parts.issuedAt,
    account: identity.account,
    publishingLicense: parsePublishingLicense(parseXrml(text)),
    contentKey,
    ...(parts.additions === undefined ? {} : { additions: parts.additions }),
    random: client.random,
  })
  const useLicense = [ownerLicense, ...identity.clientLicensorChain]
  const [clientLicensor = ''] = identity.clientLicensorChain
  return { documents: [text, clientLicensor, ...useLicense], cipher: contentKey, owner, useLicense }
}
