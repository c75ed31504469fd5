/** What can be said of a publishing licence and its chain without any key. */
import {
  canonicalGuid,
  parseLocalizedNames,
  parsePublishingLicense,
  RightsError,
  verifyDocuments,
  type DistributionPointKind,
  type DocumentVerdict,
  type LocalizedName,
  type PublishingLicense,
  type XrmlDocument,
} from '@sealward/xrml'
import { documentFacts } from './document-facts.ts'

export interface LicenseSummary {
  readonly contentId: string
  readonly policyId: string | null
  readonly policyNames: readonly LocalizedName[]
  readonly issuedAt: string
  readonly owner: string | null
  readonly kind: 'online' | 'offline'
  readonly cryptographicMode: 1 | 2
  readonly issuerKey: string | null
  readonly serverKey: string
  readonly licensingUrls: readonly string[]
  readonly extranetUrls: readonly string[]
  readonly referral: string | null
  readonly chain: readonly ChainLink[]
}

export interface ChainLink {
  readonly type: string
  readonly subject: string
  readonly issuedAt: string | null
  readonly validFrom: string | null
  readonly validUntil: string | null
  readonly publicKey: string | null
  readonly signature: 'valid' | 'invalid' | 'unverifiable'
}

/**
 * @param documents as the file stores them: the publishing licence first
 * @throws RightsError `xrml-malformed`, `public-key-invalid`
 */
export function summariseLicense(documents: readonly XrmlDocument[]): {
  readonly summary: LicenseSummary
  readonly keyBits: number | null
} {
  const [leaf] = documents
  if (leaf === undefined) throw new RightsError('xrml-malformed', { detail: 'no licence' })
  const license = parsePublishingLicense(leaf)
  const { descriptor } = license
  return {
    keyBits: contentKeyBits(license),
    summary: {
      contentId: canonicalGuid(license.work.object.id),
      policyId: descriptor === undefined ? null : canonicalGuid(descriptor.id),
      policyNames: parseLocalizedNames(descriptor?.name ?? ''),
      issuedAt: license.issuedAt.toISOString(),
      owner: license.work.owner?.address ?? null,
      kind: license.kind,
      cryptographicMode: license.enablingBits.mode.number,
      issuerKey: license.issuer?.publicKey.fingerprint ?? null,
      serverKey: license.server.publicKey.fingerprint,
      licensingUrls: urlsOf(license, 'License-Acquisition-URL'),
      extranetUrls: urlsOf(license, 'Extranet-License-Acquisition-URL'),
      referral: urlsOf(license, 'Referral-Info')[0] ?? null,
      chain: verifyDocuments(documents).documents.map((verdict, index) => linkOf(verdict, documents[index] ?? leaf)),
    },
  }
}

function urlsOf(license: PublishingLicense, kind: DistributionPointKind): readonly string[] {
  return license.distributionPoints.filter(({ type }) => type === kind).map(({ url }) => url)
}

/** Sizes of a sealed content key in bytes, with AES-128 and AES-256 inside (MS-RMPR 2.2.9.1.13). */
const sealedSizes: Readonly<Record<1 | 2, ReadonlyMap<number, number>>> = {
  1: new Map([
    [192, 128],
    [208, 256],
  ]),
  2: new Map([
    [336, 128],
    [352, 256],
  ]),
}

/** The size of the seal gives the size of the key away; the key itself stays closed. */
function contentKeyBits({ enablingBits }: PublishingLicense): number | null {
  return sealedSizes[enablingBits.mode.number].get(enablingBits.sealed.length) ?? null
}

function linkOf(verdict: DocumentVerdict, document: XrmlDocument): ChainLink {
  return {
    type: verdict.type,
    subject: verdict.subject ?? '',
    ...documentFacts(document),
    signature: signatureOf(verdict),
  }
}

function signatureOf({ digest, signature }: DocumentVerdict): ChainLink['signature'] {
  if (signature === 'absent') return 'unverifiable'
  return signature === 'valid' && digest === 'match' ? 'valid' : 'invalid'
}
