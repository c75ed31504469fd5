/**
 * Which chains this client believes: those that lead, link by link, to a pinned key. A pin is the fingerprint of a root,
 * or of any key below it, such as the cluster's own (threats D7, X6).
 */
import { parseIssuingCertificate, issuerKeyOf, parseSignedXrml, RightsError, validateChain } from '@sealward/xrml'
import type { PublicKey, XrmlDocument } from '@sealward/xrml'
import type { ClientStore } from './client-store.ts'
import type { Connection } from './connection.ts'

export interface Trust {
  /** Fingerprints of pinned keys. */
  readonly anchors: ReadonlySet<string>
  readonly onFirstUse: boolean
}

/** Whose certificates are asked for where, what is there already, and what is believed. */
export interface BootstrapInput {
  readonly connection: Connection
  readonly store: ClientStore
  readonly trust: Trust
}

/** The keys that this user trusts: those of the configuration, or the root pinned at first use. */
export function anchorsOf({ store, trust }: BootstrapInput): ReadonlySet<string> {
  return trust.anchors.size > 0 || !trust.onFirstUse ? trust.anchors : new Set(store.readAnchors())
}

/**
 * Verifies a chain up to a pinned key.
 * @param chain texts, leaf first
 * @returns the documents up to the pinned key, in the spelling that was signed
 * @throws RightsError `chain-anchor-untrusted` and what `validateChain` throws
 */
export function requireTrustedChain(
  chain: readonly string[],
  anchors: ReadonlySet<string>,
  now: Date,
): readonly XrmlDocument[] {
  const documents = chain.map((text) => parseSignedXrml(text))
  return validateChain({ ...upToAnchor(documents, anchors), now })
}

/** A chain is trusted from the first document that a pinned key has issued; what follows adds nothing. */
function upToAnchor(
  documents: readonly XrmlDocument[],
  anchors: ReadonlySet<string>,
): { readonly documents: readonly XrmlDocument[]; readonly anchors: readonly PublicKey[] } {
  for (const [index, document] of documents.entries()) {
    const key = issuerKeyOf(document)
    if (anchors.has(key.fingerprint)) return { documents: documents.slice(0, index + 1), anchors: [key] }
  }
  const last = documents[documents.length - 1]
  const detail = last === undefined ? 'the chain is empty' : `its root is ${issuerKeyOf(last).fingerprint}`
  throw new RightsError('chain-anchor-untrusted', { detail })
}

/** The root of a server's chain, to be pinned at first use after the chain has been found consistent. */
export function rootOf(chain: readonly string[], now: Date): string {
  const documents = chain.map((text) => parseSignedXrml(text))
  const last = documents[documents.length - 1]
  if (last === undefined) throw new RightsError('chain-not-linked', { detail: 'the chain is empty' })
  const root = issuerKeyOf(last)
  validateChain({ documents, anchors: [root], now })
  return root.fingerprint
}

/** The certificate of the server at the head of a chain. @throws RightsError `xrml-malformed` */
export function serverLicensorOf(documents: readonly XrmlDocument[]): ReturnType<typeof parseIssuingCertificate> {
  const [leaf] = documents
  if (leaf === undefined) throw new RightsError('chain-not-linked', { detail: 'the chain is empty' })
  return parseIssuingCertificate(leaf)
}
