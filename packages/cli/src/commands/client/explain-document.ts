/** Who would be asked for the licence of a document: its addresses, where they are redirected, and whether that is allowed. */
import {
  connect,
  discoverLicensing,
  openFileSource,
  readPublishedLicense,
  type Connection,
  type Discovery,
  type DiscoveryStep,
} from '@sealward/client'
import { openProtected } from '@sealward/formats'
import { isLoopbackHost, normalizeLicensingUrl } from '@sealward/protocol'
import { errorCatalogue, isRightsError, type ErrorCode } from '@sealward/xrml'
import { configuredOptions, type ClientConfiguration } from '../../connection/client-configuration.ts'

export interface ExplainedAddress {
  /** As the licence has it. */
  readonly url: string
  /** Where it is asked for. */
  readonly asks: string | null
  readonly redirected: boolean
  /** Null if it may be asked. */
  readonly code: ErrorCode | null
  readonly cure: string | null
}

export interface ExplainedDocument {
  readonly path: string
  /** Of those that may be asked the first is, and the next where it cannot be reached. */
  readonly addresses: readonly ExplainedAddress[]
  /** Where discovery was needed for it. */
  readonly steps: readonly DiscoveryStep[]
}

/** @throws RightsError what is wrong with the file */
export async function explainDocument(
  path: string,
  configuration: ClientConfiguration,
  { service }: Discovery,
  askHosts: boolean,
): Promise<ExplainedDocument> {
  const urls = licensingUrlsOf(path)
  if (service === undefined || service.admission === 'offline')
    return { path, addresses: urls.map((url) => refused(url, 'service-not-discovered')), steps: [] }
  // Nobody signs in: only addresses are compared.
  const nobody = { serviceUrl: service.url, user: 'nobody@localhost' }
  const connection = connect({ ...nobody, ...configuredOptions(configuration, service) })
  const addresses = urls.map((url) => explainAddress(url, connection))
  const srv = configuration.file?.discovery?.srv
  const [first, ...others] = addresses
  if (srv === undefined || first === undefined || mayBeAsked({ addresses })) return { path, addresses, steps: [] }
  const rules = { ...configuration.rules, allowedHosts: [...connection.ownHosts], askHosts }
  const { steps, url } = await discoverLicensing(urls, { ...rules, srv })
  if (url === undefined) return { path, addresses, steps }
  return { path, addresses: [{ ...first, asks: url, redirected: true, code: null, cure: null }, ...others], steps }
}

/** Whether anybody is asked for the licence. */
export function mayBeAsked({ addresses }: Pick<ExplainedDocument, 'addresses'>): boolean {
  return addresses.some(({ code }) => code === null)
}

function licensingUrlsOf(path: string): readonly string[] {
  const source = openFileSource(path)
  try {
    return readPublishedLicense(openProtected(source).licenseText).licensingUrls
  } finally {
    source.close()
  }
}

function explainAddress(url: string, { redirection, allowedHosts }: Connection): ExplainedAddress {
  try {
    const asks = redirection.resolve(url)
    const { protocol, host, hostname } = new URL(asks)
    const allowed = allowedHosts.has(host)
    const secure = protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname))
    const redirected = asks !== normalizeLicensingUrl(url)
    if (allowed && secure) return { url, asks, redirected, code: null, cure: null }
    return { ...refused(url, secure ? 'service-host-not-allowed' : 'service-url-refused'), asks, redirected }
  } catch (error) {
    if (!isRightsError(error)) throw error
    return refused(url, error.code)
  }
}

function refused(url: string, code: ErrorCode): ExplainedAddress {
  return { url, asks: null, redirected: false, code, cure: errorCatalogue[code].cure }
}
