/**
 * How licensing addresses are written in real publishing licences. Clients compare them character by character, so a
 * map from old to new addresses has to know every one.
 */
import type { SampleCluster } from '../authorities/clusters.ts'

export interface LicenseUrls {
  readonly licensingUrl: string
  readonly externalLicensingUrl?: string
}

const path = '/_wmcs/licensing'
const domain = 'lakeside.example'

const spellings = {
  'http, short name': (host: string) => `http://${host}${path}`,
  'https, short name': (host: string) => `https://${host}${path}`,
  'http, full name': (host: string) => `http://${host}.${domain}${path}`,
  'https, full name': (host: string) => `https://${host}.${domain}${path}`,
  'port 80': (host: string) => `http://${host}:80${path}`,
  'port 443': (host: string) => `https://${host}.${domain}:443${path}`,
  'upper-case scheme': (host: string) => `HTTP://${host}.${domain}${path}`,
  'upper-case scheme and port': (host: string) => `HTTPS://${host}.${domain}:443${path}`,
  'upper-case host': (host: string) => `https://${host.toUpperCase()}.${domain.toUpperCase()}${path}`,
  'mixed-case path': (host: string) => `https://${host}.${domain}/_WMCS/Licensing`,
  'trailing slash': (host: string) => `https://${host}.${domain}${path}/`,
  'service file': (host: string) => `https://${host}.${domain}${path}/license.asmx`,
  'publishing file': (host: string) => `http://${host}${path}/publish.asmx`,
  'trailing blank': (host: string) => `https://${host}.${domain}${path} `,
} as const

export type UrlSpelling =
  | keyof typeof spellings
  | 'as configured'
  | 'extranet'
  | 'extranet, port 443'
  | 'extranet first'

/** The addresses that a licence of this cluster carries in one spelling. */
export function licenseUrls(cluster: SampleCluster, spelling: UrlSpelling): LicenseUrls {
  const { shortHost, extranetHost = `${shortHost}.${domain}` } = cluster.facts
  const full = spellings['https, full name'](shortHost)
  switch (spelling) {
    case 'as configured': {
      const { licensingUrl, externalLicensingUrl } = cluster
      return { licensingUrl, ...(externalLicensingUrl === undefined ? {} : { externalLicensingUrl }) }
    }
    case 'extranet':
      return { licensingUrl: full, externalLicensingUrl: `https://${extranetHost}${path}` }
    case 'extranet, port 443':
      return { licensingUrl: full, externalLicensingUrl: `https://${extranetHost}:443${path}` }
    // Written by administrators who entered the public name for both.
    case 'extranet first':
      return { licensingUrl: `https://${extranetHost}${path}`, externalLicensingUrl: `https://${extranetHost}${path}` }
    default:
      return { licensingUrl: spellings[spelling](shortHost) }
  }
}
