/** `sealward explain`: the two halves of a decision, of a real document at a real service. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import type { Explanation } from '../explain/explanation.ts'
import { serve, type ServedService } from '../service.fixture.ts'
import { jsonOf, sealward, temporaryFolder, type Transcript } from '../transcript.fixture.ts'

const cwd = temporaryFolder()
const [anna, li, marta] = ['anna.berg', 'li.chen', 'marta.kowal'].map((name) => `${name}@lakeside.example`)
let cluster: ServedService

const run = (...args: readonly string[]): Promise<Transcript> => sealward(args, { cwd })

async function done(...args: readonly string[]): Promise<Transcript> {
  const transcript = await run(...args)
  assert.equal(transcript.code, 0, `${args.join(' ')}: ${transcript.stderr}`)
  return transcript
}

function as(user = ''): readonly string[] {
  const line = new RegExp(`^${user}\\s+(\\S+)`, 'm').exec(readFileSync(join(cwd, 'lakeside/people.txt'), 'utf8'))
  writeFileSync(join(cwd, `${user}.txt`), `${line?.[1] ?? ''}\n`)
  return ['--user', user, '--password-file', `${user}.txt`]
}

const explain = (user = '', ...more: readonly string[]): Promise<Transcript> =>
  run('explain', 'note.ptxt', '--user', user, '--connection', 'connection.json', ...more)

/** Rows of the log of decisions. */
async function decisions(): Promise<number> {
  const { rows } = jsonOf<{ rows: number }>(await done('log', 'verify', '--data', 'cluster', '--json'))
  return rows
}

before(async () => {
  await done('sample', 'lakeside', '--documents', '12')
  cluster = await serve(cwd, 'cluster')
  const { keys } = jsonOf<{ keys: { root: string }[] }>(await done('key', 'list', '--data', 'cluster', '--json'))
  const connection = { service: cluster.url, anchors: keys.map(({ root }) => root), redirections: [], store: 'store' }
  writeFileSync(join(cwd, 'connection.json'), JSON.stringify(connection))
  writeFileSync(join(cwd, 'note.txt'), 'for Li')
  const plain = ['protect', 'note.txt', '--grant', `${li}=viewer`, '--output', 'note.ptxt', '--yes']
  await done(...plain, '--connection', 'connection.json', ...as(anna))
})

test('says on the client what the file is, who is asked, and which licence is kept', async () => {
  const first = await explain(li, '--json')
  assert.equal(first.code, 0, first.stderr)
  const { client, server } = jsonOf<Explanation>(first)
  assert.equal(server, null)
  assert.equal(client.format, 'pfile')
  assert.equal(client.licence.owner, anna)
  assert.ok(client.licence.chain.every(({ signature }) => signature === 'valid'))
  assert.deepEqual(
    client.document?.addresses.map(({ url, code }) => [url, code]),
    [[`${cluster.url}/_wmcs/licensing`, null]],
  )
  assert.deepEqual([client.identities, client.keptLicence], [[], null])
  await done('open', 'note.ptxt', '--output', 'opened.txt', '--connection', 'connection.json', ...as(li))
  const after = jsonOf<Explanation>(await explain(li, '--json')).client
  assert.equal(after.identities.length, 1)
  assert.ok(after.keptLicence?.rights.includes('VIEW'))
  assert.match((await explain(li)).stdout, /a licence of .* is kept here: .*VIEW.*; the service is not asked before/)
})

test('says in the service which grant names the person, and issues nothing', async () => {
  const rows = await decisions()
  const reader = ['--service', cluster.url, '--admin-token-file', join('cluster', 'admin-reader-token')]
  for (const where of [['--data', 'cluster'], reader]) {
    const granted = await explain(li, ...where, '--json')
    assert.equal(granted.code, 0, granted.stderr)
    const { server } = jsonOf<Explanation>(granted)
    assert.equal(server?.granted, true)
    const applying = server.steps.filter(({ step, outcome }) => step === 'grant' && outcome === 'applies')
    assert.ok(applying.length > 0)
    assert.ok(applying.every(({ grant }) => grant?.principal === li && grant?.matched === 'address'))
    const refused = await explain(marta, ...where)
    assert.equal(refused.code, 1)
    assert.match(refused.stdout, /grant does-not-apply: VIEW for li\.chen@lakeside\.example does not name the person/)
    assert.match(refused.stdout, /\[no-rights\]\ncure +\S/)
  }
  assert.equal(await decisions(), rows)
  assert.match((await done('log', 'verify', '--data', 'cluster')).stdout, /./)
})

test('a service is asked with the right token, about a person with an address', async () => {
  writeFileSync(join(cwd, 'wrong'), 'not-a-token-of-this-service\n')
  assert.equal((await explain(li, '--service', cluster.url, '--admin-token-file', 'wrong')).code, 3)
  assert.equal((await explain('li')).code, 2)
  writeFileSync(join(cwd, 'plain.txt'), 'nothing')
  const plain = await run('explain', 'plain.txt', '--user', String(li), '--data', 'cluster')
  assert.match(plain.stderr, /\[file-not-protected\]/)
})

test('every address of a licence is shown: which one is asked, and which where that cannot be reached', async () => {
  const path = 'lakeside/documents/engineering/roadmap.pptx'
  const [inside, outside] = ['rms.lakeside.example', 'rights.lakeside.example']
  const shown = async (...allowedHosts: readonly string[]): Promise<readonly unknown[]> => {
    const connection = { service: cluster.url, anchors: [], allowedHosts, redirections: [], store: 'store' }
    writeFileSync(join(cwd, 'two.json'), JSON.stringify(connection))
    const { code, stdout, stderr } = await run('client', 'explain', path, '--connection', 'two.json')
    const lines = stdout.matchAll(/^(is asked for|if unreachable|names) +https?:\/\/([^/]+).*; (\w+)/gm)
    assert.equal(stderr, '')
    return [code, ...[...lines].map(([, ...parts]) => parts.join(' '))]
  }
  assert.deepEqual(await shown(outside), [0, `names ${inside} refused`, `is asked for ${outside} allowed`])
  assert.deepEqual(await shown(inside, outside), [
    0,
    `is asked for ${inside} allowed`,
    `if unreachable ${outside} allowed`,
  ])
  assert.deepEqual(await shown(), [1, `names ${inside} refused`, `names ${outside} refused`])
})
