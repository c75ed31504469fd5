/** The service in a process of its own, for the benchmark: `serve.ts FOLDER`. Ends when the benchmark goes away. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { masterKeyFromFile } from '@sealward/keys'
import { openService, readConfig } from '@sealward/service'

const [folder = ''] = process.argv.slice(2)
const service = await openService({
  config: readConfig(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))),
  masterKey: masterKeyFromFile(readFileSync(join(folder, 'master.key'))),
  folder,
})
const server = await service.listen()
process.once('disconnect', () => void server.close().then(() => service.close()))
process.send?.({ url: server.url })
