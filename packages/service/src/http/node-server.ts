/**
 * The listening server below the framework, with its limits of time and size. Plain HTTP is for this machine alone, or for
 * a proxy that encrypts in its place; everything else needs a certificate.
 */
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import type { Socket } from 'node:net'
import { RightsError } from '@sealward/xrml'
import type { ListenerTls } from '../tls/listener-tls.ts'
import type { HttpLimits } from './limits.ts'
import { isLoopback } from './loopback.ts'
import { createSecureServer } from './secure-server.ts'

export interface Listener {
  readonly host: string
  /** 0 takes any free one. */
  readonly port: number
  readonly tls?: ListenerTls
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
  const server = tls === undefined ? createServer(options, answer) : createSecureServer(tls, options, answer)
  limitConnections(server, limits.connectionsPerAddress)
  return server
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
