/** JSON Web Tokens put together by hand, with nothing of the library that reads them: also those that no library makes. */
import { createHmac, sign, type KeyObject } from 'node:crypto'

type Algorithm = 'RS256' | 'RS384' | 'PS256' | 'ES256' | 'EdDSA' | 'HS256' | 'none'
export type Json = { readonly [name: string]: unknown }

/** Everything of a token that a case may change; `undefined` leaves a header or claim out. */
export interface Token {
  readonly header: Json
  readonly claims: Json
  readonly sign: (input: string) => string
  /** Instead of the JSON of the claims. */
  readonly claimsText?: string
  readonly finish?: (token: string) => string
}

export function signer(algorithm: Algorithm, key: KeyObject | string): Token['sign'] {
  return (input) => {
    const data = Buffer.from(input)
    if (algorithm === 'none') return ''
    if (algorithm === 'HS256') return createHmac('sha256', key).update(data).digest('base64url')
    const hash = algorithm === 'EdDSA' ? null : `sha${algorithm.slice(2)}`
    const padding = algorithm === 'PS256' ? { padding: 6, saltLength: 32 } : {}
    return sign(hash, data, { key: key as KeyObject, dsaEncoding: 'ieee-p1363', ...padding }).toString('base64url')
  }
}

/** The public half as a JSON Web Key. */
export const published = (pair: { readonly publicKey: KeyObject }): Json => ({
  ...pair.publicKey.export({ format: 'jwk' }),
  kid: 'key-1',
  use: 'sig',
})

export function writeToken(token: Token): string {
  const input = `${part(JSON.stringify(token.header))}.${part(token.claimsText ?? JSON.stringify(token.claims))}`
  const written = `${input}.${token.sign(input)}`
  return token.finish?.(written) ?? written
}

function part(json: string): string {
  return Buffer.from(json).toString('base64url')
}
