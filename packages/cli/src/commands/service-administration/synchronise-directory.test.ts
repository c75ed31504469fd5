/** A directory in the service's own database, synchronised and explained at the command line and through the service. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { freePort } from '../../start/free-port.ts'
import { jsonOf, sealward, spawnSealward, temporaryFolder, type Transcript } from '../../transcript.fixture.ts'

const cwd = temporaryFolder()
const children: ReturnType<typeof spawnSealward>[] = []
after(() => {
  for (const child of children) child.kill('SIGKILL')
})

const run = (...args: readonly string[]): Promise<Transcript> => sealward(args, { cwd })

async function done(...args: readonly string[]): Promise<Transcript> {
  const transcript = await run(...args)
  assert.equal(transcript.code, 0, `${args.join(' ')}: ${transcript.stderr}`)
  return transcript
}

interface User {
  readonly id: string
  readonly sid: string
  readonly address: string
  readonly aliases?: readonly string[]
}

const person = (name: string, number: number): User => ({
  id: `id-${name}`,
  sid: `S-1-5-21-1-2-3-${number}`,
  address: `${name}@lakeside.test`,
})
const [anna, ben, chief] = [person('anna', 1), person('ben', 2), person('chief', 3)]

function people(users: readonly User[], groups: readonly object[] = []): void {
  writeFileSync(join(cwd, 'people.json'), JSON.stringify({ users, groups }))
}

function configure(synchronised: object): void {
  const file = join(cwd, 'data', 'service.json')
  const config = JSON.parse(readFileSync(file, 'utf8')) as object
  const directory = { synchronised: { from: join(cwd, 'people.json'), ...synchronised } }
  writeFileSync(file, JSON.stringify({ ...config, directory }))
}

const data = ['--data', 'data'] as const
let port = 0

before(async () => {
  port = await freePort(0)
  people([anna, ben], [{ address: 'staff@lakeside.test', members: [anna.address] }])
  await done('cluster', 'create', '--directory', 'people.json', '--port', String(port), ...data, '--yes')
  configure({})
})

test('nothing is synchronised where the directory is a file that is asked', async () => {
  await done('cluster', 'create', '--data', 'other', '--directory', 'people.json', '--yes')
  const refused = await run('directory', 'sync', '--data', 'other', '--yes')
  assert.equal(refused.code, 3)
  assert.match(refused.stderr, /\[directory-not-synchronised\]/)
  assert.match((await done('directory', 'show', 'anna@lakeside.test', '--data', 'other')).stdout, /id-anna/)
})

test('a run is shown, asked for, and done; what it would do comes without doing it', async () => {
  assert.match((await done('directory', 'show', ...data)).stdout, /^never synchronised/)
  assert.match((await run('directory', 'show', 'anna@lakeside.test', ...data)).stderr, /\[directory-unavailable\]/)
  const asked = await run('directory', 'sync', ...data)
  assert.equal(asked.code, 2)
  assert.match(asked.stderr, /added +anna@lakeside\.test/)
  const rehearsed = jsonOf<{ applied: boolean; counts: { added: number } }>(
    await done('directory', 'sync', '--dry-run', '--json', ...data),
  )
  assert.deepEqual([rehearsed.applied, rehearsed.counts.added], [false, 3])
  assert.match((await done('directory', 'show', ...data)).stdout, /^never synchronised/)
  assert.match((await done('directory', 'sync', '--yes', ...data)).stdout, /done: 3 added.*; 2 people, 1 groups/)
  const { people: count, sources } = jsonOf<{ people: number; sources: { ageSeconds: number }[] }>(
    await done('directory', 'show', '--json', ...data),
  )
  assert.equal(count, 2)
  assert.equal(sources.length, 1)
  const shown = await done('directory', 'explain', 'anna@lakeside.test', ...data)
  assert.match(shown.stdout, /immutable id-anna[^]*group +staff@lakeside\.test/)
})

test('a mass deletion is refused with its number, and done when that is allowed', async () => {
  const crowd = Array.from({ length: 30 }, (_, index) => person(`p${index}`, 100 + index))
  people([anna, ben, ...crowd])
  await done('directory', 'sync', '--yes', ...data)
  people([anna, ben])
  const refused = await run('directory', 'sync', '--yes', ...data)
  assert.equal(refused.code, 3)
  assert.match(refused.stderr, /30 of 32 people.*\[directory-deletions-refused\]/)
  assert.equal((await run('directory', 'sync', '--allow-deletions', 'all', '--yes', ...data)).code, 2)
  await done('directory', 'sync', '--allow-deletions', '30', '--yes', ...data)
})

test('a contested address ends a run with findings; one that waits is released', async () => {
  people([anna, { ...ben, aliases: [chief.address] }, chief])
  const contested = await run('directory', 'sync', '--yes', ...data)
  assert.equal(contested.code, 1)
  assert.match(contested.stdout, /contested chief@lakeside\.test: ben@lakeside\.test; chief@lakeside\.test/)
  assert.match((await done('directory', 'show', ...data)).stdout, /contested chief@lakeside\.test/)
  people([{ ...person('anna', 9), id: 'id-other' }, ben])
  assert.match((await done('directory', 'sync', '--yes', ...data)).stdout, /waiting +anna@lakeside\.test/)
  const explained = await run('directory', 'explain', 'anna@lakeside.test', ...data)
  assert.equal(explained.code, 1)
  assert.match(explained.stdout, /nobody[^]*somebody else’s[^]*anna@lakeside\.test gets it on/)
  const release = ['directory', 'release', 'anna@lakeside.test', ...data]
  assert.equal((await run(...release)).code, 2)
  await done(...release, '--dry-run')
  await done(...release, '--yes')
  assert.match((await run(...release, '--yes')).stderr, /\[address-not-waiting\]/)
  assert.match((await done('directory', 'show', 'anna@lakeside.test', ...data)).stdout, /id-other/)
})

test('the same through a service that runs, which synchronises by itself and outlives a source that is wrong', async () => {
  configure({ everyMinutes: 10_000 })
  people([ben, chief])
  const child = spawnSealward(['serve', '--config', join('data', 'service.json')], { cwd })
  children.push(child)
  let said = ''
  let logged = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (logged += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const until = async (met: () => boolean): Promise<void> => {
    while (!met()) {
      assert.equal(child.exitCode, null, said)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  await until(() => said.includes('/admin/v1'))
  const service = ['--service', `http://127.0.0.1:${port}`, '--admin-token-file', join('data', 'admin-token')]
  const known = async (): Promise<boolean> => (await run('directory', 'show', chief.address, ...service)).code === 0
  while (!(await known())) assert.equal(child.exitCode, null, said)
  people([ben, { ...chief, aliases: [ben.address] }])
  assert.equal((await run('directory', 'sync', '--yes', ...service)).code, 1)
  await until(() => logged.includes('address-collision'))
  const state = jsonOf<{ contested: object[]; everyMinutes: number }>(
    await done('directory', 'show', '--json', ...service),
  )
  assert.deepEqual([state.contested.length, state.everyMinutes], [1, 10_000])
  writeFileSync(join(cwd, 'people.json'), '{')
  const refused = await run('directory', 'sync', '--yes', ...service)
  assert.equal(refused.code, 5)
  assert.match(refused.stderr, /\[directory-refused\]/)
  assert.ok(await known(), 'the people are those of the last run')
  assert.equal(child.exitCode, null)
})

test('a source that is away at the start is one warning, and the service serves', async () => {
  for (const child of children.splice(0)) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }
  const child = spawnSealward(['serve', '--config', join('data', 'service.json')], { cwd })
  children.push(child)
  let logged = ''
  child.stderr.resume()
  child.stdout.setEncoding('utf8').on('data', (text: string) => (logged += text))
  while (!logged.includes('directory synchronisation')) {
    assert.equal(child.exitCode, null)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const line = logged.split('\n').find((each) => each.includes('directory synchronisation')) ?? ''
  assert.equal((JSON.parse(line) as { code: string }).code, 'directory-refused')
  const service = ['--service', `http://127.0.0.1:${port}`, '--admin-token-file', join('data', 'admin-token')]
  assert.match((await done('directory', 'show', ...service)).stdout, /people +1/)
})
