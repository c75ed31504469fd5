/** The cluster of another forest over SOAP: what of it the core needs (MS-RMPRS 3.2.4.1, 3.3.4.1). */
import { certificationUrlOf, operationUrl, type ServiceLocation, type ServiceType } from '@sealward/protocol'
import { RightsError } from '@sealward/xrml'
import { expansionHeader } from '../core/expansion-trail.ts'
import type { Forest } from '../core/forests.ts'
import { standardLimits, type OutboundLimits } from '../core/limits.ts'
import type { Clock } from '../core/ports.ts'
import { callCluster } from './call-cluster.ts'
import type { ForestSettings } from './settings.ts'

/** Where its services are, a cluster says once in a while; what it says about people is never kept. */
const addressKeptFor = 300_000
const urlLengthMost = 2_048

/** @param settings with absolute paths */
export function openForest(
  settings: ForestSettings,
  clock: Clock,
  { outboundSeconds, outboundBytes: bytesMost }: OutboundLimits = standardLimits,
): Forest {
  const { name, domains, serverUrl, groupExpansionUrl } = settings
  let kept: { readonly url: string; readonly from: number } | undefined

  const locate = async (type: ServiceType, signal: AbortSignal): Promise<ServiceLocation> => {
    const { locations } = await callCluster(settings, {
      url: operationUrl(certificationUrlOf(serverUrl), 'FindServiceLocations'),
      operation: 'FindServiceLocations',
      // Windows servers ask for one type at a time.
      request: { serviceTypes: [type] },
      signal,
      bytesMost,
    })
    const [location] = locations
    if (location?.type !== type || locations.length !== 1) throw refused('it names other services than those asked for')
    if (location.url !== undefined && !isServiceUrl(location.url)) throw refused('it names an address that is none')
    return location
  }

  const expansionUrl = async (signal: AbortSignal): Promise<string> => {
    if (groupExpansionUrl !== undefined) return groupExpansionUrl
    const now = clock.now().getTime()
    if (kept !== undefined && now >= kept.from && now - kept.from < addressKeptFor) return kept.url
    const { url } = await locate('GroupExpansionService', signal)
    if (url === undefined) throw refused('it has no group expansion')
    if (new URL(url).origin !== new URL(serverUrl).origin) throw refused('its group expansion is on another host')
    kept = { url: operationUrl(url, 'IsPrincipalMemberOf'), from: now }
    return kept.url
  }

  return {
    name,
    domains,
    async isMemberOfAny({ person, groups, callsSoFar, question, signal }) {
      const { member } = await callCluster(settings, {
        url: await expansionUrl(signal),
        operation: 'IsPrincipalMemberOf',
        request: {
          principalName: person,
          principalCrossForest: person,
          targetGroups: groups,
          crossForestCallsSoFar: callsSoFar,
        },
        headers: { [expansionHeader]: question },
        signal,
        bytesMost,
      })
      return member
    },
    findServiceLocations(types) {
      const signal = AbortSignal.timeout(outboundSeconds * 1_000)
      return Promise.all(types.map((type) => locate(type, signal)))
    },
  }
}

/** What clients are told to go to is an address of the web, whoever says so. */
function isServiceUrl(text: string): boolean {
  if (!URL.canParse(text) || text.length > urlLengthMost) return false
  const { protocol, username, password } = new URL(text)
  return (protocol === 'https:' || protocol === 'http:') && username + password === ''
}

function refused(detail: string): RightsError {
  return new RightsError('forest-unavailable', { detail })
}
