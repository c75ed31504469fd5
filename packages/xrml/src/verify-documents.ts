/**
 * What can be said about certificates and licences that lie together in a file, for people who look at it: each document's
 * digest and signature, and whether together they lead to one root. Nothing is decided by it: `validateChain` decides.
 */
import { checkLink } from './chain.ts'
import { samePublicKey, type PublicKey } from './crypto/public-key.ts'
import type { HashName } from './crypto/modes.ts'
import type { DocumentType, XrmlDocument } from './document.ts'
import { parseDescriptor } from './elements/descriptor.ts'
import type { XrmlObject } from './elements/object.ts'
import { parseIssuedPrincipal, parseIssuer } from './elements/principal.ts'
import { parseWork } from './elements/work.ts'
import type { ErrorCode } from './errors/catalogue.ts'
import { isRightsError } from './errors/rights-error.ts'
import { digestMatches, issuerKeyOf, parseSignature, signatureFits, verifySignature } from './signature.ts'

/** Fields are null where the document does not have them or they cannot be read. */
export interface DocumentVerdict {
  readonly index: number
  readonly type: DocumentType
  /** Name or identifier of the principal; of a publishing licence that of the content, of a template its own. */
  readonly subject: string | null
  readonly issuer: string | null
  readonly hash: HashName | null
  /** Size of the issuer's key. */
  readonly keyBits: number | null
  readonly digest: 'match' | 'mismatch' | null
  readonly signature: 'valid' | 'invalid' | 'absent'
}

export interface ChainVerdict {
  /** Whether every document's issuer is among the others, is an anchor, or is the one root above the CA certificates. */
  readonly linked: boolean
  /** `absent` when the documents end below a root; never `trusted` with a signature that is not valid. */
  readonly anchor: 'trusted' | 'untrusted' | 'absent'
  /** The first thing that is wrong: document by document, then links, then trust. */
  readonly fault: ErrorCode | null
}

export interface DocumentsVerdict {
  readonly documents: readonly DocumentVerdict[]
  readonly chain: ChainVerdict
}

/** Judges documents in any order. Time plays no part beyond the issue ranges of the issuers. */
export function verifyDocuments(
  documents: readonly XrmlDocument[],
  anchors: readonly PublicKey[] = [],
): DocumentsVerdict {
  return {
    documents: documents.map((document, index) => ({
      index,
      type: document.type,
      subject: readable(() => subjectOf(document)),
      issuer: readable(() => nameOf(parseIssuer(document.body).object)),
      keyBits: readable(() => issuerKeyOf(document).bits),
      ...signatureVerdict(document),
    })),
    chain: chainVerdict(documents, anchors),
  }
}

function signatureVerdict(document: XrmlDocument): Pick<DocumentVerdict, 'hash' | 'digest' | 'signature'> {
  if (document.signature === undefined) return { hash: null, digest: null, signature: 'absent' }
  const signature = readable(() => parseSignature(document))
  if (signature === null) return { hash: null, digest: null, signature: 'invalid' }
  return {
    hash: signature.hash,
    digest: digestMatches(document, signature) ? 'match' : 'mismatch',
    signature: readable(() => signatureFits(document, signature)) === true ? 'valid' : 'invalid',
  }
}

const issuingTypes: readonly DocumentType[] = ['ca-certificate', 'server-licensor-certificate']

/** Where a document leads: to an anchor, to another document, to a key that nothing here certifies, or nowhere. */
type Lead =
  | { readonly to: 'anchor' }
  | { readonly to: 'document'; readonly issuer: XrmlDocument }
  | { readonly to: 'root'; readonly key: string }
  | { readonly to: 'nothing'; readonly fault: ErrorCode }

