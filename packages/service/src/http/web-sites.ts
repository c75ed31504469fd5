/**
 * At which base paths of which hosts SOAP is answered: the service's own, inside and outside, and those of former services whose
 * web sites it has taken over. The same path on another name, and another path on the same name, lead nowhere.
 */
import type { IncomingMessage } from 'node:http'
import { RightsError } from '@sealward/xrml'
import { answersAt, formerHosts } from '../core/former-sites.ts'
import { answersFor, bareHostName } from '../core/host-names.ts'
import { ownSites, type OwnSite } from '../core/own-sites.ts'
import type { CoreContext } from '../core/ports.ts'
import { isLoopback } from './loopback.ts'
import { soapTargetOf } from './soap/soap-target.ts'

export interface WebSites {
  /**
   * The address at which clients reach the service that a request is for; to be asked after the host was found to be answered.
   * @throws RightsError `resource-unknown`
   */
  siteOf(request: AskedPath): Promise<string>
}

export interface AskedPath {
  /** What the client asked for. */
  readonly host: string
  readonly secure: boolean
  /** Whether the route is one of SOAP. */
  readonly soap: boolean
  readonly raw: IncomingMessage
}

/**
 * @param own.listenerHost the address it listens on, which monitoring may use as a name
 * @param own.takeover whether only web sites of former services are answered
 */
export function createWebSites(
  context: CoreContext,
  own: { readonly listenerHost: string; readonly takeover: boolean },
): WebSites {
  const { cluster } = context
  const sites = ownSites(cluster)
  /** Of a name; this machine has all, and a name that is not the service's own has none. */
  const sitesOf = (host: string): readonly OwnSite[] => {
    const name = bareHostName(host)
    if (own.takeover || name === undefined) return []
    if (name === own.listenerHost.toLowerCase() || isLoopback(name.replace(/^\[|\]$/g, ''))) return sites
    return sites.filter((site) => site.name === name)
  }
  return {
    async siteOf({ host, secure, soap, raw }) {
      const target = soapTargetOf(raw)
      // A route that was reached by a spelling which nobody has read.
      if (soap && target === undefined) throw new RightsError('resource-unknown')
      const here = sitesOf(host)
      const found = target === undefined ? here[0] : here.find(({ basePath }) => basePath === target.basePath)
      if (found !== undefined) return found.url
      const { hostNames } = (await context.configuration()).settings
      const answered = answersAt(hostNames, { host, secure, basePath: target?.basePath })
      // Names that all services share, and this machine for administrators, have no web site.
      const shared = target === undefined && !answersFor(formerHosts(hostNames), host)
      if (!answered && !shared) throw new RightsError('resource-unknown')
      return cluster.baseUrl
    },
  }
}
