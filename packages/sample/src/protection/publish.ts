/**
 * Publishes as a client of its time did (MS-RMPR 3.4.4.1 online, 3.9 offline). Offline publishing leaves the licence in
 * the form that the Windows client stores: publishing licence, client licensor certificate, owner's use licence, then the
 * certificate chain again.
 */
import {
  type CipherMode,
  type ContentKey,
  element,
  issueOwnerUseLicense,
  type Owner,
  parsePublishingLicense,
  parseXrml,
  type PublishingLicense,
  type PublishingLicenseParts,
  signPublishingLicenseOffline,
  signPublishingLicenseOnline,
  textElement,
  writeAuthenticatedData,
  writeContentKey,
  writeDescriptor,
  writeDistributionPoint,
  writeLocalizedNames,
  writeOwner,
  writeRightsData,
} from '@sealward/xrml'
import type { SampleDesk } from '../authorities/desks.ts'
import { type RandomBytes, randomGuid } from '../randomness.ts'
import type { SamplePolicy } from './policies.ts'
import { type SampleTemplates, templateOf } from './templates.ts'

export interface PublishInput {
  readonly desk: SampleDesk
  /** Servers hand out the licence alone, or with the chain of their certificate behind it. */
  readonly signedBy: 'client' | 'server' | 'server-with-chain'
  readonly policy: SamplePolicy
  readonly issuedAt: Date
  readonly licensingUrl: string
  readonly externalLicensingUrl?: string | undefined
  readonly cipher: { readonly mode: CipherMode; readonly keyBytes: 16 | 32 }
  /** Kept in the licence in clear text, as the file clients do. */
  readonly contentName?: string | undefined
}

export interface PublishedContent {
  readonly publishingLicense: PublishingLicense
  readonly contentKey: ContentKey
  /** The owner's own use licence; only clients make it. */
  readonly ownerUseLicense: string | undefined
  /** The publishing licence and everything that is stored behind it, in order. */
  readonly licenses: readonly string[]
}

export async function publish(
  input: PublishInput,
  templates: SampleTemplates,
  random: RandomBytes,
): Promise<PublishedContent> {
  const { desk, cipher, signedBy } = input
  const contentKey = writeContentKey(cipher.mode, random(cipher.keyBytes))
  const parts = licenseParts(input, contentKey, templates, random)
  if (signedBy !== 'client') {
    const { certificate, key, chain } = desk.cluster
    const text = await signPublishingLicenseOnline({ ...parts, licensor: certificate.principal, key: key.handle })
    return {
      publishingLicense: parsePublishingLicense(parseXrml(text)),
      contentKey,
      ownerUseLicense: undefined,
      licenses: signedBy === 'server' ? [text] : [text, ...chain],
    }
  }
  const text = await signPublishingLicenseOffline({
    ...parts,
    licensor: desk.licensor.principal,
    key: desk.licensorKey.handle,
    clientVersion: desk.clientVersion,
  })
  const publishingLicense = parsePublishingLicense(parseXrml(text))
  const ownerUseLicense = await issueOwnerUseLicense({
    licenseId: randomGuid(random),
    issuedAt: input.issuedAt,
    licensor: desk.licensor.principal,
    key: desk.licensorKey.handle,
    account: desk.account,
    publishingLicense,
    contentKey,
    additions: cachingMarkup(input.policy, templates),
    random,
  })
  const [licensorText = ''] = desk.licensorChain
  return {
    publishingLicense,
    contentKey,
    ownerUseLicense,
    licenses: [text, licensorText, ownerUseLicense, ...desk.licensorChain],
  }
}

function licenseParts(
  input: PublishInput,
  contentKey: ContentKey,
  templates: SampleTemplates,
  random: RandomBytes,
): PublishingLicenseParts {
  const { desk, policy, issuedAt, externalLicensingUrl, contentName } = input
  const contentId = randomGuid(random)
  const owner: Owner = { idType: 'Windows', id: '', address: desk.author.address }
  const metadata = contentName === undefined ? [] : [{ name: 'MS.Content.Name', value: contentName }]
  const referral = referralOf(policy, templates)
  return {
    issuedAt,
    ...policyParts(policy, { contentId, owner, issuedAt }, templates),
    licensingUrl: input.licensingUrl,
    ...(externalLicensingUrl === undefined ? {} : { externalLicensingUrl }),
    ...(referral === undefined ? {} : { referral: writeDistributionPoint('Referral-Info', referral, owner.address) }),
    server: desk.cluster.certificate.principal,
    contentKey,
    work: element(
      'WORK',
      {},
      element('OBJECT', {}, textElement('ID', { type: 'MS-GUID' }, contentId)),
      writeOwner(owner),
    ),
    additions: cachingMarkup(policy, templates) + writeAuthenticatedData('LICENSEMETADATA', metadata),
    random,
  }
}

/** A template goes into the licence as it was signed; a custom policy is written for this content. */
function policyParts(
  policy: SamplePolicy,
  content: { readonly contentId: string; readonly owner: Owner; readonly issuedAt: Date },
  templates: SampleTemplates,
): Pick<PublishingLicenseParts, 'rightsData' | 'descriptor'> {
  if (policy.kind === 'template') {
    const template = templateOf(templates, policy.template)
    const descriptor = writeDescriptor(undefined, template.id, writeLocalizedNames(template.names))
    return { rightsData: template[policy.edition].text, descriptor }
  }
  const { grants, expires, referral } = policy
  const rightsData = writeRightsData({
    ...content,
    names: [],
    grants,
    ...(expires === undefined ? {} : { preconditions: expires }),
    ...(referral === undefined ? {} : { referral }),
  })
  return { rightsData }
}

function referralOf(policy: SamplePolicy, templates: SampleTemplates): string | undefined {
  return policy.kind === 'custom' ? policy.referral : templateOf(templates, policy.template).definition.referral
}

/** Whether the owner forbids storing use licences. */
export function forbidsCaching(policy: SamplePolicy, templates: SampleTemplates): boolean {
  const { noCaching } = policy.kind === 'custom' ? policy : templateOf(templates, policy.template).definition
  return noCaching === true
}

function cachingMarkup(policy: SamplePolicy, templates: SampleTemplates): string {
  const forbidden = forbidsCaching(policy, templates)
  return writeAuthenticatedData('APPSPECIFIC', forbidden ? [{ name: 'NOLICCACHE', value: '1' }] : [])
}
