/**
 * The listening server below the framework, with its limits of time and size. Plain HTTP is for this machine alone, or for
 * a proxy that encrypts in its place; everything else needs a certificate.
 */
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { callbackify } from 'node:util'
import { createSecureContext, type SecureContext, type SecureContextOptions, type TlsOptions } from 'node:tls'
import { RightsError } from '@sealward/xrml'
import type { HttpLimits } from './limits.ts'
import { isLoopback } from './loopback.ts'

/** PEM texts. */
export interface CertificatePair {
  readonly certificate: string
  readonly key: string
}

export interface Listener {
  readonly host: string
  /** 0 takes any free one. */
  readonly port: number
  readonly tls?: CertificatePair & {
    /** Certificates of services that share the listener, by the name that a client connects to. */
    readonly forServerName?: (name: string) => Promise<CertificatePair | undefined>
  }
  /** Requests come through a proxy that encrypts, over a network that is trusted. */
  readonly encryptedByProxy: boolean
}

/** @throws RightsError `listener-refused` for plain HTTP on an address that others reach */
export function requireSafeListener({ host, tls, encryptedByProxy }: Listener): void {
  if (tls === undefined && !encryptedByProxy && !isLoopback(host)) {
    throw new RightsError('listener-refused', { detail: host })
  }
}

export function createNodeServer(listener: Listener, limits: HttpLimits, answer: RequestListener): Server {
  const options: ServerOptions = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    keepAliveTimeout: limits.idleTimeout,
    connectionsCheckingInterval: limits.timeoutCheckInterval,
  }
  const { tls } = listener
  const server =
    tls === undefined
      ? createServer(options, answer)
      : createTlsServer({ ...options, ...contextOptions(tls), ...serverNames(tls) }, answer)
  limitConnections(server, limits.connectionsPerAddress)
  return server
}

function contextOptions({ certificate, key }: CertificatePair): SecureContextOptions {
  return { cert: certificate, key, minVersion: 'TLSv1.2' }
}

/** Server name indication (RFC 6066, 3): who has no certificate for the name is shown the one of the listener. */
function serverNames({ forServerName }: NonNullable<Listener['tls']>): Pick<TlsOptions, 'SNICallback'> {
  if (forServerName === undefined) return {}
  const contexts = new Map<CertificatePair, SecureContext>()
  const contextOf = (pair: CertificatePair): SecureContext => {
    const context = contexts.get(pair) ?? createSecureContext(contextOptions(pair))
    contexts.set(pair, context)
    return context
  }
  return {
    SNICallback: callbackify(async (name: string) => {
      const pair = await forServerName(name)
      return pair === undefined ? undefined : contextOf(pair)
    }),
  }
}

function limitConnections(server: Server, most: number): void {
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const count = open.get(address) ?? 0
    if (count >= most) {
      socket.destroy()
      return
    }
    open.set(address, count + 1)
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1
      if (left === 0) open.delete(address)
      else open.set(address, left)
    })
  })
}
