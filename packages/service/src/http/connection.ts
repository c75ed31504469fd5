/**
 * What is known about the way that a request took. Only proxies of the configuration are believed what they say in
 * X-Forwarded-*; anybody else is taken for the client itself (threat P15).
 */
import { BlockList, isIP } from 'node:net'
import { RightsError } from '@sealward/xrml'
import { isLoopback } from './loopback.ts'
import type { Listener } from './node-server.ts'

export interface Connections {
  /** Whether the address is that of a proxy of the configuration. */
  isProxy(address: string): boolean
  /** Whether every part of the way was encrypted. */
  isEncrypted(way: Way): boolean
  /** Whether nobody between client and service can read the request: encrypted, or never outside of this machine. */
  isConfidential(way: Way): boolean
  /** Whether requests of several clients may come over the connection. */
  isShared(request: { readonly peer: string; readonly headers: Readonly<Record<string, unknown>> }): boolean
}

export interface Way {
  /** Whose connection it is: the client's, or that of the last proxy. */
  readonly peer: string
  readonly forwardedProtocol: string | readonly string[] | undefined
}

/** What proxies add, also those that nobody has listed. */
const proxyMarks = ['via', 'forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'] as const

/**
 * @param trustedProxies addresses, or networks such as `10.1.2.0/24`
 * @throws RightsError `configuration-invalid`
 */
export function createConnections(
  { tls, encryptedByProxy }: Pick<Listener, 'tls' | 'encryptedByProxy'>,
  trustedProxies: readonly string[],
): Connections {
  const proxies = listOf(trustedProxies)
  const isProxy = (address: string): boolean => contains(proxies, address)

  function isEncrypted({ peer, forwardedProtocol }: Way): boolean {
    const toUs = tls !== undefined || encryptedByProxy
    if (!isProxy(peer)) return tls !== undefined || (encryptedByProxy && trustedProxies.length === 0)
    if (forwardedProtocol === undefined) return toUs
    const said = [forwardedProtocol].flat().flatMap((value) => value.split(','))
    return (toUs || isLoopback(peer)) && said.every((protocol) => protocol.trim().toLowerCase() === 'https')
  }

  return {
    isProxy,
    isEncrypted,
    isShared: ({ peer, headers }) => encryptedByProxy || isProxy(peer) || proxyMarks.some((name) => name in headers),
    isConfidential: (way) => isEncrypted(way) || (!isProxy(way.peer) && isLoopback(way.peer)),
  }
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix, ...more] = network.split('/')
    const version = isIP(address)
    const bits = version === 6 ? 128 : 32
    const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Infinity
    if (version === 0 || length > bits || more.length > 0) {
      throw new RightsError('configuration-invalid', { detail: `listener.trustedProxies: ${network}` })
    }
    list.addSubnet(address, length, version === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}

function contains(list: BlockList, address: string): boolean {
  const version = isIP(address)
  return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4')
}
