/** Names as the clients of the organisation see them: asked at the servers of the plan, or at those of this machine. */
import { Resolver } from 'node:dns/promises'
import { systemCode } from '@sealward/client'
import { RightsError } from '@sealward/xrml'
import type { DnsReader } from './ports.ts'

const nothingThere = ['ENOTFOUND', 'ENODATA', 'NXDOMAIN']

export function createDnsReader(servers: readonly string[] = []): DnsReader {
  const resolver = new Resolver({ timeout: 5_000, tries: 2 })
  if (servers.length > 0) resolver.setServers(servers)
  return {
    services: (name) =>
      ask(name, async () => (await resolver.resolveSrv(name)).map(({ name: target, port }) => ({ target, port }))),
    addresses: (host) => ask(host, () => resolver.resolve4(host)),
  }
}

async function ask<T>(name: string, query: () => Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await query()
  } catch (cause) {
    if (nothingThere.includes(systemCode(cause))) return []
    throw new RightsError('service-unreachable', { detail: `DNS: ${name}`, cause })
  }
}
