/** What the connection file and the options say about where a client asks. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { serve, type ServedService } from '../service.fixture.ts'
import { jsonOf, sealward, temporaryFolder, type Transcript } from '../transcript.fixture.ts'

const cwd = temporaryFolder()
const nowhere = 'http://127.0.0.1:9/_wmcs'
const [anna, li] = ['anna.berg@lakeside.example', 'li.chen@lakeside.example']
let cluster: ServedService
let anchors: readonly string[] = []

const run = (...args: readonly string[]): Promise<Transcript> => sealward(args, { cwd })

async function done(...args: readonly string[]): Promise<Transcript> {
  const transcript = await run(...args)
  assert.equal(transcript.code, 0, `${args.join(' ')}: ${transcript.stderr}`)
  return transcript
}

/** With a store of its own, so that everything is asked for anew. */
function connection(name: string, more: object = {}): string {
  const content = { service: cluster.url, anchors, redirections: [], store: `store-${name}`, ...more }
  writeFileSync(join(cwd, `${name}.json`), JSON.stringify(content))
  return `${name}.json`
}

function as(user: string): readonly string[] {
  const line = new RegExp(`^${user}\\s+(\\S+)`, 'm').exec(readFileSync(join(cwd, 'lakeside/people.txt'), 'utf8'))
  writeFileSync(join(cwd, `${user}.txt`), `${line?.[1] ?? ''}\n`)
  return ['--user', user, '--password-file', `${user}.txt`]
}

before(async () => {
  await done('sample', 'lakeside', '--documents', '1')
  cluster = await serve(cwd, 'cluster')
  const { keys } = jsonOf<{ keys: { root: string }[] }>(await done('key', 'list', '--data', 'cluster', '--json'))
  anchors = keys.map(({ root }) => root)
  writeFileSync(join(cwd, 'note.txt'), 'for Li')
  const plain = ['protect', 'note.txt', '--grant', `${li}=viewer`, '--output', 'note.ptxt', '--yes']
  await done(...plain, '--connection', connection('author'), ...as(anna))
})

test('--redirect-everything overrides the redirections of the connection file', async () => {
  const rule = { from: `${cluster.url}/_wmcs/licensing`, to: `${nowhere}/licensing` }
  const open = ['open', 'note.ptxt', ...as(li), '--connection', connection('redirected', { redirections: [rule] })]
  const gone = await run(...open)
  assert.equal(gone.code, 4)
  assert.match(gone.stderr, /\[service-unreachable\]/)
  assert.equal((await done(...open, '--redirect-everything')).stdout, 'for Li')
})

test('a host that only begins like this machine is not called fine over http', async () => {
  for (const [host, code] of [
    ['127.evil.example', 'service-url-refused'],
    ['127.0.0.1.evil.example', 'service-url-refused'],
    ['127.0.0.2', null],
  ] as const) {
    const rule = { from: `${cluster.url}/_wmcs/licensing`, to: `http://${host}/_wmcs/licensing` }
    const explain = ['client', 'explain', 'note.ptxt', '--connection', connection('alike', { redirections: [rule] })]
    const { document } = jsonOf<{ document: { addresses: { asks: string; code: string | null }[] } }>(
      await run(...explain, '--json'),
    )
    assert.deepEqual([document.addresses[0]?.asks, document.addresses[0]?.code], [rule.to, code])
  }
})

test('the service location of the connection file comes first, but not for a service that an option names', async () => {
  const serviceLocation = { certification: `${nowhere}/certification` }
  const open = ['open', 'note.ptxt', ...as(li), '--connection', connection('located', { serviceLocation })]
  assert.match((await run(...open)).stderr, /\[service-unreachable\]/)
  assert.equal((await done(...open, '--service', cluster.url)).stdout, 'for Li')
  const own = { certification: `${cluster.url}/_wmcs/certification`, licensing: `${cluster.url}/_wmcs/licensing` }
  const right = connection('right', { serviceLocation: own, allowedHosts: ['rms.lakeside.example'] })
  assert.equal((await done('open', 'note.ptxt', ...as(li), '--connection', right)).stdout, 'for Li')
})

test('a connection file whose parts are not what they should be is refused', async () => {
  for (const part of [
    { serviceLocation: { licence: cluster.url } },
    { serviceLocation: null },
    { allowedHosts: 'rms' },
  ]) {
    const { code, stderr } = await run('open', 'note.ptxt', ...as(li), '--connection', connection('wrong', part))
    assert.equal(code, 5)
    assert.match(stderr, /\[connection-file-invalid\]/)
  }
})
