/** Accounts of an identity provider: bound by a token at a service that runs, listed and released at the command line. */
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
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

const issuer = 'https://login.lakeside.test'
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const person = (name: string, number: number) => ({
  id: `id-${name}`,
  sid: `S-1-5-21-1-2-3-${number}`,
  address: `${name}@lakeside.test`,
})
let port = 0

const encoded = (part: string | Buffer): string => Buffer.from(part).toString('base64url')

async function signIn(sub: string, name: string): Promise<number> {
  const seconds = Math.floor(Date.now() / 1000)
  const times = { iat: seconds, exp: seconds + 600 }
  const claims = { iss: issuer, aud: 'api.rms.rest.com', ...times, sub, email: `${name}@lakeside.test` }
  const parts = [{ alg: 'ES256', typ: 'JWT', kid: 'k' }, claims].map((part) => encoded(JSON.stringify(part)))
  const signature = sign('sha256', Buffer.from(parts.join('.')), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' })
  const headers = { authorization: `Bearer ${[...parts, encoded(signature)].join('.')}` }
  const answer = await fetch(`http://127.0.0.1:${port}/my/v2/templates`, { headers })
  await answer.arrayBuffer()
  return answer.status
}

const data = ['--data', 'data'] as const
const service = (): readonly string[] => [
  '--service',
  `http://127.0.0.1:${port}`,
  '--admin-token-file',
  join('data', 'admin-token'),
]

before(async () => {
  port = await freePort(0)
  writeFileSync(join(cwd, 'people.json'), JSON.stringify({ users: [person('anna', 1), person('ben', 2)], groups: [] }))
  await done('cluster', 'create', '--directory', 'people.json', '--port', String(port), ...data, '--yes')
  const file = join(cwd, 'data', 'service.json')
  const config = JSON.parse(readFileSync(file, 'utf8')) as { authentication?: object }
  const keys = { keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid: 'k' }] }
  writeFileSync(join(cwd, 'data', 'issuer-keys.json'), JSON.stringify(keys))
  const provider = { issuer, keysFile: 'issuer-keys.json', algorithms: ['ES256'], domains: ['lakeside.test'] }
  const authentication = { ...config.authentication, issuers: [provider] }
  writeFileSync(file, JSON.stringify({ ...config, authentication }))
  const child = spawnSealward(['serve', '--config', join('data', 'service.json')], { cwd })
  children.push(child)
  child.stdout.resume()
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  while (!said.includes('/admin/v1')) {
    assert.equal(child.exitCode, null, said)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
})

interface Listed {
  readonly count: number
  readonly subjects: readonly { readonly subject: string; readonly person: string; readonly refused?: object }[]
}

test('what tokens have bound is listed, on the data and through the service', async () => {
  assert.equal(await signIn('annas-account', 'anna'), 200)
  assert.equal(await signIn('bens-account', 'ben'), 200)
  assert.equal(await signIn('annas-account', 'ben'), 401)
  for (const where of [data, service()]) {
    const { stdout } = await done('directory', 'subjects', ...where)
    assert.match(stdout, /annas-account +id-anna +anna@lakeside\.test .* ben@lakeside\.test/)
    const listed = jsonOf<Listed>(await done('directory', 'subjects', '--refused', '--json', ...where))
    assert.deepEqual([listed.count, listed.subjects.map(({ subject }) => subject)], [1, ['annas-account']])
    const bens = jsonOf<Listed>(await done('directory', 'subjects', '--person', 'id-ben', '--json', ...where))
    assert.deepEqual([bens.subjects[0]?.person, bens.subjects[0]?.refused], ['id-ben', undefined])
  }
})

test('what is released is bound by the next token of the service that runs', async () => {
  const release = ['directory', 'release-subjects', '--person', 'id-anna']
  assert.equal((await run('directory', 'release-subjects', ...data, '--yes')).code, 2)
  assert.equal((await run(...release, ...data)).code, 2)
  assert.match((await done(...release, ...data, '--dry-run')).stderr, /1 released/)
  assert.equal(await signIn('annas-account', 'ben'), 401)
  await done(...release, ...data, '--yes')
  assert.equal(await signIn('annas-account', 'ben'), 200)
  const none = await run(...release, ...service(), '--yes')
  assert.equal(none.code, 3)
  assert.match(none.stderr, /\[token-subject-unknown\]/)
  await done('directory', 'release-subjects', '--issuer', issuer, ...service(), '--yes')
  assert.equal(jsonOf<Listed>(await done('directory', 'subjects', '--json', ...data)).count, 0)
})
