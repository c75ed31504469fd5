/**
 * Which hosts the service answers for: its own names, this machine, and the names of former services that it has taken
 * over. Everybody else is told that there is nothing here, so that no name leads to a service by accident.
 */
import { RightsError } from '@sealward/xrml'
import { answersFor, bareHostName } from '../core/host-names.ts'
import type { CoreContext } from '../core/ports.ts'
import { isLoopback } from './loopback.ts'

export interface HostCheck {
  /** @param host what the client asked for @throws RightsError `resource-unknown` */
  require(host: string): Promise<void>
}

/**
 * @param own.listenerHost the address it listens on, which monitoring may use as a name
 * @param own.takeover whether only names of former services are answered for
 */
export function createHostCheck(
  context: CoreContext,
  own: { readonly listenerHost: string; readonly takeover: boolean },
): HostCheck {
  const { cluster } = context
  const urls = [cluster.baseUrl, cluster.externalLicensingUrl]
  const names = new Set(urls.flatMap((url) => (url === undefined ? [] : (bareHostName(new URL(url).host) ?? []))))
  names.add(own.listenerHost.toLowerCase())
  const isOwn = (host: string): boolean => {
    const name = bareHostName(host)
    return name !== undefined && (names.has(name) || isLoopback(name.replace(/^\[|\]$/g, '')))
  }
  return {
    async require(host) {
      if (!own.takeover && isOwn(host)) return
      const { hostNames } = (await context.configuration()).settings
      if (!answersFor(hostNames, host)) throw new RightsError('resource-unknown')
    },
  }
}
