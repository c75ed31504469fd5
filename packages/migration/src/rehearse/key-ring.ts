/**
 * The keys of the organisation, as its exports hold them: which server key opens which licences, and which templates
 * replace the policies inside. Found by public key, never by URL or name (MS-RMPR 3.4.4.1).
 */
import type { CheckedTpd } from '@sealward/keys'
import type { KeyHandle, PublicKey, RightsPolicy } from '@sealward/xrml'

export interface RehearsalKey {
  readonly publicKey: PublicKey
  readonly handle: KeyHandle
  readonly mode: 1 | 2
  /** The export file that the key came from. */
  readonly source: string
  /** By canonical GUID; only templates that the exported key signed. */
  readonly templates: ReadonlyMap<string, RightsPolicy>
}

export interface KeyRing {
  /** In the order of the exports. */
  readonly keys: readonly RehearsalKey[]
  find(publicKey: PublicKey): RehearsalKey | undefined
}

export interface KeyRingEntry {
  readonly source: string
  readonly domain: CheckedTpd
}

export function createKeyRing(entries: readonly KeyRingEntry[]): KeyRing {
  const keys = entries.map(
    ({ source, domain }): RehearsalKey => ({
      publicKey: domain.publicKey,
      handle: domain.key,
      mode: domain.mode.number,
      source,
      templates: templatesOf(domain),
    }),
  )
  const byFingerprint = new Map(keys.map((key) => [key.publicKey.fingerprint, key]))
  return { keys, find: (publicKey) => byFingerprint.get(publicKey.fingerprint) }
}

function templatesOf(domain: CheckedTpd): ReadonlyMap<string, RightsPolicy> {
  const templates = new Map<string, RightsPolicy>()
  for (const { policy, refusal } of domain.templates) {
    if (refusal === undefined && policy?.id !== undefined) templates.set(policy.id, policy)
  }
  return templates
}
