/**
 * The certificate that a client has shown on its connection, as it was when the connection was made: what happens on it
 * afterwards changes nothing (TLS 1.2 could negotiate again, RFC 5746).
 */
import type { X509Certificate } from 'node:crypto'
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { ClientTrust } from './client-authorities.ts'

export interface PresentedCertificate {
  readonly certificate: X509Certificate
  /** What the TLS stack has verified it with; undefined where nobody is believed. */
  readonly trust: ClientTrust | undefined
  /** Why the TLS stack has not accepted it, as OpenSSL names it. */
  readonly failure: string | undefined
}

const presented = new WeakMap<Socket, PresentedCertificate>()

export function presentedOn(connection: Socket): PresentedCertificate | undefined {
  return presented.get(connection)
}

export interface Remembering {
  /** To be called while a connection is made, once it is known for which service it is. */
  verifiedWith(connection: TLSSocket, trust: ClientTrust | undefined): void
}

/**
 * Remembers what clients of a server show.
 * @param defaultTrust for connections for which nobody says another one
 */
export function rememberPresented(server: Server, defaultTrust: () => ClientTrust | undefined): Remembering {
  const chosen = new WeakMap<TLSSocket, { readonly trust: ClientTrust | undefined }>()
  // A slow handshake may end after the authorities have changed: it was verified with what counted when it began.
  const begun = new Map<string, { readonly trust: ClientTrust | undefined }>()
  server.prependListener('connection', (connection: Socket) => {
    const [client, beginning] = [clientOf(connection), { trust: defaultTrust() }]
    begun.set(client, beginning)
    connection.once('close', () => {
      if (begun.get(client) === beginning) begun.delete(client)
    })
  })
  server.prependListener('secureConnection', (connection: TLSSocket) => {
    const certificate = connection.getPeerX509Certificate()
    if (certificate === undefined) return
    const { trust } = chosen.get(connection) ?? begun.get(clientOf(connection)) ?? { trust: undefined }
    presented.set(connection, { certificate, trust, failure: failureOf(connection) })
  })
  return { verifiedWith: (connection, trust) => void chosen.set(connection, { trust }) }
}

/** Both sides of the encryption know no more of each other. */
function clientOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ''} ${remotePort ?? ''}`
}

/** The type says that it is an error, which it is on the side of clients. */
function failureOf({ authorized, authorizationError }: TLSSocket): string | undefined {
  return authorized ? undefined : String(authorizationError)
}
