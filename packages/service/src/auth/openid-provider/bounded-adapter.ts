/**
 * What the embedded OpenID provider remembers: sign-ins in progress, codes, sessions, grants. In memory, bounded in number
 * and time; a restart signs everybody out. The methods and their meaning are those of the library's adapter.
 */
import { LRUCache } from 'lru-cache'
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

/** Of all kinds together. A page of sign-in makes two or three. */
const entriesMost = 5_000
const longestMilliseconds = 24 * 60 * 60_000

export function createBoundedAdapter(): AdapterFactory {
  const entries = new LRUCache<string, AdapterPayload>({ max: entriesMost, ttl: longestMilliseconds })
  return (kind) => adapterOf(kind, entries)
}

function adapterOf(kind: string, entries: LRUCache<string, AdapterPayload>): Adapter {
  const keyOf = (id: string): string => `${kind}:${id}`
  const findBy = (matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined => {
    for (const [key, payload] of entries.entries()) {
      if (key.startsWith(`${kind}:`) && matches(payload)) return payload
    }
    return undefined
  }
  return {
    async upsert(id, payload, expiresIn) {
      const ttl = expiresIn === undefined ? longestMilliseconds : Math.min(expiresIn * 1000, longestMilliseconds)
      entries.set(keyOf(id), payload, { ttl })
    },
    find: async (id) => entries.get(keyOf(id)),
    findByUid: async (uid) => findBy((payload) => payload.uid === uid),
    findByUserCode: async (userCode) => findBy((payload) => payload.userCode === userCode),
    async consume(id) {
      const payload = entries.get(keyOf(id))
      if (payload !== undefined) payload['consumed'] = Math.floor(Date.now() / 1000)
    },
    destroy: async (id) => void entries.delete(keyOf(id)),
    async revokeByGrantId(grantId) {
      for (const [key, payload] of entries.entries()) {
        if (payload.grantId === grantId) entries.delete(key)
      }
    },
  }
}
