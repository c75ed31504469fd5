import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { jsonOf, sealward, spawnSealward, temporaryFolder, type Transcript } from '../transcript.fixture.ts'

const cwd = temporaryFolder()
const data = join(cwd, 'sealward-data')
const anna = 'anna.berg@lakeside.example'
const emma = 'emma.lund@lakeside.example'
const nina = 'nina.brandt@riverbank.example'

const said: string[] = []

async function run(...args: readonly string[]): Promise<Transcript> {
  const transcript = await sealward(args, { cwd })
  said.push(transcript.stdout, transcript.stderr)
  return transcript
}

function as(address: string): readonly string[] {
  return ['--user', address, '--password-file', join(data, 'passwords', `${address}.txt`)]
}

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

let service: ReturnType<typeof spawnSealward> | undefined

async function startService(): Promise<void> {
  const child = spawnSealward(['start'], { cwd })
  service = child
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part))
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part))
  child.on('close', () => said.push(text))
  while (!text.includes('Ctrl-C stops')) {
    assert.equal(child.exitCode, null, text)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

before(async () => {
  // Stopped in the middle of the sample: nothing of it counts.
  const child = spawnSealward(['start'], { cwd })
  while (!existsSync(data) || !readdirSync(data).some((name) => name.startsWith('.sample.'))) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  child.kill('SIGINT')
  const [code] = (await once(child, 'close')) as [number | null]
  assert.equal(code, 130)
  assert.deepEqual(readdirSync(data), [])
  await startService()
})

after(() => service?.kill('SIGKILL'))

test('start makes a data directory for its owner alone', { skip: process.platform === 'win32' }, () => {
  assert.equal(statSync(data).mode & 0o777, 0o700)
  for (const name of ['master.key', 'service.json', 'connection.json', 'sealward.db', 'requests.log']) {
    assert.equal(statSync(join(data, name)).mode & 0o077, 0, name)
  }
})

test('the keys are there: Mode 2 signs, the others open', async () => {
  const transcript = await run('key', 'list', '--json')
  const { keys } = jsonOf<{ keys: { state: string; mode: number; name: string }[] }>(transcript)
  assert.deepEqual(keys.map(({ name, mode, state }) => `${name} ${mode} ${state}`).sort(), [
    'Lakeside legal 2 archived',
    'Lakeside rms 2 active',
    'Lakeside rms-old 1 archived',
  ])
  const templates = jsonOf<{ templates: { state: string; origin: string }[] }>(await run('template', 'list', '--json'))
  assert.equal(templates.templates.filter(({ state, origin }) => state === 'published' && origin === 'own').length, 4)
})

test('an old document opens through the service, exactly as it was', async () => {
  const expected = JSON.parse(readFileSync(join(data, 'sample/expected.json'), 'utf8')) as {
    documents: { path: string; contentSha256?: string }[]
  }
  const path = 'finance/budget 2009.xlsx'
  const output = join(cwd, 'budget.xlsx')
  const transcript = await run('open', join(data, 'sample/documents', path), '--output', output, '--json', ...as(anna))
  assert.equal(transcript.code, 0, transcript.stderr)
  const opened = jsonOf(transcript)
  const wanted = expected.documents.find((document) => document.path === path)?.contentSha256
  assert.deepEqual([opened['sha256'], sha256(output), opened['rights']], [wanted, wanted, ['OWNER']])
})

test('a new document opens for those who were named, and for nobody else', async () => {
  const clear = join(cwd, 'notes.txt')
  writeFileSync(clear, 'what is said here stays here\n')
  const grant = ['--grant', 'board@lakeside.example=viewer']
  const asked = await run('protect', clear, ...grant, ...as(anna))
  const dry = await run('protect', clear, ...grant, ...as(anna), '--dry-run')
  assert.deepEqual([asked.code, dry.code, existsSync(clear)], [2, 0, true])
  const done = await run('protect', clear, ...grant, ...as(anna), '--yes', '--json')
  assert.equal(done.code, 0, done.stderr)
  assert.ok(!existsSync(clear))
  const path = join(cwd, 'notes.ptxt')
  const [member, stranger] = await Promise.all([run('open', path, ...as(emma)), run('open', path, ...as(nina))])
  assert.equal(member.stdout, 'what is said here stays here\n')
  assert.equal(stranger.code, 3)
  assert.equal(stranger.stdout, '')
  assert.match(stranger.stderr, /^sealward: .+ \[no-rights\]\ncure: .+\n$/)
})

test('people of the sample sign in with a browser on this machine', async () => {
  const child = spawnSealward(['client', 'sign-in', '--user', anna], { cwd })
  let text = ''
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part))
  while (!/type the code [A-Z]{4}-[A-Z]{4}\n/.test(text)) {
    assert.equal(child.exitCode, null, text)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const [, url = ''] = /Open (http:\S+) /.exec(text) ?? []
  const page = await fetch(url)
  assert.equal(page.status, 200)
  assert.match(await page.text(), /<h1>Enter the code<\/h1>/)
  child.kill('SIGINT')
  const [code] = (await once(child, 'close')) as [number | null]
  assert.equal(code, 130, text)
})

test('what was published offline with a template, given by its name, opens for whom the template names', async () => {
  const clear = join(cwd, 'plan.txt')
  writeFileSync(clear, 'a plan')
  const made = await run('protect', clear, '--template', 'lakeside INTERNAL', '--offline', '--yes', ...as(anna))
  assert.equal(made.code, 0, made.stderr)
  const unknown = await run('protect', join(cwd, 'notes.ptxt'), '--template', 'no such', '--yes', ...as(anna))
  assert.match(unknown.stderr, /\[template-unknown\]/)
  assert.equal((await run('open', join(cwd, 'plan.ptxt'), ...as('omar.haddad@lakeside.example'))).stdout, 'a plan')
})

