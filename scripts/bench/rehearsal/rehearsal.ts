/**
 * The rehearsal of ten thousand documents: time, memory, and CPU-seconds against the floor, which is one RSA decryption for
 * every document that opens and one SHA-256 over the bytes of all files. Two runs must print the same.
 */
import {
  constants,
  createHash,
  createPublicKey,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  type Hash,
} from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeSampleOrganisation, writeToDirectory, type ExpectedDocument, type WrittenSample } from '@sealward/sample'
import type { Effort } from '../effort.ts'
import { machineLine } from '../machine.ts'
import { ownCpuSeconds } from '../measure.ts'
import { removeFolder, run, temporaryFolder, type Ended } from '../processes.ts'
import { treeMemory, type TreeMemory } from './process-tree.ts'

const goalSeconds = 60
const goalMebibytes = 512
const sampling = 200
/** Some documents of the sample are damaged, so the rehearsal ends with findings. */
const findings = 1
const rounds = 2

export async function benchRehearsal({ documents }: Effort): Promise<void> {
  const folder = temporaryFolder()
  const sample = await writeSampleOrganisation({
    directory: writeToDirectory(folder),
    documents,
    random: randomBytes,
    now: new Date(),
  })
  const rehearsals: Rehearsal[] = []
  const floors: number[] = []
  for (let round = 0; round < rounds; round++) {
    floors.push(floorSeconds(folder, sample))
    rehearsals.push(await rehearse(folder, sample))
  }
  removeFolder(folder)

  console.log(`\nRehearsal of ${documents} documents`)
  for (const [round, rehearsal] of rehearsals.entries()) {
    for (const line of describe(rehearsal, floors[round] ?? Number.NaN)) console.log(`  ${line}`)
  }
  console.log(`  ${machineLine()}`)
  if (new Set(rehearsals.map(({ outputHash }) => outputHash)).size > 1)
    throw new Error('two runs printed different reports')
}

interface Rehearsal {
  readonly ended: Ended
  /** Of the process tree, every 200 ms. */
  readonly memory: readonly TreeMemory[]
  readonly outputHash: string
}

function describe({ ended, memory, outputHash }: Rehearsal, floor: number): readonly string[] {
  const used = memory.map((sample) => sample.used)
  const quarters = [0.25, 0.5, 0.75, 1].map((part) => mebibytes(used[Math.ceil(part * used.length) - 1] ?? Number.NaN))
  const resident = mebibytes(Math.max(...memory.map((sample) => sample.resident)))
  return [
    `${ended.wallSeconds.toFixed(1)} s wall (goal for 10 000 documents on two cores: below ${goalSeconds})`,
    `  CPU-seconds ${ended.cpuSeconds.toFixed(1)}, floor ${floor.toFixed(1)}, ratio ${(floor / ended.cpuSeconds).toFixed(3)}`,
    `  MiB used at 25, 50, 75, 100 %: ${quarters.join(', ')}; most ${mebibytes(Math.max(...used))} (goal: below ${goalMebibytes})`,
    `  most MiB with shared pages counted for each process: ${resident}`,
    `  output SHA-256 ${outputHash}`,
  ]
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0)
}

async function rehearse(folder: string, { tpdFiles }: WrittenSample): Promise<Rehearsal> {
  const main = fileURLToPath(new URL('../../../packages/cli/src/main.ts', import.meta.url))
  const roots = readdirSync(join(folder, 'roots')).flatMap((name) => ['--anchor', join(folder, 'roots', name)])
  const exports = tpdFiles.flatMap(({ path, passwordPath }) => [
    '--tpd',
    join(folder, path),
    '--password-file',
    join(folder, passwordPath),
  ])
  const args = [main, 'rehearse', '--json', ...exports, ...roots, '--documents', join(folder, 'documents')]
  const output: Hash = createHash('sha256')
  const memory: TreeMemory[] = []
  let timer: NodeJS.Timeout | undefined
  const ended = await run(process.execPath, args, {
    onStart: (pid) => {
      timer = setInterval(() => memory.push(treeMemory(pid)), sampling)
    },
    onOutput: (chunk) => output.update(chunk),
  })
  clearInterval(timer)
  if (ended.status !== findings) throw new Error(`the rehearsal ended with status ${ended.status}`)
  return { ended, memory, outputHash: output.digest('hex') }
}

/** CPU-seconds of what every rehearsal has to do: read and hash each file, and open the key of each that opens. */
function floorSeconds(folder: string, { organisation }: WrittenSample): number {
  const { documents } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
    readonly documents: readonly ExpectedDocument[]
  }
  const unsealers = new Map(
    Object.values(organisation.clusters).map(({ publicKey, key, facts: { mode } }) => {
      const padding = mode.padding === 'pkcs1' ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_OAEP_PADDING
      const sealed = publicEncrypt({ key: createPublicKey(key.privateKey), padding }, randomBytes(28))
      return [publicKey.fingerprint, () => privateDecrypt({ key: key.privateKey, padding }, sealed)]
    }),
  )
  return ownCpuSeconds(() => {
    for (const { path, outcome, key } of documents) {
      createHash('sha256')
        .update(readFileSync(join(folder, 'documents', path)))
        .digest()
      if (outcome === 'opens') unsealers.get(key ?? '')?.()
    }
  })
}
