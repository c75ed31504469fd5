/** The web sites at which clients reach the service itself: inside, and outside where that is another one. */
import { bareHostName } from './host-names.ts'
import type { Cluster } from './ports.ts'

export interface OwnSite {
  /** Host without port, which may be another one behind a proxy. */
  readonly name: string
  /** In lower case. */
  readonly basePath: string
  /** As configured, without a slash at the end. */
  readonly url: string
}

/** The inner one first. */
export function ownSites({
  baseUrl,
  externalLicensingUrl,
}: Pick<Cluster, 'baseUrl' | 'externalLicensingUrl'>): readonly OwnSite[] {
  const outside = externalLicensingUrl?.replace(/\/licensing$/, '')
  return [baseUrl, ...(outside === undefined ? [] : [outside])].map((url) => {
    const { host, pathname } = new URL(url)
    return { name: bareHostName(host) ?? '', basePath: pathname.toLowerCase(), url }
  })
}

/** The URL under which clients reach the service, from the configured address of its SOAP root; never from a request. */
export function publicUrlOf(baseUrl: string): string {
  return baseUrl.replace(/^([a-z]+:\/\/[^/]+).*$/i, '$1')
}
