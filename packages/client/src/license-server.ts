/** Who is asked for a use licence: the licence says who issued it, the configuration says who answers now. */
import type { Connection } from './connection.ts'

/**
 * The first address of the licence, redirected. Where it may not be asked, discovery may name another one; without that
 * the call fails for its host.
 * @param licensingUrls of the licence, inside first
 * @throws RightsError `licensing-url-invalid`
 */
export async function licenseServerFor(
  connection: Connection,
  licensingUrls: readonly string[],
): Promise<{ readonly connection: Connection; readonly url: string }> {
  const [named = connection.service.licensing] = licensingUrls
  const url = connection.redirection.resolve(named)
  const { findLicensing } = connection
  if (findLicensing === undefined || connection.allowedHosts.has(new URL(url).host)) return { connection, url }
  const found = await findLicensing(licensingUrls)
  if (found === undefined) return { connection, url }
  // Discovery has admitted it as one of the user's own.
  const { host } = new URL(found)
  const ownHosts = new Set([...connection.ownHosts, host])
  return { url: found, connection: { ...connection, ownHosts, transport: connection.transportTo([host]) } }
}
