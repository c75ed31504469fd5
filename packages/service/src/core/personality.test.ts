import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { personalities, type Personality } from './personality.ts'
import { closedDoors } from './settings.ts'

const repository = join(import.meta.dirname, '../../../..')
const sources = join(import.meta.dirname, '..')
const day = 86_400_000

const duration = (milliseconds: number | undefined): string => {
  if (milliseconds === undefined) return 'without limit'
  const days = milliseconds / day
  if (days < 1) return `${milliseconds / 60_000} minutes`
  return days === 1 ? '1 day' : `${days} days`
}

/** Every entry of the table, as the architecture page shows it. */
const rows: Readonly<Record<Exclude<keyof Personality, 'stateOf'>, (personality: Personality) => string>> = {
  identity: ({ identity }) => identity,
  namedByIdentifier: ({ namedByIdentifier }) => (namedByIdentifier ? 'yes' : 'no'),
  aliases: ({ aliases }) => (aliases ? 'yes' : 'no'),
  states: ({ states }) => states.join(', '),
  protectionLimit: ({ protectionLimit }) => protectionLimit,
  closedDoors: (personality) => {
    const missing = closedDoors.filter((door) => !personality.closedDoors.includes(door))
    return missing.length === 0 ? 'all' : `all but ${missing.join(', ')}`
  },
  startsWithKey: ({ startsWithKey }) => (startsWithKey ? 'yes' : 'no'),
  anyone: ({ anyone }) => anyone,
  persistentValidity: ({ persistentValidity }) => duration(persistentValidity),
  temporaryValidity: ({ temporaryValidity }) => duration(temporaryValidity),
  validityTolerance: ({ validityTolerance }) => duration(validityTolerance),
  creationTimeTolerance: ({ creationTimeTolerance }) => duration(creationTimeTolerance),
  useLicenseValidityMost: ({ useLicenseValidityMost }) => duration(useLicenseValidityMost),
}

const titles: Readonly<Record<keyof typeof rows, string>> = {
  identity: 'Identifiers in account certificates and of owners',
  namedByIdentifier: 'Host names begin with an identifier',
  aliases: 'Account certificates list other addresses',
  states: 'States that administrators set',
  protectionLimit: 'What limits who may protect',
  closedDoors: 'Doors that can be opened to named accounts',
  startsWithKey: 'Starts only with a key',
  anyone: 'Rights for ANYONE in imported templates',
  persistentValidity: 'Account certificates on own machines are valid for',
  temporaryValidity: 'Account certificates on other machines are valid for',
  validityTolerance: 'Certificates are valid before their issue for',
  creationTimeTolerance: 'Credentials may be later than the licence by',
  useLicenseValidityMost: 'Use licences live at most',
}

suite('the table of personalities', () => {
  test('is shown whole by the architecture page', () => {
    const line = (key: keyof typeof rows) =>
      `| ${titles[key]} | ${rows[key](personalities.cluster)} | ${rows[key](personalities.tenant)} |`
    const table = [
      '| | cluster | tenant |',
      '|---|---|---|',
      ...(Object.keys(rows) as (keyof typeof rows)[]).map(line),
    ].join('\n')
    const page = readFileSync(join(repository, 'docs/architecture.md'), 'utf8')
    assert.ok(page.includes(table), `docs/architecture.md should contain:\n${table}`)
  })

  test('is the only place that asks which of the two a service is', () => {
    const asking = /personality\s*[!=]==?|[!=]==?\s*'(?:cluster|tenant)'/
    const files = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    const code = files.filter((file) => file.endsWith('.ts') && !/\.(?:test|fixture)\.ts$|test-[a-z]+\.ts$/.test(file))
    assert.ok(code.length > 100)
    const found = code.filter((file) => asking.test(readFileSync(join(sources, file), 'utf8')))
    assert.deepEqual(found, [])
  })
})
