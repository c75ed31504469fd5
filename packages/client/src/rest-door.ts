/**
 * Calls of the REST protocol. A request without token brings the challenge, which names the authority; the token that
 * the caller's callback gets from there goes into the real request. The challenge is asked for without a body: a policy
 * or licence is nothing for a server that has not said who it is.
 */
import { parseChallenge, parseDiscovery, restUri, writeDiscoveryQuery } from '@sealward/protocol'
import { writePlatform, writeRequestIdentity, type DiscoveredServices, type DiscoverySubject } from '@sealward/protocol'
import { decodeText, RightsError } from '@sealward/xrml'
import type { Connection } from './connection.ts'
import { newGuid } from './guid.ts'
import { refusalOf } from './refusals.ts'
import type { HttpRequest } from './transport.ts'

const platform = writePlatform(
  new Map([
    ['AppName', 'Sealward'],
    ['AppVersion', '1.0'],
    ['SDKVersion', '4.2'],
  ]),
)

/**
 * @returns the text of the answer
 * @throws RightsError of the transport, `service-host-not-allowed` also for a partner's host, `credentials-missing`,
 * `credentials-refused`, `challenge-invalid`, `service-answer-refused`, and the code of the refusal
 */
export async function callRest(connection: Connection, url: string, body?: string): Promise<string> {
  requireOwnHost(connection, url)
  const authorization = await authorizationAt(connection, url)
  const answer = await connection.transport.send({
    method: body === undefined ? 'GET' : 'POST',
    url,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      ...writeRequestIdentity({ scenarioId: newGuid(connection.random), correlationId: newGuid(connection.random) }),
      ...platform,
    },
    ...(body === undefined ? {} : { body }),
    ...authorization,
  })
  if (answer.status !== 200) throw refusalOf(answer)
  return decodeText(answer.body)
}

/** Nothing where the connection says who asks. */
async function authorizationAt(connection: Connection, url: string): Promise<Pick<HttpRequest, 'authorization'>> {
  if (connection.signsInByCertificate) return {}
  const challenge = await askForChallenge(connection, url)
  const { token } = connection
  if (token === undefined) throw new RightsError('credentials-missing', { detail: 'a token' })
  return { authorization: async () => `Bearer ${requireToken(await token(challenge))}` }
}

/** Tokens are for the service of the user's organisation; the target of a redirection may be a partner's. */
function requireOwnHost({ ownHosts }: Connection, url: string): void {
  const host = URL.canParse(url) ? new URL(url).host : 'not a URL'
  if (!ownHosts.has(host)) throw new RightsError('service-host-not-allowed', { detail: host })
}

/** Which authority the service names. @throws RightsError of the transport, `challenge-invalid`, and the code of a refusal */
export function serviceChallenge(connection: Connection): Promise<ReturnType<typeof parseChallenge>> {
  return askForChallenge(connection, restUri(connection.service.url, 'serviceDiscovery'))
}

async function askForChallenge(connection: Connection, url: string): Promise<ReturnType<typeof parseChallenge>> {
  const probe = await connection.transport.send({ method: 'GET', url })
  const header = probe.header('www-authenticate')
  if (probe.status !== 401 || header === undefined) {
    if (probe.status >= 400 && probe.status !== 401) throw refusalOf(probe)
    throw new RightsError('challenge-invalid', { detail: `HTTP status ${probe.status} to a request without token` })
  }
  return parseChallenge(header)
}

/** A token is one word; anything else could write further headers. */
function requireToken(token: string): string {
  if (!/^[\w.~+/=-]{1,16384}$/.test(token)) throw new RightsError('credentials-missing', { detail: 'a usable token' })
  return token
}

/**
 * Where the service answers this user, or for what has a licensing URL. Each address may be on another host, which must be
 * allowed like any other.
 */
export async function discoverServices(
  connection: Connection,
  subject: DiscoverySubject = { kind: 'email', email: connection.user },
): Promise<DiscoveredServices> {
  const query = writeDiscoveryQuery(subject)
  return parseDiscovery(await callRest(connection, `${restUri(connection.service.url, 'serviceDiscovery')}?${query}`))
}
