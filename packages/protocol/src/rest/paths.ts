/**
 * The resources of the REST protocol below `/my/v1/` and `/my/v2/`; older clients know only the first, and both answer
 * alike. Clients learn all addresses but the one of service discovery from service discovery.
 */

export const restResources = {
  serviceDiscovery: 'servicediscovery',
  endUserLicenses: 'enduserlicenses',
  publishingLicenses: 'publishinglicenses',
  templates: 'templates',
  clientLicensorCertificates: 'clientlicensorcertificates',
  clientDebugLogs: 'clientlogs/debug',
  clientPerformanceLogs: 'clientlogs/performance',
} as const

export type RestResource = keyof typeof restResources

export interface RestTarget {
  readonly resource: RestResource
  /** Undecoded, without the question mark; empty if there is none. */
  readonly query: string
}

const versions = ['v1', 'v2'] as const
const newestVersion = 'v2'

const resourceByPath = new Map<string, RestResource>(
  versions.flatMap((version) =>
    Object.entries(restResources).map(
      ([resource, path]) => [`/my/${version}/${path}`, resource as RestResource] as const,
    ),
  ),
)

/** The resource of a request target. */
export function matchRestTarget(target: string): RestTarget | undefined {
  const question = target.indexOf('?')
  const path = question < 0 ? target : target.slice(0, question)
  const resource = resourceByPath.get(path.toLowerCase())
  return resource === undefined ? undefined : { resource, query: question < 0 ? '' : target.slice(question + 1) }
}

/**
 * The address of a resource.
 * @param publicUrl scheme, host and port under which clients reach the service, from the configuration
 */
export function restUri(publicUrl: string, resource: RestResource): string {
  return `${publicUrl.replace(/\/$/, '')}/my/${newestVersion}/${restResources[resource]}`
}
