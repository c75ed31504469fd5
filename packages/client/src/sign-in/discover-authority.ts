/**
 * Who gives tokens for a service. The service's challenge names an authorization endpoint; the authority's discovery
 * document (OpenID Connect Discovery 4) says the rest. Nothing is asked of a host that is not allowed, and people are not
 * sent to one: whoever can change a challenge gets no password and no token (threat D7).
 */
import type { ServerMetadata } from 'openid-client'
import type { Challenge } from '@sealward/protocol'
import { RightsError } from '@sealward/xrml'
import { createTransport, type Transport } from '../transport.ts'

/** What is kept of an authority, to ask it again for tokens. */
export interface AuthorityMetadata extends ServerMetadata {
  readonly token_endpoint: string
}

const answerBytesMost = 1024 * 1024
/** Between an authorization endpoint and the name of its authority. */
const segmentsMost = 4

const endpoints = [
  'authorization_endpoint',
  'token_endpoint',
  'device_authorization_endpoint',
  'revocation_endpoint',
] as const

/**
 * @param allowedHosts `host` or `host:port`
 * @throws RightsError `authority-unknown`, `service-host-not-allowed`, `service-url-refused` and those of the transport
 */
export async function discoverAuthority(
  { authorization }: Challenge,
  allowedHosts: readonly string[],
): Promise<AuthorityMetadata> {
  const transport = authorityTransport(allowedHosts)
  if (!URL.canParse(authorization)) throw new RightsError('authority-unknown', { detail: 'the challenge names no URL' })
  const { origin, pathname } = new URL(authorization)
  const segments = pathname.split('/').filter((segment) => segment !== '')
  for (let taken = 1; taken <= Math.min(segments.length, segmentsMost); taken++) {
    const path = segments.slice(0, segments.length - taken).map((segment) => `/${segment}`)
    const document = await readDiscovery(transport, `${origin}${path.join('')}`)
    if (document?.authorization_endpoint === authorization) {
      requireAllowed(document, allowedHosts)
      return document
    }
  }
  throw new RightsError('authority-unknown', { detail: origin })
}

/** Nothing, unless the document is that of the issuer below whose name it was found. */
async function readDiscovery(transport: Transport, issuer: string): Promise<AuthorityMetadata | undefined> {
  const answer = await transport.send({ method: 'GET', url: `${issuer}/.well-known/openid-configuration` })
  if (answer.status !== 200) return undefined
  try {
    const document = JSON.parse(Buffer.from(answer.body).toString('utf8')) as AuthorityMetadata | null
    return document?.issuer === issuer && typeof document.token_endpoint === 'string' ? document : undefined
  } catch {
    return undefined
  }
}

function requireAllowed(document: AuthorityMetadata, allowedHosts: readonly string[]): void {
  for (const name of endpoints) {
    const url: unknown = document[name]
    if (url !== undefined) requireAllowedUrl(url, allowedHosts)
  }
}

/** For an address to which people or credentials are sent. @throws RightsError `service-host-not-allowed` */
export function requireAllowedUrl(url: unknown, allowedHosts: readonly string[]): void {
  const { host } = typeof url === 'string' && URL.canParse(url) ? new URL(url) : { host: 'not a URL' }
  if (!allowedHosts.includes(host)) throw new RightsError('service-host-not-allowed', { detail: host })
}

/** Requests to an authority. */
export function authorityTransport(allowedHosts: readonly string[]): Transport {
  return createTransport({ allowedHosts, answerBytesMost })
}
