/** The connection file of a data directory: what a client needs to reach the service, and to open old documents there. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RedirectionRule } from '@sealward/client'
import { licensingUrlOf, normalizeLicensingUrl } from '@sealward/protocol'
import { isRightsError } from '@sealward/xrml'
import { readConnectionFile, type ConnectionFile, type ServiceConnection } from '../connection/connection-file.ts'
import { dataFiles, writeDataFile } from '../data/data-directory.ts'

export interface ConnectionInput {
  readonly service: string
  /** Fingerprint of the root above the active key. */
  readonly anchor: string
  /** Licensing addresses as old licences name them. */
  readonly oldAddresses: readonly string[]
}

/**
 * Addresses of an earlier connection file stay: the port may have been another one, or somebody added them by hand. So do
 * a service location and allowed hosts, which only come by hand.
 */
export function connectionFor(data: string, { service, anchor, oldAddresses }: ConnectionInput): ServiceConnection {
  const to = licensingUrlOf(service)
  const earlier = earlierConnection(data)
  const earlierService = earlier?.service === undefined ? [] : [licensingUrlOf(earlier.service)]
  const earlierAddresses = earlier && [...earlierService, ...earlier.redirections.map(({ from }) => from)]
  const from = new Set([...oldAddresses.flatMap((url) => readable(url) ?? []), ...(earlierAddresses ?? [])])
  from.delete(to)
  return {
    service,
    anchors: [anchor],
    redirections: [...from].sort().map((url): RedirectionRule => ({ from: url, to })),
    ...(earlier?.serviceLocation === undefined ? {} : { serviceLocation: earlier.serviceLocation }),
    ...(earlier?.allowedHosts === undefined ? {} : { allowedHosts: earlier.allowedHosts }),
    store: join(data, 'clients'),
  }
}

export function writeConnection(data: string, connection: ConnectionFile): void {
  const shown = { ...connection, store: './clients' }
  writeDataFile(join(data, dataFiles.connection), `${JSON.stringify(shown, null, 2)}\n`)
}

function earlierConnection(data: string): ConnectionFile | undefined {
  const path = join(data, dataFiles.connection)
  return existsSync(path) ? readConnectionFile(path) : undefined
}

/** A licence may carry an address that is none. */
function readable(url: string): string | undefined {
  try {
    return normalizeLicensingUrl(url)
  } catch (error) {
    if (isRightsError(error)) return undefined
    throw error
  }
}
