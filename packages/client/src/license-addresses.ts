/**
 * The addresses of a licence, inside and outside, as those of every service: the inner one counts, and the outer one where it
 * cannot be reached (MS-RMPR 3.7.4.2). Of both only those are asked that the configuration allows (threat D7).
 */
import { isRightsError, type RightsError } from '@sealward/xrml'
import type { Connection } from './connection.ts'
import { allowedAddresses, licenseServerFor } from './license-server.ts'

/** After one of these the next address is tried; whatever else a service says is its answer. */
const unusable = ['service-unreachable', 'service-url-refused'] as const

/**
 * Asks the first address that may be asked and can be reached. Where none may be asked, discovery may name another service.
 * @param licensingUrls of the licence, inside first
 * @throws RightsError `licensing-url-invalid`, `service-host-not-allowed`, and whatever `ask` throws
 */
export async function askLicenseServers<T>(
  connection: Connection,
  licensingUrls: readonly string[],
  ask: (connection: Connection, url: string) => Promise<T>,
): Promise<T> {
  const urls = allowedAddresses(connection, licensingUrls)
  if (urls.length > 0) return askInTurn(urls, (url) => ask(connection, url))
  const server = await licenseServerFor(connection, licensingUrls)
  return ask(server.connection, server.url)
}

/**
 * @param urls at least one
 * @throws RightsError that of the last address where none can be reached, and whatever `ask` throws
 */
export async function askInTurn<T>(urls: readonly string[], ask: (url: string) => Promise<T>): Promise<T> {
  let failure: RightsError | undefined
  for (const url of urls) {
    try {
      return await ask(url)
    } catch (error) {
      if (!isRightsError(error, ...unusable)) throw error
      failure = error
    }
  }
  throw failure ?? new RangeError('no address to ask')
}
