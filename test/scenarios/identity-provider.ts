/** An identity provider of another organisation, as far as a service and its clients ask it, over TLS on loopback. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

export interface IdentityProvider {
  readonly url: string
  readonly issuer: string
  /** What it answers with to whom asks for its discovery document. */
  discovery: Record<string, string>
  /** Answers 500 to everything. */
  broken: boolean
  /** Paths that were asked for. */
  readonly asked: string[]
  /** A token for a person, signed with its key unless another is given. */
  token(claims: object, header?: object): string
  close(): Promise<void>
}

/** @param folder of a service: the provider shows the same certificate */
export async function openIdentityProvider(folder: string): Promise<IdentityProvider> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = (name: string): Buffer => readFileSync(join(folder, `loopback-${name}.pem`))
  const asked: string[] = []
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'current', alg: 'ES256', use: 'sig' }]
  const server = createServer({ cert: pem('certificate'), key: pem('key') }, (request, response) => {
    asked.push(request.url ?? '')
    const answer = new Map<string, object>([
      ['/.well-known/openid-configuration', provider.discovery],
      ['/keys', { keys }],
    ]).get(request.url ?? '')
    response.writeHead(provider.broken ? 500 : answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `https://localhost:${(server.address() as AddressInfo).port}`
  const provider: IdentityProvider = {
    url,
    issuer: url,
    discovery: {
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/keys`,
    },
    broken: false,
    asked,
    token: (claims, header = {}) => signed({ iss: url, ...claims }, header, privateKey),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return provider
}

/** A JSON Web Token (RFC 7519) with ES256. */
function signed(claims: object, header: object, key: KeyObject): string {
  const now = Math.floor(Date.now() / 1000)
  const parts = [
    { alg: 'ES256', typ: 'at+jwt', kid: 'current', ...header },
    { iat: now, exp: now + 600, ...claims },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  const signature = sign('sha256', Buffer.from(parts.join('.')), { key, dsaEncoding: 'ieee-p1363' })
  return [...parts, signature.toString('base64url')].join('.')
}
