/**
 * From the start of the process `sealward serve` to the first licence that a new user gets from it: everything that happens
 * once is in it, the user's machine key, account key and certificates included. Wall-clock seconds against their goal.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient, openDocument, protectFile, type Client } from '@sealward/client'
import { freePort } from '../../../test/scenarios/lakeside.ts'
import { programIn } from '../../../test/scenarios/program.ts'
import type { Effort } from '../effort.ts'
import { machineLine } from '../machine.ts'
import { spreadOf, spreadText } from '../measure.ts'
import { removeFolder, start, temporaryFolder } from '../processes.ts'

const goalSeconds = 3
const [author, reader] = ['anna.berg@lakeside.example', 'li.chen@lakeside.example'] as const

export async function benchStartUp({ rounds }: Effort): Promise<void> {
  const folder = temporaryFolder()
  // Operators start it without the cache of compiled code that benches have.
  const program = programIn({ folder, start, variables: { NODE_DISABLE_COMPILE_CACHE: '1' } })
  const port = await freePort()
  const service = program.service('service', `http://127.0.0.1:${port}`)
  await program.done('sample', 'lakeside', '--documents', '1')
  const people = ['--directory', join(folder, 'lakeside', 'directory.json'), '--domain', 'lakeside.example']
  await program.done('cluster', 'create', '--data', 'service', '--port', String(port), ...people, '--yes')
  const passwords = readFileSync(join(folder, 'lakeside', 'people.txt'), 'utf8')
  const { keys } = await program.done<{ keys: { root: string }[] }>('key', 'list', '--data', 'service', '--json')
  const clientOf = (user: string, store: string): Client =>
    createClient({
      serviceUrl: service.url,
      user,
      anchors: keys.map(({ root }) => root),
      storeDirectory: join(folder, store),
      password: () => Buffer.from(new RegExp(`^${user}\\s+(\\S+)`, 'm').exec(passwords)?.[1] ?? ''),
    })
  const plain = join(folder, 'note.txt')
  writeFileSync(plain, 'for Li')
  await service.start()
  const policy = { grants: [{ to: reader, rights: ['VIEW'] }] }
  const { path } = await protectFile(clientOf(author, 'author'), plain, policy)
  await service.stop()

  const ready: number[] = []
  const licensed: number[] = []
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    await service.start()
    ready.push((performance.now() - began) / 1_000)
    const { rights } = await openDocument(clientOf(reader, `reader-${round}`), path, { write: () => undefined })
    licensed.push((performance.now() - began) / 1_000)
    await service.stop()
    if (rights.join() !== 'VIEW') throw new Error(`unexpected rights: ${rights.join()}`)
  }
  removeFolder(folder)
  const first = spreadOf(licensed)
  console.log('\nStart-up (seconds by the clock)')
  console.log(`  from process start to the first answer    ${spreadText(spreadOf(ready))}`)
  console.log(`  from process start to the first licence   ${spreadText(first)}`)
  console.log(`  ratio to the goal of ${goalSeconds} s: ${(first.median / goalSeconds).toFixed(2)} (below 1 is better)`)
  console.log(`  ${machineLine()}`)
}
