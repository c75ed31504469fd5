/**
 * Where the services of a user are, as a service locator names them (MS-RMPR 3.7.4.2). It is believed like everything that was
 * found: only hosts of the configuration and the service's own are followed (threat D7).
 */
import { normalizeLicensingUrl, type ServiceType } from '@sealward/protocol'
import { isRightsError, RightsError } from '@sealward/xrml'
import type { ClientStore } from './client-store.ts'
import type { Connection } from './connection.ts'
import { callSoap } from './soap-door.ts'

export interface NamedService {
  readonly type: ServiceType
  readonly url: string
}

/** After one of these the next address is tried. */
const unusable = [
  'licensing-url-invalid',
  'service-host-not-allowed',
  'service-unreachable',
  'service-url-refused',
] as const

/** @returns in the order of `types`, without those that do not exist @throws RightsError those of `callSoap` */
export async function namedServices(
  connection: Connection,
  directory: string,
  types: readonly ServiceType[],
): Promise<readonly NamedService[]> {
  const { locations } = await callSoap(connection, directory, 'FindServiceLocationsForUser', { serviceTypes: types })
  return types.flatMap((type) => {
    const url = locations.find((each) => each.type === type)?.url
    return url === undefined ? [] : [{ type, url }]
  })
}

/**
 * What the first address gives that may be asked and can be reached.
 * @returns undefined if there is no address
 * @throws RightsError why the last one cannot be used, and whatever else `use` throws
 */
export async function useFirst<T>(
  { ownHosts }: Connection,
  named: readonly NamedService[],
  use: (url: string) => Promise<T>,
): Promise<T | undefined> {
  let failure: RightsError | undefined
  for (const { url } of named) {
    try {
      requireOwnHost(ownHosts, url)
      return await use(url)
    } catch (error) {
      if (!isRightsError(error, ...unusable)) throw error
      failure = error
    }
  }
  if (failure !== undefined) throw failure
  return undefined
}

/** Whoever certifies the user sees the password first. @throws RightsError `service-host-not-allowed`, `licensing-url-invalid` */
function requireOwnHost(ownHosts: ReadonlySet<string>, url: string): void {
  const { host } = new URL(normalizeLicensingUrl(url))
  if (!ownHosts.has(host)) throw new RightsError('service-host-not-allowed', { detail: host })
}

/**
 * What the locator leads to, or what is known without it. Refused credentials and chains that nobody vouches for are no
 * reason to go on.
 * @throws RightsError what `located` throws, unless it says that nothing usable is there
 */
export async function orElse<T>(known: T, located: () => Promise<T | undefined>): Promise<T> {
  try {
    return (await located()) ?? known
  } catch (error) {
    if (isRightsError(error, ...unusable, 'resource-unknown', 'service-refused', 'service-answer-refused')) return known
    throw error
  }
}

/**
 * Where this user's client licensor certificates, templates and new licences come from.
 * @throws RightsError `client-store-refused`
 */
export function licensingOf(connection: Connection, store: ClientStore): string {
  const { service, ownHosts } = connection
  const located = service.certificationFound ? store.readLicensing() : undefined
  // The configuration may have changed since it was written.
  const usable = located !== undefined && URL.canParse(located) && ownHosts.has(new URL(located).host)
  return usable ? normalizeLicensingUrl(located) : service.licensing
}
