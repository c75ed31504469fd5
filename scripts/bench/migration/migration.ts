/**
 * The whole migration of an organisation with five keys, two hundred templates and ten thousand documents, as the scenario
 * test runs it (test/scenarios/full-size): seconds of each stage, the whole against its goal, and memory. A stage fails the
 * run if an answer is wrong, or if rehearsal or report are not the same bytes the second time.
 */
import { fullSizeStory } from '../../../test/scenarios/full-size/story.ts'
import { programIn } from '../../../test/scenarios/program.ts'
import type { Effort } from '../effort.ts'
import { machineLine } from '../machine.ts'
import { removeFolder, start, temporaryFolder } from '../processes.ts'
import { createMemoryWatch, type MemoryWatch } from './memory-watch.ts'

/** For 10 000 documents, from the first rehearsal to the report. */
const goalSeconds = 300

interface TimedStage {
  readonly name: string
  readonly preparation: boolean
  readonly seconds: number
}

export async function benchMigration({ documents, templates, sampled }: Effort): Promise<void> {
  const folder = temporaryFolder()
  const memory = createMemoryWatch()
  const program = programIn({ folder, start, onStart: (kind, child) => memory.watch(kind, child) })
  const story = await fullSizeStory({ program, size: { documents, templates }, sampled })
  const timed: TimedStage[] = []
  try {
    for (const { name, preparation = false, run } of story.stages) {
      const began = performance.now()
      await run()
      timed.push({ name, preparation, seconds: (performance.now() - began) / 1000 })
    }
  } finally {
    await story.close()
    memory.end()
  }
  removeFolder(folder)
  print(timed, memory, documents, templates)
}

function print(timed: readonly TimedStage[], memory: MemoryWatch, documents: number, templates: number): void {
  console.log(
    `\nMigration of three clusters, five keys, ${templates} templates, ${documents} documents (seconds by the clock)`,
  )
  for (const { name, preparation, seconds } of timed) {
    console.log(
      `  ${`${name}${preparation ? ' (before the clock starts)' : ''}`.padEnd(72)} ${seconds.toFixed(1).padStart(7)}`,
    )
  }
  const total = timed.filter(({ preparation }) => !preparation).reduce((sum, { seconds }) => sum + seconds, 0)
  const rehearsed = timed.find(({ name }) => name === 'rehearse the documents')?.seconds ?? Number.NaN
  console.log(`  ${'whole'.padEnd(72)} ${total.toFixed(1).padStart(7)}`)
  console.log(
    `  ratio to the goal of ${goalSeconds} s for 10 000 documents on two cores: ${(total / goalSeconds).toFixed(2)} (below 1 is better)`,
  )
  console.log(`  documents rehearsed a second: ${(documents / rehearsed).toFixed(0)}`)
  for (const [kind, bytes] of memory.peaks()) {
    console.log(`  most MiB used by ${kind}: ${(bytes / 1024 / 1024).toFixed(0)}`)
  }
  console.log(`  ${machineLine()}`)
}
