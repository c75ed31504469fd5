/** What the stored certificates of a user say about themselves, for people: read from disk, verified by nobody. */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { join } from 'node:path'
import {
  isRightsError,
  issuerKeyOf,
  parseAccountCertificate,
  parseClientLicensorCertificate,
  parseMachineCertificate,
  parseSignedXrml,
  parseXrmlChain,
  publicKeyFromKeyObject,
  type XrmlDocument,
} from '@sealward/xrml'
import { storeFiles, type StoredChain } from './client-store.ts'
import { readText } from './private-files.ts'
import type { StoredIdentity } from './stored-identities.ts'

export interface CertificateSummary {
  readonly chain: StoredChain
  readonly validFrom?: Date
  readonly validUntil?: Date
  /** Fingerprint of the key at the end of the chain. */
  readonly root?: string
  /** Code of what is wrong with it; it would be fetched again. */
  readonly problem?: string
}

export interface IdentitySummary {
  /** Of the machine's key. */
  readonly machineKeyBits?: number
  readonly certificates: readonly CertificateSummary[]
  /** Roots that were trusted at first use. */
  readonly firstUseAnchors: readonly string[]
  /** The clock high-water mark: no licence is judged by an earlier time. */
  readonly highestTime?: Date
}

/**
 * ```ts
 * for (const { chain, validUntil } of summarizeIdentity(identity).certificates) console.log(chain, validUntil)
 * ```
 * @throws RightsError `client-store-refused`
 */
export function summarizeIdentity({ folder, files }: StoredIdentity): IdentitySummary {
  const machineKeyBits = bitsOf(readText(join(folder, storeFiles.machineKey)))
  const time = new Date(readText(join(folder, storeFiles.highestTime))?.trim() ?? '')
  const stored = new Set(files.map(({ path }) => path))
  return {
    ...(machineKeyBits === undefined ? {} : { machineKeyBits }),
    certificates: (['machine', 'account', 'client-licensor'] satisfies StoredChain[]).flatMap((chain) => {
      const path = join(folder, `${chain}.xrml`)
      return stored.has(path) ? [summarize(chain, readText(path) ?? '')] : []
    }),
    firstUseAnchors: (readText(join(folder, storeFiles.anchors)) ?? '').split('\n').filter((line) => line !== ''),
    ...(Number.isNaN(time.getTime()) ? {} : { highestTime: time }),
  }
}

function bitsOf(pem: string | undefined): number | undefined {
  if (pem === undefined) return undefined
  try {
    return publicKeyFromKeyObject(createPublicKey(createPrivateKey(pem))).bits
  } catch {
    // A damaged key is no key: the next use makes another.
    return undefined
  }
}

function summarize(chain: StoredChain, text: string): CertificateSummary {
  try {
    const documents = parseXrmlChain(text).map((document) => parseSignedXrml(document.text))
    const [leaf] = documents
    const last = documents.at(-1)
    if (leaf === undefined || last === undefined) return { chain, problem: 'chain-not-linked' }
    return { chain, ...rangeOf(chain, leaf), root: issuerKeyOf(last).fingerprint }
  } catch (error) {
    if (isRightsError(error)) return { chain, problem: error.code }
    throw error
  }
}

function rangeOf(chain: StoredChain, leaf: XrmlDocument): Pick<CertificateSummary, 'validFrom' | 'validUntil'> {
  if (chain === 'machine') {
    parseMachineCertificate(leaf)
    return {}
  }
  const { from, until } =
    chain === 'account' ? parseAccountCertificate(leaf).validity : parseClientLicensorCertificate(leaf).issueRange
  return { validFrom: from, validUntil: until }
}
