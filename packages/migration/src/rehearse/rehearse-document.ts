/**
 * One document of the rehearsal, as a list of steps: detect, read the licence, check its chain, find the key, open the
 * licence, decrypt the whole content, and say who may open it. Nothing is written.
 */
import {
  isRightsError,
  RightsError,
  openPublishingLicense,
  orderChain,
  parseClientLicensorCertificate,
  parsePublishingLicense,
  parseXrmlChain,
  validateChain,
  verifySignature,
  type ErrorCode,
  type PublishingLicense,
  type RightsPolicy,
  type XrmlDocument,
} from '@sealward/xrml'
import type { DocumentParser, ParsedDocument } from './document-parser.ts'
import type { KeyRing, RehearsalKey } from './key-ring.ts'
import { whoMayOpen, type MayOpen } from './who-may-open.ts'

export interface RehearsedDocument {
  readonly path: string
  readonly format: string
  readonly outcome: 'opens' | 'fails' | 'unprotected'
  /** Why it does not open; the code of the catalogue. */
  readonly reason: ErrorCode | null
  /** Fingerprint of the server key that the licence names. */
  readonly key: string | null
  readonly contentSha256: string | null
  readonly contentSize: number | null
  readonly kind: 'online' | 'offline' | null
  readonly owner: string | null
  /** GUID of the template whose current version decides, if the export has it. */
  readonly template: string | null
  /** End of the content's life; only owner, issuer and super users open it afterwards. */
  readonly expiresAt: string | null
  readonly mayOpen: readonly MayOpen[]
}

/** What the summaries need beyond the report's entry. */
export interface DocumentFindings {
  readonly entry: RehearsedDocument
  readonly urls: readonly string[]
  readonly templateId: string | undefined
  readonly templateName: string | undefined
  readonly keyKnown: boolean
}

export async function rehearseDocument(input: {
  readonly path: string
  readonly parser: DocumentParser
  readonly keys: KeyRing
}): Promise<DocumentFindings> {
  const { path, parser, keys } = input
  let parsed: ParsedDocument
  try {
    parsed = await parser.inspect(path)
  } catch (error) {
    return failed(path, 'unknown', error)
  }
  if (parsed.format === 'password-encrypted-office') return failedWith(path, parsed.format, 'file-password-encrypted')
  if (!parsed.protected) return unprotected(path, parsed.format)
  if (parsed.licenseText === undefined) return failedWith(path, parsed.format, parsed.refusal ?? 'format-not-readable')

  let license: PublishingLicense | undefined
  let key: RehearsalKey | undefined
  let verified = false
  try {
    const documents = parseXrmlChain(parsed.licenseText)
    license = parsePublishingLicense(leafOf(documents))
    key = keys.find(license.server.publicKey)
    checkChain(documents, license, keys)
    verified = true
    if (key === undefined) return notOpened(path, parsed.format, license, undefined, 'key-not-exported')
    const opened = await openPublishingLicense(license, key.handle)
    const template = opened.policy.id === undefined ? undefined : key.templates.get(opened.policy.id)
    if (opened.policy.official && template === undefined) checkTemplate(opened.policyDocument, keys)
    const content = await parser.hashContent(path, opened.contentKey)
    return opens({ path, parsed, license, key, policy: template ?? opened.policy, template, content, documents })
  } catch (error) {
    if (license === undefined) return failed(path, parsed.format, error)
    const findings = notOpened(path, parsed.format, license, key, codeOf(error))
    // What a licence says that does not verify is nobody's word: its addresses do not enter the inventory.
    return verified ? findings : { ...findings, urls: [] }
  }
}

function leafOf(documents: readonly XrmlDocument[]): XrmlDocument {
  const [leaf] = documents
  if (leaf === undefined) throw new Error('a chain has at least one document')
  return leaf
}

/**
 * Signatures up to a key of the organisation; of a foreign key only what can be said without it. Validity times are judged
 * as of publication, so that the same documents give the same report on any day.
 */
