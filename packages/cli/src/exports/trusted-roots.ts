/**
 * Which roots an operator trusts to have issued the chain of an export: the root of production AD RMS, which every
 * self-enrolled cluster has, and whatever the operator names by fingerprint or file.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  isRightsError,
  issuerKeyOf,
  parseXrml,
  publicKeyFromModulus,
  RightsError,
  type PublicKey,
  type XrmlDocument,
} from '@sealward/xrml'

/** SHA-256 over the little-endian modulus of the production root, as its public key stands in every genuine chain. */
const productionRoot = '7c48b30c8bef32eefa35b7b87b6d083509690f7ae94d5d2e87329f708260ef8d'

export interface TrustOptions {
  /** Fingerprints of root keys: lower-case hex SHA-256 of the big-endian modulus. */
  readonly trust?: readonly string[]
  /** Files with root keys as `sealward sample` writes them. */
  readonly anchor?: readonly string[]
}

/** The trusted keys for a chain of texts: see `trustedKeys`. */
export function trustedRoots(chain: readonly string[], options: TrustOptions): readonly PublicKey[] {
  return trustedKeys(
    chain.flatMap((text) => readable(() => parseXrml(text)) ?? []),
    options,
  )
}

/** The anchors that are given, and those issuers of the documents whose fingerprint is accepted. */
export function trustedKeys(documents: readonly XrmlDocument[], options: TrustOptions): readonly PublicKey[] {
  const accepted = new Set((options.trust ?? []).map((fingerprint) => fingerprint.toLowerCase()))
  const issuers = documents.flatMap((document) => readable(() => issuerKeyOf(document)) ?? [])
  return [
    ...(options.anchor ?? []).map(readAnchor),
    ...issuers.filter((key) => accepted.has(key.fingerprint) || isProductionRoot(key)),
  ]
}

/** What is not readable is no anchor; its check says so in its own words. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (isRightsError(error)) return undefined
    throw error
  }
}

export function isProductionRoot({ modulus }: PublicKey): boolean {
  return createHash('sha256').update(Uint8Array.from(modulus).reverse()).digest('hex') === productionRoot
}

/** @throws RightsError `anchor-file-invalid` */
export function readAnchor(path: string): PublicKey {
  const text = readFileSync(path, 'utf8')
  try {
    const { modulus } = JSON.parse(text) as { readonly modulus?: unknown }
    if (typeof modulus === 'string') return publicKeyFromModulus(Buffer.from(modulus, 'base64'))
  } catch (cause) {
    throw new RightsError('anchor-file-invalid', { detail: path, cause })
  }
  throw new RightsError('anchor-file-invalid', { detail: path })
}
