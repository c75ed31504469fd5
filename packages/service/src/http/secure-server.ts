/**
 * The server with TLS: one certificate, or one for each name; and certificates of clients where a service believes some.
 * They are asked for, never required, because people sign in otherwise over the same listener.
 */
import { constants } from 'node:crypto'
import type { RequestListener, Server, ServerOptions } from 'node:http'
import { createServer } from 'node:https'
import {
  createSecureContext,
  TLSSocket,
  type SecureContext,
  type SecureContextOptions,
  type TlsOptions,
} from 'node:tls'
import { callbackify } from 'node:util'
import type { ClientTrust } from '../tls/client-authorities.ts'
import type { CertificatePair, ListenerTls } from '../tls/listener-tls.ts'
import { rememberPresented, type Remembering } from '../tls/presented-certificate.ts'

/**
 * A resumed session (RFC 8446, 2.2) would keep what was found about a certificate, for another name or after it was taken
 * back: with certificates of clients every connection is made from the start, and once.
 */
const fromTheStart = constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION

export function createSecureServer(tls: ListenerTls, options: ServerOptions, answer: RequestListener): Server {
  const { clients, clientsOfServices = [] } = tls
  const believed = clients === undefined ? clientsOfServices : [clients, ...clientsOfServices]
  if (believed.length === 0) return createServer({ ...options, ...contextOptions(tls), ...serverNames(tls) }, answer)
  const trust = (): ClientTrust | undefined => clients?.current()
  const server = createServer(
    {
      ...options,
      ...askingContext(tls, trust()),
      ...serverNames(tls, (connection, of) => remembering.verifiedWith(connection, of)),
      requestCert: true,
      rejectUnauthorized: false,
    },
    answer,
  )
  const remembering: Remembering = rememberPresented(server, trust)
  for (const each of believed) {
    each.onChange(() => {
      if (each === clients) server.setSecureContext(askingContext(tls, trust()))
      // What is open was verified with what does not count any more.
      server.closeIdleConnections()
    })
  }
  return server
}

function contextOptions({ certificate, key }: CertificatePair): SecureContextOptions {
  return { cert: certificate, key, minVersion: 'TLSv1.2' }
}

/** @param trust without it nobody is believed: an empty list, because none would mean the public authorities */
function askingContext(pair: CertificatePair, trust: ClientTrust | undefined): SecureContextOptions {
  const lists = trust?.revocationLists
  return {
    ...contextOptions(pair),
    secureOptions: fromTheStart,
    ca: [...(trust?.authorities ?? [])],
    ...(lists === undefined ? {} : { crl: [...lists] }),
  }
}

/**
 * Server name indication (RFC 6066, 3): who has no certificate for the name is shown the one of the listener.
 * @param chosen hears what a certificate of the client is verified with; absent where none is asked for
 */
function serverNames(
  { forServerName }: ListenerTls,
  chosen?: (connection: TLSSocket, trust: ClientTrust | undefined) => void,
): Pick<TlsOptions, 'SNICallback'> {
  if (forServerName === undefined) return {}
  const contexts = new WeakMap<object, SecureContext>()
  const contextOf = (pair: CertificatePair, trust: ClientTrust | undefined): SecureContext => {
    const context =
      contexts.get(trust ?? pair) ??
      createSecureContext(chosen === undefined ? contextOptions(pair) : askingContext(pair, trust))
    contexts.set(trust ?? pair, context)
    return context
  }
  return {
    SNICallback: callbackify(async function named(this: unknown, name: string) {
      const found = await forServerName(name)
      const trust = found?.clients?.current()
      if (this instanceof TLSSocket) chosen?.(this, trust)
      return found === undefined ? undefined : contextOf(found.pair, trust)
    }),
  }
}
