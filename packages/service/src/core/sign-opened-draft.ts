/**
 * What becomes of an opened draft (MS-RMPR 3.5.4.1, MS-RMSI 3.3.4.1): times, URLs, principal, seal and signature are the
 * service's; everything else that the publisher wrote stays, his expiry and what nobody here knows included.
 */
import {
  child,
  rawElement,
  signPublishingLicenseOnline,
  type ContentKey,
  type OpenedPublishingLicense,
  type PublishingLicense,
  type XmlElement,
} from '@sealward/xrml'
import { licensingUrlsIn } from './licensing-urls.ts'
import type { CoreContext } from './ports.ts'
import type { ServiceState } from './service-state.ts'

export interface OpenedDraft {
  readonly draft: PublishingLicense
  readonly opened: Pick<OpenedPublishingLicense, 'policyDocument'>
  /** That of the draft, unless it is a new policy for content that is published already. */
  readonly contentKey: ContentKey
}

/** Parts of the BODY that have a place of their own in the signed licence, or are made anew. */
const placed = new Set([
  'ISSUEDTIME',
  'VALIDITYTIME',
  'DESCRIPTOR',
  'ISSUER',
  'DISTRIBUTIONPOINT',
  'ISSUEDPRINCIPALS',
  'WORK',
])

/** The service's own URLs replace these. */
const licensingPoints = new Set(['License-Acquisition-URL', 'Extranet-License-Acquisition-URL'])

export async function signOpenedDraft(
  context: CoreContext,
  { draft, opened, contentKey }: OpenedDraft,
  { configuration, activeKey }: ServiceState,
): Promise<string> {
  const { body } = draft.document
  const validity = child(body, 'VALIDITYTIME')
  const descriptor = child(body, 'DESCRIPTOR')
  const points = draft.distributionPoints.filter((point) => !licensingPoints.has(point.type))
  const additions = body.children.filter((part) => !placed.has(part.local) && !isRightsData(part))
  return signPublishingLicenseOnline({
    issuedAt: context.clock.now(),
    ...(validity === undefined ? {} : { validity: rawElement(validity) }),
    ...(descriptor === undefined ? {} : { descriptor: rawElement(descriptor) }),
    ...licensingUrlsIn(context, configuration),
    referral: points.map((point) => point.raw).join(''),
    server: activeKey.licensor.principal,
    contentKey,
    work: rawElement(draft.work.element),
    rightsData: opened.policyDocument.text,
    additions: additions.map(rawElement).join(''),
    licensor: activeKey.licensor.principal,
    key: activeKey.handle,
    random: (count) => context.random.bytes(count),
  })
}

function isRightsData(part: XmlElement): boolean {
  return part.local === 'AUTHENTICATEDDATA' && part.attributes.get('id') === 'Encrypted-Rights-Data'
}
