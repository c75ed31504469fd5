/** What a licence made by this client says, before anyone signs it (MS-RMPR 2.2.9.7). */
import {
  child,
  distributionUrl,
  element,
  parseSignedXrml,
  rawElement,
  writeAuthenticatedData,
  writeDescriptor,
  writeDistributionPoint,
  writeLocalizedNames,
  writeObject,
  writeOwner,
  writeRightsData,
  RightsError,
} from '@sealward/xrml'
import type { ContentKey, Owner, PublishingLicenseParts } from '@sealward/xrml'
import type { Client } from './client.ts'
import type { PublishingIdentity } from './client-licensor.ts'
import { newGuid } from './guid.ts'
import { policyFieldsOf, type AdHocPolicy, type ProtectionPolicy } from './protection-policy.ts'
import { findTemplate } from './templates.ts'

export interface LicenseParts {
  readonly parts: PublishingLicenseParts
  readonly owner: string
}

export async function licensePartsOf(
  client: Client,
  identity: PublishingIdentity,
  policy: ProtectionPolicy,
  content: { readonly contentKey: ContentKey; readonly owner?: string | undefined },
): Promise<LicenseParts> {
  const { contentKey } = content
  const owner = ownerOf(identity, content.owner)
  const contentId = newGuid(client.random)
  const issuedAt = client.now()
  const said =
    'templateId' in policy
      ? await templateParts(client, policy.templateId)
      : adHocParts(client, policy, { issuedAt, contentId, owner })
  return {
    owner: owner.address,
    parts: {
      ...said,
      ...licensingUrlsOf(identity),
      issuedAt,
      server: identity.clientLicensor.issuer,
      contentKey,
      work: element('WORK', {}, writeObject({ idType: 'MS-GUID', id: contentId }), writeOwner(owner)),
      random: client.random,
    },
  }
}

function ownerOf({ account }: PublishingIdentity, named: string | undefined): Owner {
  const { idType, name } = account.principal.object
  return { idType, id: '', address: named ?? name ?? account.addresses[0] ?? '' }
}

type SaidByPolicy = Pick<PublishingLicenseParts, 'descriptor' | 'referral' | 'rightsData' | 'additions'>

function adHocParts(
  client: Client,
  policy: AdHocPolicy,
  document: { readonly issuedAt: Date; readonly contentId: string; readonly owner: Owner },
): SaidByPolicy {
  const fields = policyFieldsOf(policy, newGuid(client.random))
  const { id, names, referral, applicationData = [] } = fields
  return {
    rightsData: writeRightsData({ ...fields, ...document }),
    ...(id === undefined ? {} : { descriptor: writeDescriptor(undefined, id, writeLocalizedNames(names)) }),
    ...(referral === undefined
      ? {}
      : { referral: writeDistributionPoint('Referral-Info', referral, document.owner.address) }),
    additions: writeAuthenticatedData('APPSPECIFIC', applicationData),
  }
}

/** The signed template is the rights data; what concerns every reader is repeated in clear. */
async function templateParts(client: Client, id: string): Promise<SaidByPolicy> {
  const { text, policy } = await findTemplate(client, id)
  const descriptor = child(parseSignedXrml(text).body, 'DESCRIPTOR')
  const referral = policy.distributionPoints.find((point) => point.type === 'Referral-Info')
  return {
    rightsData: text,
    ...(descriptor === undefined ? {} : { descriptor: rawElement(descriptor) }),
    ...(referral === undefined ? {} : { referral: referral.raw }),
    additions: writeAuthenticatedData('APPSPECIFIC', policy.applicationData),
  }
}

function licensingUrlsOf({
  clientLicensor: { distributionPoints },
}: PublishingIdentity): Pick<PublishingLicenseParts, 'licensingUrl' | 'externalLicensingUrl'> {
  const licensingUrl = distributionUrl(distributionPoints, 'License-Acquisition-URL')
  const externalLicensingUrl = distributionUrl(distributionPoints, 'Extranet-License-Acquisition-URL')
  if (licensingUrl === undefined) {
    throw new RightsError('certificate-not-ours', { detail: 'the client licensor certificate names no licensing URL' })
  }
  return { licensingUrl, ...(externalLicensingUrl === undefined ? {} : { externalLicensingUrl }) }
}
