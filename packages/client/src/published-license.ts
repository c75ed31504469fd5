/**
 * The licence text of a document: the publishing licence, behind it whatever its writer stored with it (the certificate
 * that signed it, the author's own use licence, certificates up to the root), in no order that a reader may rely on.
 */
import {
  canonicalGuid,
  distributionUrl,
  orderChain,
  parsePublishingLicense,
  parseSignedXrml,
  parseXrmlChain,
  RightsError,
  verifySignature,
} from '@sealward/xrml'
import type { PublishingLicense, XrmlDocument } from '@sealward/xrml'

export interface PublishedLicense {
  readonly license: PublishingLicense
  /** The publishing licence and, if it was signed offline, the client licensor certificate: what a server needs. */
  readonly signed: readonly string[]
  /** The author's use licence with all certificates that may stand above it. */
  readonly useLicense: readonly string[] | undefined
  /** Where its cluster was, inside first. */
  readonly licensingUrls: readonly string[]
}

/**
 * Reads a document's licence text and verifies who signed it. Whether that signer is one of the cluster's is the
 * service's question, since only the service holds the key that opens the licence.
 * @throws RightsError `xrml-malformed`, `xrml-digest-mismatch`, `xrml-signature-invalid`, `chain-not-linked` and others
 * of `parseXrmlChain`
 */
export function readPublishedLicense(licenseText: string): PublishedLicense {
  const documents = parseXrmlChain(licenseText).map((document) => parseSignedXrml(document.text))
  const license = parsePublishingLicense(requireFirst(documents))
  const [leaf, signer] = orderChain(documents)
  for (const document of [license.document, signer]) if (document !== undefined) verifySignature(document)
  if (license.kind === 'offline' && signer?.type !== 'client-licensor-certificate') {
    throw new RightsError('chain-not-linked', { detail: 'the certificate that signed the licence is missing' })
  }
  const ownerLicense = documents.find((document) => document.type === 'use-license')
  const { distributionPoints } = license
  return {
    license,
    signed: [leaf, license.kind === 'offline' ? signer : undefined].flatMap((each) => each?.text ?? []),
    useLicense: ownerLicense && [ownerLicense, ...documents.filter(isCertificate)].map(({ text }) => text),
    licensingUrls: ['License-Acquisition-URL', 'Extranet-License-Acquisition-URL'].flatMap(
      (type) => distributionUrl(distributionPoints, type)?.trim() ?? [],
    ),
  }
}

/** What a licence says about its document to everybody; the content id without braces. */
export function describePublished({ license }: PublishedLicense): {
  readonly owner: string | undefined
  readonly contentId: string
} {
  return { owner: license.work.owner?.address, contentId: canonicalGuid(license.work.object.id) }
}

function requireFirst([first]: readonly XrmlDocument[]): XrmlDocument {
  if (first === undefined) throw new RightsError('xrml-malformed', { detail: 'no licence' })
  return first
}

function isCertificate({ type }: XrmlDocument): boolean {
  return type !== 'publishing-license' && type !== 'use-license'
}
