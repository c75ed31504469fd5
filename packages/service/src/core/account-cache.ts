/**
 * Account certificates that were verified, by the digest of the exact text of the certificate and of the issuer's that came
 * with it: they come with every licence request. An entry holds for one version of the configuration only, so a change of
 * trust empties the cache.
 */
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { AccountCertificate } from '@sealward/xrml'

export interface AccountCache {
  get(texts: readonly string[], version: number): AccountCertificate | undefined
  set(texts: readonly string[], version: number, account: AccountCertificate): void
}

/** A parsed certificate takes some 40 KB: with this many the cache stays below 100 MB. */
const certificatesMost = 2000

export function createAccountCache(): AccountCache {
  const verified = new LRUCache<string, { readonly version: number; readonly account: AccountCertificate }>({
    max: certificatesMost,
  })
  return {
    get(texts, version) {
      const entry = verified.get(digest(texts))
      return entry?.version === version ? entry.account : undefined
    },
    set(texts, version, account) {
      verified.set(digest(texts), { version, account })
    },
  }
}

function digest(texts: readonly string[]): string {
  return createHash('sha256').update(texts.join('\n'), 'utf8').digest('base64')
}
