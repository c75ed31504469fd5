/**
 * The keys of an identity provider, from where it publishes them. They are asked for when the first token comes, again when
 * they are some minutes old, and once when a token names a key that is not among them: whoever sends tokens cannot make
 * the service ask more often. While the provider is silent the keys count on for an hour, no longer.
 */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import type { Clock } from '../../core/ports.ts'
import { unavailable } from './fetch-document.ts'

const freshMilliseconds = 10 * 60_000
const usableMilliseconds = 60 * 60_000
/** Between two questions because of keys that nobody knows, or after one that was not answered. */
const pauseMilliseconds = 30_000
const keysMost = 100

interface KnownKeys {
  readonly keyFor: JWTVerifyGetKey
  /** Milliseconds since 1970. */
  readonly at: number
}

/**
 * @param load asks the provider @throws RightsError `identity-provider-unavailable`
 * @returns finds the key of a token; throws RightsError `identity-provider-unavailable`, and errors of jose
 */
export function createRemoteKeys(load: () => Promise<JSONWebKeySet>, clock: Clock): JWTVerifyGetKey {
  const now = (): number => clock.now().getTime()
  let known: KnownKeys | undefined
  let loading: Promise<KnownKeys> | undefined
  let askedAt = -Infinity

  async function ask(): Promise<KnownKeys> {
    const at = now()
    askedAt = at
    const keys = await load()
    if (keys.keys.length > keysMost) throw unavailable(`more than ${keysMost} keys`)
    known = { keyFor: createLocalJWKSet(keys), at }
    return known
  }

  /** One question for all who wait. */
  function reload(): Promise<KnownKeys> {
    loading ??= ask().finally(() => {
      loading = undefined
    })
    return loading
  }

  function mayAsk(): boolean {
    return loading !== undefined || now() - askedAt >= pauseMilliseconds
  }

  async function current(): Promise<KnownKeys> {
    const age = known === undefined ? Infinity : now() - known.at
    if (known !== undefined && age < freshMilliseconds) return known
    const old = age < usableMilliseconds ? known : undefined
    if (!mayAsk()) {
      if (old !== undefined) return old
      throw unavailable('it did not answer a moment ago')
    }
    try {
      return await reload()
    } catch (error) {
      if (old !== undefined) return old
      throw error
    }
  }

  return async (header, token) => {
    const keys = await current()
    try {
      return await keys.keyFor(header, token)
    } catch (error) {
      // A key of the last minutes, or one that was made up.
      if (!(error instanceof errors.JWKSNoMatchingKey) || !mayAsk()) throw error
      return (await reload()).keyFor(header, token)
    }
  }
}
