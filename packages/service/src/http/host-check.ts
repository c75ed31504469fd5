/**
 * Which hosts the service answers for: its own names, this machine, and the names of former services that it has taken
 * over. Everybody else is told that there is nothing here, so that no name leads to a service by accident.
 */
import type { IncomingMessage } from 'node:http'
import { RightsError } from '@sealward/xrml'
import { formerHosts } from '../core/former-sites.ts'
import { answersFor, bareHostName, ownHostNames } from '../core/host-names.ts'
import type { CoreContext } from '../core/ports.ts'
import type { Door } from './door.ts'
import { isLoopback } from './loopback.ts'

export interface HostCheck {
  /** @throws RightsError `resource-unknown`, `request-misdirected` */
  require(request: AskedHost): Promise<void>
}

export interface AskedHost {
  /** What the client asked for. */
  readonly host: string
  readonly door: Door
  readonly raw: IncomingMessage
}

/**
 * For a service that has its listener for itself.
 * @param own.listenerHost the address it listens on, which monitoring may use as a name
 * @param own.takeover whether only names of former services are answered for
 */
export function createHostCheck(
  context: CoreContext,
  own: { readonly listenerHost: string; readonly takeover: boolean },
): HostCheck {
  const { cluster } = context
  const names = new Set(ownHostNames([cluster.baseUrl, cluster.externalLicensingUrl]))
  names.add(own.listenerHost.toLowerCase())
  const isOwn = (host: string): boolean => {
    const name = bareHostName(host)
    return name !== undefined && (names.has(name) || isLoopback(name.replace(/^\[|\]$/g, '')))
  }
  return {
    async require({ host }) {
      if (!own.takeover && isOwn(host)) return
      const { hostNames } = (await context.configuration()).settings
      if (!answersFor(formerHosts(hostNames), host)) throw new RightsError('resource-unknown')
    },
  }
}
