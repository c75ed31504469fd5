/**
 * `npm run bench [-- [--quick] licences|content|rehearsal|migration|start-up|flood ...] [--seconds N]`: what the product costs per CPU-second, against the bare operations that
 * nobody can save. The method is described in docs/performance.md.
 */
import { parseArgs } from 'node:util'
import { benchContent } from './content/content.ts'
import { fullEffort, quickEffort, type Effort } from './effort.ts'
import { benchFlood } from './flood/flood.ts'
import { benchLicenses } from './licenses/licenses.ts'
import { benchMigration } from './migration/migration.ts'
import { cleanUpAtTheEnd } from './processes.ts'
import { benchRehearsal } from './rehearsal/rehearsal.ts'
import { benchStartUp } from './start-up/start-up.ts'

const sections: ReadonlyMap<string, (effort: Effort) => Promise<void>> = new Map([
  ['licences', benchLicenses],
  ['content', benchContent],
  ['rehearsal', benchRehearsal],
  ['migration', benchMigration],
  ['start-up', benchStartUp],
  ['flood', benchFlood],
])

const { values, positionals: names } = parseArgs({
  options: { quick: { type: 'boolean' }, seconds: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  allowPositionals: true,
})
const chosen = values.quick === true ? quickEffort : fullEffort
const floodSeconds = Number(values.seconds ?? chosen.floodSeconds)
const unknown = names.filter((name) => !sections.has(name))
if (values.help === true) {
  console.log(`Usage: npm run bench -- [section ...] [--quick] [--seconds N]

Sections: ${[...sections.keys()].join(', ')}; all of them unless named.
  --quick      less of everything, for a first look
  --seconds N  how long the flood lasts (default ${chosen.floodSeconds})`)
} else if (unknown.length > 0) {
  console.error(`no section ${unknown.join(', ')}; there are: ${[...sections.keys()].join(', ')}`)
  process.exitCode = 2
} else if (!(floodSeconds >= 1 && floodSeconds <= 3_600)) {
  console.error('--seconds: from 1 to 3600')
  process.exitCode = 2
} else {
  cleanUpAtTheEnd()
  for (const [name, bench] of sections)
    if (names.length === 0 || names.includes(name)) await bench({ ...chosen, floodSeconds })
}
