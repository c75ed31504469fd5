/** Who is asked for a use licence: the licence says who issued it, the configuration says who answers now. */
import type { DiscoverySubject } from '@sealward/protocol'
import { isRightsError } from '@sealward/xrml'
import type { Connection } from './connection.ts'

export interface LicenseServer {
  readonly connection: Connection
  readonly url: string
}

/** Redirected, each once. @param licensingUrls of the licence, inside first */
export function allowedAddresses(
  { redirection, allowedHosts }: Pick<Connection, 'redirection' | 'allowedHosts'>,
  licensingUrls: readonly string[],
): readonly string[] {
  const allowed = licensingUrls.flatMap((named) => {
    try {
      const url = redirection.resolve(named)
      return allowedHosts.has(new URL(url).host) ? [url] : []
    } catch (error) {
      if (isRightsError(error, 'licensing-url-invalid')) return []
      throw error
    }
  })
  return [...new Set(allowed)]
}

/**
 * The first address of the licence that may be asked, redirected. Where none may be, discovery may name another one; without
 * that the call fails for the first host.
 * @param licensingUrls of the licence, inside first
 * @throws RightsError `licensing-url-invalid`
 */
export async function licenseServerFor(
  connection: Connection,
  licensingUrls: readonly string[],
): Promise<LicenseServer> {
  const [named = connection.service.licensing] = licensingUrls
  const [allowed] = allowedAddresses(connection, [named, ...licensingUrls])
  if (allowed !== undefined) return { connection, url: allowed }
  const url = connection.redirection.resolve(named)
  const found = await connection.findLicensing?.(licensingUrls)
  if (found === undefined) return { connection, url }
  // Discovery has admitted it as one of the user's own.
  const { host } = new URL(found)
  const ownHosts = new Set([...connection.ownHosts, host])
  return { url: found, connection: { ...connection, ownHosts, transport: connection.transportTo([host]) } }
}

/**
 * The same for the REST protocol, whose clients go by the record above the host in the licence and ask there by the licensing
 * URL as the licence has it. The user's own service is asked where no record leads to another one: it may hold the key of a
 * service that is gone.
 * @param licensingUrls of the licence, inside first
 */
export async function restServerFor(
  connection: Connection,
  licensingUrls: readonly string[],
): Promise<{ readonly connection: Connection; readonly subject?: DiscoverySubject }> {
  const server = await foundServer(connection, licensingUrls)
  const [outside] = licensingUrls.slice(-1)
  if (server === undefined || outside === undefined) return { connection }
  const { origin, host } = new URL(server.url)
  if (host === new URL(connection.service.url).host) return { connection }
  const service = { ...connection.service, url: origin }
  return { connection: { ...server.connection, service }, subject: { kind: 'service', url: outside } }
}

/** Undefined unless discovery has found and admitted somebody. Over REST the text of an address decides nothing else. */
async function foundServer(
  connection: Connection,
  licensingUrls: readonly string[],
): Promise<LicenseServer | undefined> {
  try {
    const server = await licenseServerFor(connection, licensingUrls)
    return server.connection === connection ? undefined : server
  } catch (error) {
    if (isRightsError(error, 'licensing-url-invalid')) return undefined
    throw error
  }
}