function chainVerdict(documents: readonly XrmlDocument[], anchors: readonly PublicKey[]): ChainVerdict {
  const faults = documents.flatMap((document) => faultOf(() => verifySignature(document)) ?? [])
  const leads = new Map(documents.map((document) => [document, leadOf(document, documents, anchors)]))
  const unasked = fromAnchorsUp(documents, leads, anchors)
  const ends = documents.filter((document) => !unasked.has(document)).map((document) => endOf(document, leads))
  const roots = new Set(ends.map((end) => (end.to === 'root' ? end.key : end.to)))
  const lost = ends.find((end) => end.to === 'nothing')
  const linked = documents.length > 0 && roots.size <= 1 && lost === undefined
  const [fault] = faults
  const anchored = linked && fault === undefined && ends.every((end) => end.to === 'anchor')
  const linkFault = lost?.fault ?? (linked ? undefined : 'chain-not-linked')
  return {
    linked,
    anchor: anchored ? 'trusted' : linked ? 'untrusted' : 'absent',
    fault: fault ?? linkFault ?? (anchored ? null : 'chain-anchor-untrusted'),
  }
}

function leadOf(document: XrmlDocument, documents: readonly XrmlDocument[], anchors: readonly PublicKey[]): Lead {
  const key = readable(() => issuerKeyOf(document))
  if (key === null) return { to: 'nothing', fault: faultOf(() => issuerKeyOf(document)) ?? 'xrml-malformed' }
  if (anchors.some((anchor) => samePublicKey(anchor, key))) return { to: 'anchor' }
  let fault: ErrorCode = 'chain-not-linked'
  for (const issuer of documents) {
    if (issuer === document) continue
    const refusal = faultOf(() => checkLink(document, issuer))
    if (refusal === undefined) return { to: 'document', issuer }
    // The issuer is here, but did not issue this when it was allowed to: that says more than that none was found.
    if (refusal === 'chain-issued-outside-range') fault = refusal
  }
  if (document.type === 'ca-certificate' && fault === 'chain-not-linked') return { to: 'root', key: key.fingerprint }
  return { to: 'nothing', fault }
}

/** Certificates of anchors and what stands above them: where a key is trusted, nothing above it is asked. */
function fromAnchorsUp(
  documents: readonly XrmlDocument[],
  leads: ReadonlyMap<XrmlDocument, Lead>,
  anchors: readonly PublicKey[],
): ReadonlySet<XrmlDocument> {
  const above = new Set<XrmlDocument>()
  for (const document of documents) {
    if (!issuingTypes.includes(document.type)) continue
    const key = readable(() => parseIssuedPrincipal(document.body).publicKey)
    if (key === null || !anchors.some((anchor) => samePublicKey(anchor, key))) continue
    let at: XrmlDocument | undefined = document
    while (at !== undefined && !above.has(at)) {
      above.add(at)
      const lead = leads.get(at)
      at = lead?.to === 'document' ? lead.issuer : undefined
    }
  }
  return above
}

type End = Exclude<Lead, { readonly to: 'document' }>

/** Follows the issuers; documents that certify each other in a circle lead nowhere. */
function endOf(document: XrmlDocument, leads: ReadonlyMap<XrmlDocument, Lead>): End {
  let at = document
  for (let steps = 0; steps < leads.size; steps++) {
    const lead = leads.get(at)
    if (lead === undefined) break
    if (lead.to !== 'document') return lead
    at = lead.issuer
  }
  return { to: 'nothing', fault: 'chain-not-linked' }
}

function subjectOf(document: XrmlDocument): string | null {
  if (document.type === 'publishing-license') return nameOf(parseWork(document.body).object)
  if (document.type === 'rights-template' || document.type === 'rights-data') {
    return parseDescriptor(document.body)?.id ?? null
  }
  return nameOf(parseIssuedPrincipal(document.body).object)
}

function nameOf(object: XrmlObject): string {
  return object.name ?? object.id
}

function readable<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (isRightsError(error)) return null
    throw error
  }
}

function faultOf(check: () => unknown): ErrorCode | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (isRightsError(error)) return error.code
    throw error
  }
}