test('a super user takes the protection off a folder; what is left is reported', async () => {
  const target = join(cwd, 'clear')
  const args = ['unprotect', join(data, 'sample/documents'), '--output', target, '--yes', '--json', ...as(emma)]
  await run('super-user', 'add', emma, '--yes')
  const disabled = jsonOf<{ summary: Record<string, number> }>(await run(...args))
  await run('super-user', 'enable', '--yes')
  const transcript = await run(...args)
  const { summary } = jsonOf<{ summary: Record<string, number> }>(transcript)
  assert.equal(transcript.code, 1)
  assert.ok((disabled.summary['unprotected'] ?? 0) < 48)
  assert.equal((summary['unprotected'] ?? 0) + (summary['done-before'] ?? 0), 48)
  assert.equal(jsonOf(await run('super-user', 'list', '--json'))['enabled'], true)
  assert.equal((await run('super-user', 'add', 'nobody@lakeside.example', '--yes')).code, 3)
})

test("a key goes out and comes into a service of its own, on nobody else's word", async () => {
  const { keys } = jsonOf<{ keys: { id: string; state: string }[] }>(await run('key', 'list', '--json'))
  const active = keys.find(({ state }) => state === 'active')?.id ?? ''
  const file = join(cwd, 'export.xml')
  const password = join(cwd, 'export-password.txt')
  writeFileSync(password, 'a password for exports\n')
  const exported = await run('tpd', 'export', active, '--output', file, '--password-file', password, '--yes')
  assert.equal(exported.code, 0, exported.stderr)
  const into = ['tpd', 'import', file, '--password-file', password, '--data', join(cwd, 'mine'), '--activate']
  const untrusted = await run(...into, '--yes')
  assert.match(untrusted.stderr, /\[chain-anchor-untrusted\]/)
  assert.ok(!existsSync(join(cwd, 'mine')))
  const root = ['--anchor', join(data, 'sample/roots/mode-2.json')]
  assert.equal((await run(...into, ...root, '--dry-run')).code, 0)
  assert.ok(!existsSync(join(cwd, 'mine')))
  const imported = await run(...into, ...root, '--yes', '--json')
  assert.equal(jsonOf(imported)['keyId'], active)
  assert.match((await run(...into, ...root, '--yes')).stderr, /\[key-already-imported\]/)
})

test('the logs are complete', async () => {
  const transcript = await run('log', 'verify', '--json')
  assert.equal(transcript.code, 0)
  const { logs } = jsonOf<{ logs: { log: string; rows: number; problem: unknown }[] }>(transcript)
  assert.deepEqual(
    logs.map(({ log, problem }) => [log, problem]),
    [
      ['licenses', null],
      ['administration', null],
    ],
  )
})

test('start --exit beside a running service takes another port and proves the same', async () => {
  const transcript = await run('start', '--exit')
  assert.equal(transcript.code, 0, transcript.stderr)
  assert.match(transcript.stdout, /63 documents: 48 open, 10 fail, 5 unprotected/)
  assert.match(transcript.stdout, /port \d+ is taken/)
  assert.equal(transcript.stdout.match(/exactly what was protected/g)?.length, 2)
  assert.match(transcript.stdout, /refused to nina\.brandt@riverbank\.example \[no-rights\]/)
  assert.deepEqual(
    readdirSync(data).filter((name) => /^demonstration-|unfinished/.test(name)),
    [],
  )
  assert.equal((await run('open', join(cwd, 'notes.ptxt'), ...as(emma))).code, 0)
})

test('Ctrl-C stops the service; then it is unreachable', { skip: process.platform === 'win32' }, async () => {
  const child = service
  assert.ok(child)
  child.kill('SIGINT')
  const [code] = (await once(child, 'close')) as [number | null]
  assert.equal(code, 0)
  const { code: opened, stderr } = await run('open', join(cwd, 'notes.ptxt'), ...as('marta.kowal@lakeside.example'))
  assert.equal(opened, 4)
  assert.match(stderr, /\[service-unreachable\]/)
})

test('no secret was printed or logged', () => {
  const people = readFileSync(join(data, 'sample/people.txt'), 'utf8')
  const passwords = people.split('\n').flatMap((line) => line.trim().split(/\s+/)[1] ?? [])
  const exports = readdirSync(join(data, 'sample/tpd/passwords')).map((name) =>
    readFileSync(join(data, 'sample/tpd/passwords', name), 'utf8').trim(),
  )
  const masterKey = readFileSync(join(data, 'master.key'), 'utf8').trim()
  const everything = [...said, readFileSync(join(data, 'requests.log'), 'utf8')].join('\n')
  assert.ok(passwords.length >= 13 && exports.length === 3 && everything.length > 5000)
  for (const secret of [...passwords, ...exports, masterKey, 'a password for exports']) {
    assert.ok(!everything.includes(secret))
    assert.ok(!everything.includes(Buffer.from(secret).toString('base64').replace(/=+$/, '')))
  }
})

test('a master key that others may read is refused', { skip: process.platform === 'win32' }, async () => {
  chmodSync(join(data, 'master.key'), 0o644)
  const { code, stderr } = await run('key', 'list')
  assert.equal(code, 5)
  assert.match(stderr, /\[master-key-refused\]/)
})