function checkChain(documents: readonly XrmlDocument[], license: PublishingLicense, keys: KeyRing): void {
  if (keys.find(license.server.publicKey) === undefined) {
    for (const document of documents) verifySignature(document)
    return
  }
  validateChain({
    documents: orderChain(documents),
    anchors: keys.keys.map((key) => key.publicKey),
    now: license.issuedAt,
  })
}

/** A template that no export holds counts only with the signature of a server of the organisation. */
function checkTemplate(document: XrmlDocument, keys: KeyRing): void {
  try {
    validateChain({ documents: [document], anchors: keys.keys.map((key) => key.publicKey), now: new Date(0) })
  } catch (cause) {
    throw new RightsError('template-signature-invalid', { cause })
  }
}

function opens(found: {
  readonly path: string
  readonly parsed: ParsedDocument
  readonly license: PublishingLicense
  readonly key: RehearsalKey
  readonly policy: RightsPolicy
  readonly template: RightsPolicy | undefined
  readonly content: { readonly sha256: string; readonly size: number }
  readonly documents: readonly XrmlDocument[]
}): DocumentFindings {
  const { license, policy } = found
  const issuers = found.documents
    .filter((document) => license.kind === 'offline' && document.type === 'client-licensor-certificate')
    .slice(0, 1)
    .map((document) => parseClientLicensorCertificate(document).principal.object.name ?? '')
  const base = notOpened(found.path, found.parsed.format, license, found.key, null)
  return {
    ...base,
    templateId: policy.official ? policy.id : undefined,
    templateName: policy.official ? policy.names[0]?.name : undefined,
    entry: {
      ...base.entry,
      outcome: 'opens',
      contentSha256: found.content.sha256,
      contentSize: found.content.size,
      template: found.template?.id ?? null,
      expiresAt: expiryOf(policy, license.issuedAt),
      mayOpen: whoMayOpen(policy, license.work.owner?.address, issuers),
    },
  }
}

function expiryOf(policy: RightsPolicy, publishedAt: Date): string | null {
  const ends = [
    ...policy.preconditions.ranges.map((range) => range.until.getTime()),
    ...policy.preconditions.intervals.map((interval) => publishedAt.getTime() + interval),
  ]
  return ends.length === 0 ? null : new Date(Math.min(...ends)).toISOString()
}

function notOpened(
  path: string,
  format: string,
  license: PublishingLicense,
  key: RehearsalKey | undefined,
  reason: ErrorCode | null,
): DocumentFindings {
  const acquisition = ['License-Acquisition-URL', 'Extranet-License-Acquisition-URL']
  return {
    entry: {
      ...blank(path, format),
      outcome: 'fails',
      reason,
      key: license.server.publicKey.fingerprint,
      kind: license.kind,
      owner: license.work.owner?.address ?? null,
    },
    urls: license.distributionPoints.filter((point) => acquisition.includes(point.type)).map((point) => point.url),
    templateId: undefined,
    templateName: undefined,
    keyKnown: key !== undefined,
  }
}

function unprotected(path: string, format: string): DocumentFindings {
  return withoutLicense({ ...blank(path, format), outcome: 'unprotected' })
}

function failed(path: string, format: string, error: unknown): DocumentFindings {
  return failedWith(path, format, codeOf(error))
}

function failedWith(path: string, format: string, reason: ErrorCode): DocumentFindings {
  return withoutLicense({ ...blank(path, format), outcome: 'fails', reason })
}

function withoutLicense(entry: RehearsedDocument): DocumentFindings {
  return { entry, urls: [], templateId: undefined, templateName: undefined, keyKnown: false }
}

function blank(path: string, format: string): Omit<RehearsedDocument, 'outcome'> {
  return {
    path,
    format,
    reason: null,
    key: null,
    contentSha256: null,
    contentSize: null,
    kind: null,
    owner: null,
    template: null,
    expiresAt: null,
    mayOpen: [],
  }
}

/** Damage of one document is a finding; anything else is a defect and stops the rehearsal. */
function codeOf(error: unknown): ErrorCode {
  if (isRightsError(error)) return error.code
  throw error
}
