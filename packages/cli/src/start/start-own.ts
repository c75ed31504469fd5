/** `sealward start` with a data directory of one's own: just the service. */
import { join } from 'node:path'
import { listKeys } from '@sealward/service'
import { adminTokenFile, dataFiles, readDataConfig } from '../data/data-directory.ts'
import { serviceAddress } from '../data/service-address.ts'
import { administer } from '../data/in-process-service.ts'
import { readMasterKey } from '../data/master-key.ts'
import { runService, untilStopped, withRequestLog } from './running-service.ts'
import type { StartInput } from './start-sample.ts'
import { connectionFor, writeConnection } from './write-connection.ts'

export async function startOwn({ data, port, exit, narrator }: StartInput): Promise<void> {
  const stored = readDataConfig(data)
  const config = port === undefined ? stored : { ...stored, listener: { ...stored.listener, port } }
  const keys = await administer(data, ({ administration }) => listKeys(administration))
  narrator.step(`The service in ${data} and its keys`)
  for (const { id, state, mode, name } of keys) {
    narrator.detail(`${id.slice(0, 16)}…  ${name ?? ''}, mode ${mode}, ${state}`)
  }
  const active = keys.find(({ state }) => state === 'active')
  const masterKey = await readMasterKey(data)
  await withRequestLog(data, (requestLog) =>
    runService({ config, masterKey, folder: data, requestLog }, async (url) => {
      narrator.step(`The service runs at ${url}, known to clients as ${serviceAddress(config)}`)
      if (active !== undefined) {
        const oldAddresses = keys.flatMap((key) => (key.url === undefined ? [] : [`${key.url}/licensing`]))
        writeConnection(
          data,
          connectionFor(data, { service: serviceAddress(config), anchor: active.root, oldAddresses }),
        )
        narrator.detail(`what clients need: ${join(data, dataFiles.connection)}`)
      }
      narrator.detail(`administration: ${url}/admin/v1, with the token in ${adminTokenFile(data, config)}`)
      if (exit) return
      narrator.detail('Ctrl-C stops it')
      await untilStopped()
    }),
  )
}
