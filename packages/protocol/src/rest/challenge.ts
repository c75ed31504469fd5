/**
 * The answer to a request without token: one `Bearer` challenge that names the authority (RFC 6750 in shape). Clients
 * split it at every comma and equals sign and drop what does not fall into two parts, so values may hold neither.
 */
import { RightsError } from '@sealward/xrml'
import { present } from '../present.ts'

export interface Challenge {
  /** The authorization endpoint. */
  readonly authorization: string
  /** What the token must be for (its audience). */
  readonly resource?: string
  readonly scope?: string
}

const writable = /^[^,="\\\p{Cc}]+$/u

/** On premises the resource is the realm; in the cloud it has a name of its own, and the realm is the scope. */
export type ChallengeForm = 'on-premises' | 'cloud'

/**
 * The value of the WWW-Authenticate header.
 * @throws RightsError `challenge-invalid`
 */
export function writeChallenge(challenge: Challenge, form: ChallengeForm = 'on-premises'): string {
  const { authorization, resource, scope } = challenge
  const pairs = Object.entries(
    form === 'cloud' ? { realm: scope, authorization, resource } : { realm: resource, authorization, scope },
  )
  return `Bearer ${pairs.flatMap(([name, value]) => (value === undefined ? [] : [writePair(name, value)])).join(', ')}`
}

function writePair(name: string, value: string): string {
  if (!writable.test(value)) throw new RightsError('challenge-invalid', { detail: name })
  return `${name}="${value}"`
}

/**
 * Reads a challenge as the clients of the protocol do. With a `resource`, the realm is the scope (the cloud's form);
 * without, the realm is the resource.
 * @throws RightsError `challenge-invalid`
 */
export function parseChallenge(header: string): Challenge {
  const text = header.slice(0, 8_192)
  if (!/^\s*bearer\s/i.test(text)) throw new RightsError('challenge-invalid', { detail: 'not a Bearer challenge' })
  const values = new Map<string, string>()
  for (const pair of text.trimStart().slice('bearer'.length).split(',')) {
    const [name = '', value, ...more] = pair.split('=')
    if (value !== undefined && more.length === 0) values.set(name.trim().toLowerCase(), unquote(value.trim()))
  }
  const authorization = filled(values, 'authorization') ?? filled(values, 'authorization_uri')
  if (authorization === undefined) throw new RightsError('challenge-invalid', { detail: 'no authorization endpoint' })
  const named = filled(values, 'resource')
  const realm = filled(values, 'realm')
  const scope = named === undefined ? filled(values, 'scope') : realm
  return present({ authorization, resource: named ?? realm, scope })
}

function filled(values: ReadonlyMap<string, string>, name: string): string | undefined {
  const value = values.get(name)
  return value === '' ? undefined : value
}

function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text
}
