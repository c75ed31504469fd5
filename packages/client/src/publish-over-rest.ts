/** Publishing over REST: the service chooses the content key, makes the licence, and makes the caller its owner. */
import { parsePublishingLicenseResponse, writePublishingLicenseRequest } from '@sealward/protocol'
import { parseXrmlChain } from '@sealward/xrml'
import type { Client } from './client.ts'
import { readPublishedLicense } from './published-license.ts'
import { restPolicyOf, type ProtectionPolicy } from './protection-policy.ts'
import type { CipherChoice, Publication } from './publication.ts'
import { callRest, discoverServices } from './rest-door.ts'

export async function publishOverRest(
  client: Client,
  policy: ProtectionPolicy,
  choice: CipherChoice,
): Promise<Publication> {
  const { publishingLicenses } = await discoverServices(client)
  const referral = 'templateId' in policy ? undefined : policy.referral
  const request = writePublishingLicenseRequest({
    preferDeprecatedAlgorithms: choice.mode === 'ecb',
    allowAuditedExtraction: false,
    signedApplicationData: new Map(),
    ...(referral === undefined ? {} : { referralInfo: referral }),
    source:
      'templateId' in policy
        ? { kind: 'template', templateId: policy.templateId }
        : { kind: 'policy', policy: restPolicyOf(policy) },
  })
  const answer = parsePublishingLicenseResponse(await callRest(client, publishingLicenses, request))
  readPublishedLicense(answer.license.text)
  return {
    documents: parseXrmlChain(answer.license.text).map((document) => document.text),
    cipher: answer.key,
    owner: answer.owner,
    useLicense: undefined,
  }
}
