/**
 * Chains (MS-RMPR 3.1.4.7, 2.2.9.2): each document is signed by a key that the next one certifies; the last issuer is a
 * pinned public key, never a name or GUID (threat X6). A certificate must have been allowed to issue when it issued;
 * whether its range is over today does not matter, so old content never dies with a certificate.
 */
import { parseIssueRange, parseIssuedTime, parseValidity } from './certificates/issuing-certificate.ts'
import { mayIssue } from './chain-entitlement.ts'
import { checkOneMode } from './chain-mode.ts'
import { samePublicKey, type PublicKey } from './crypto/public-key.ts'
import { chainLengthMost, type XrmlDocument } from './document.ts'
import { sameId } from './elements/object.ts'
import { parseIssuedPrincipal, parseIssuer } from './elements/principal.ts'
import { within } from './elements/times.ts'
import { RightsError } from './errors/rights-error.ts'
import { verifySignature } from './signature.ts'

export interface ValidateChainInput {
  /** Leaf first, each followed by its issuer. */
  readonly documents: readonly XrmlDocument[]
  /** Public keys that are trusted to have issued the last document. */
  readonly anchors: readonly PublicKey[]
  /** For VALIDITYTIME of documents that have one. */
  readonly now: Date
  /** Instead of the standard one. */
  readonly lengthMost?: number
}

/**
 * Validates a chain in the order given. A chain may stop early, at any document whose issuer is an anchor; what stands
 * above that is not looked at.
 * @returns the documents that were validated, leaf first; no others may be relied on
 * @throws RightsError `chain-too-long`, `xrml-not-signed`, `xrml-digest-mismatch`, `xrml-signature-invalid`, `chain-not-linked`, `chain-issuer-not-entitled`,
 * `chain-issued-outside-range`, `chain-anchor-untrusted`, `validity-time-over`, `cryptographic-mode-mismatch`, `xrml-malformed`
 */
export function validateChain(input: ValidateChainInput): readonly XrmlDocument[] {
  if (input.documents.length > (input.lengthMost ?? chainLengthMost)) throw new RightsError('chain-too-long')
  const chain = upToAnchor(input.documents, input.anchors)
  for (const [index, document] of chain.entries()) {
    verifyDocument(document, input.now)
    const issuer = chain[index + 1]
    if (issuer !== undefined) checkLink(document, issuer)
  }
  checkOneMode(chain)
  const last = chain[chain.length - 1]
  if (last === undefined) throw new RightsError('chain-not-linked', { detail: 'the chain is empty' })
  const key = parseIssuer(last.body).publicKey
  if (!isAnchor(key, input.anchors)) {
    throw new RightsError('chain-anchor-untrusted', { detail: `issuer key ${key.fingerprint}` })
  }
  return chain
}

/** What stands above a document whose issuer is trusted by its key proves nothing more and is not asked. */
function upToAnchor(documents: readonly XrmlDocument[], anchors: readonly PublicKey[]): readonly XrmlDocument[] {
  const end = documents.findIndex((document) => isAnchor(parseIssuer(document.body).publicKey, anchors))
  return end < 0 ? documents : documents.slice(0, end + 1)
}

function isAnchor(key: PublicKey, anchors: readonly PublicKey[]): boolean {
  return anchors.some((anchor) => samePublicKey(anchor, key))
}

function verifyDocument(document: XrmlDocument, now: Date): void {
  verifySignature(document)
  const validity = parseValidity(document.body)
  if (validity !== undefined && !within(now, validity)) throw new RightsError('validity-time-over')
}

/** @throws RightsError unless `issuer` certifies the key that signed `document` and was allowed to issue it then */
export function checkLink(document: XrmlDocument, issuer: XrmlDocument): void {
  checkIssuer(document, issuer)
  if (!within(parseIssuedTime(document.body), parseIssueRange(issuer.body))) {
    throw new RightsError('chain-issued-outside-range')
  }
}

function checkIssuer(document: XrmlDocument, issuer: XrmlDocument): void {
  if (!mayIssue(issuer, document)) {
    throw new RightsError('chain-issuer-not-entitled', { detail: `${issuer.type} above ${document.type}` })
  }
  const claimed = parseIssuer(document.body)
  const principal = parseIssuedPrincipal(issuer.body)
  const sameObject = claimed.object.type === principal.object.type && sameId(claimed.object, principal.object)
  if (!sameObject || !samePublicKey(claimed.publicKey, principal.publicKey)) throw new RightsError('chain-not-linked')
}

/**
 * The chain of `documents[0]` found among documents in any order, as files store it (publishing licence, client licensor,
 * owner licence, …). Linking goes by key and signature alone, so the order adds nothing to trust.
 * @returns the leaf and its issuers as far as they are present
 */
export function orderChain(documents: readonly XrmlDocument[]): readonly XrmlDocument[] {
  const [leaf] = documents
  if (leaf === undefined) return []
  const chain = [leaf]
  for (let at: XrmlDocument = leaf; ; ) {
    const issuer = documents.find((candidate) => !chain.includes(candidate) && isIssuerOf(candidate, at))
    if (issuer === undefined) return chain
    chain.push(issuer)
    at = issuer
  }
}

/** Without the time range: whose certificate it is must be known before it can be said that it was out of time. */
function isIssuerOf(candidate: XrmlDocument, document: XrmlDocument): boolean {
  try {
    checkIssuer(document, candidate)
    return true
  } catch {
    return false
  }
}
