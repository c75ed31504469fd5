/** Exclusions and revocations by command and by cmdlet, in the data directory and through the service that listens. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { serve, type ServedService } from '../../service.fixture.ts'
import { jsonOf, sealward, temporaryFolder, type Transcript } from '../../transcript.fixture.ts'

const cwd = temporaryFolder()
const [anna, li] = ['anna.berg@lakeside.example', 'li.chen@lakeside.example'] as const
let cluster: ServedService
let client: readonly string[]

const run = (...args: readonly string[]): Promise<Transcript> => sealward(args, { cwd })

async function done(...args: readonly string[]): Promise<Transcript> {
  const transcript = await run(...args)
  assert.equal(transcript.code, 0, `${args.join(' ')}: ${transcript.stderr}`)
  return transcript
}

const data = ['--data', 'cluster'] as const
const overHttp = () => ['--service', cluster.url, '--admin-token-file', cluster.tokenFile]

before(async () => {
  await done('sample', 'lakeside')
  cluster = await serve(cwd, 'cluster')
  const passwords = readFileSync(join(cwd, 'lakeside/people.txt'), 'utf8').split('\n')
  for (const user of [anna, li]) {
    const [, password = ''] = passwords.find((line) => line.startsWith(user))?.split(/\s+/) ?? []
    writeFileSync(join(cwd, `${user}.txt`), password, { mode: 0o600 })
  }
  const { keys } = jsonOf<{ keys: { root: string }[] }>(await done('key', 'list', ...data, '--json'))
  client = ['--service', cluster.url, '--store', join(cwd, 'store'), '--trust', keys[0]?.root ?? '']
  writeFileSync(join(cwd, 'plan.txt'), 'a plan')
  await done('protect', 'plan.txt', '--grant', `${li}=VIEW`, '--yes', ...as(anna))
})

function as(user: string): readonly string[] {
  return ['--user', user, '--password-file', `${user}.txt`, ...client]
}

async function open(user: string): Promise<string> {
  // A folder of its own each time: what is at hand would open without the service.
  const store = join(cwd, `store-${Math.floor(performance.now() * 1000)}`)
  const { code, stdout, stderr } = await run('open', 'plan.ptxt', ...as(user), '--store', store)
  return code === 0 ? stdout : (/\[([a-z-]+)\]/.exec(stderr)?.[1] ?? stderr)
}

test('an exclusion is planned, made, listed, effective at once, and taken back', async () => {
  assert.equal(await open(li), 'a plan')
  const planned = await done('exclusion', 'add', 'user', li, ...data, '--dry-run')
  assert.match(planned.stderr, /gets no licences and publishes nothing/)
  assert.equal((await run('exclusion', 'add', 'user', li, ...data)).code, 2)
  assert.equal(await open(li), 'a plan')
  await done('exclusion', 'add', 'user', li, ...data, '--yes')
  await done('exclusion', 'add', 'application', 'OldReader.exe', '--maximum', '2.5.0.0', ...overHttp(), '--yes')
  const inside = await done('exclusion', 'list', ...data, '--json')
  assert.equal(inside.stdout, (await done('exclusion', 'list', ...overHttp(), '--json')).stdout)
  const { exclusions } = jsonOf<{ exclusions: { kind: string; subject: string; maximum?: string }[] }>(inside)
  assert.deepEqual(
    exclusions.map(({ kind, subject, maximum }) => [kind, subject, maximum]),
    [
      ['application', 'oldreader.exe', '2.5.0.0'],
      ['user', li, undefined],
    ],
  )
  // The process that serves has not been told, and knows it with the next request.
  assert.equal(await open(li), 'account-excluded')
  await done('exclusion', 'remove', 'user', li, ...overHttp(), '--yes')
  await done('exclusion', 'remove', 'application', 'oldreader.exe', ...data, '--yes')
  assert.equal(await open(li), 'a plan')
  assert.match((await run('exclusion', 'add', 'account-key', 'abc', ...data, '--yes')).stderr, /\[exclusion-refused\]/)
  assert.equal((await run('exclusion', 'add', 'planet', 'mars', ...data, '--yes')).code, 2)
})

test('a document is revoked by its file, with the moment when the last copy dies, and given free again', async () => {
  const planned = await done('revoke', 'document', 'plan.ptxt', ...data, '--dry-run')
  assert.match(planned.stderr, /1 licence is out, the last offline copy never dies/)
  const revoked = jsonOf<{ lastUse: string | null; holders: { address: string; contentId: string }[] }>(
    await done('revoke', 'document', 'plan.ptxt', ...overHttp(), '--yes', '--json'),
  )
  assert.deepEqual(
    revoked.holders.map(({ address }) => address),
    [li],
  )
  assert.equal(await open(li), 'content-revoked')
  assert.equal(await open(anna), 'a plan')
  const contentId = revoked.holders[0]?.contentId ?? ''
  assert.match((await done('revoke', 'list', ...data)).stdout, new RegExp(`content-id +${contentId}`))
  await done('unrevoke', 'document', contentId, ...data, '--yes')
  assert.equal(await open(li), 'a plan')
})

test('a publisher needs no administrator for what is his own', async () => {
  assert.match((await run('revoke', 'own', 'plan.ptxt', ...as(li), '--yes')).stderr, /\[owner-not-publisher\]/)
  const { contentId } = jsonOf<{ contentId: string }>(
    await done('revoke', 'own', 'plan.ptxt', ...as(anna), '--yes', '--json'),
  )
  assert.equal(await open(li), 'content-revoked')
  assert.match((await done('revoke', 'list', ...data)).stdout, new RegExp(`${contentId} +${anna}`))
  await done('unrevoke', 'own', 'plan.ptxt', ...as(anna), '--yes')
  assert.equal(await open(li), 'a plan')
})

test('people are revoked with all their keys; single licences by the list alone', async () => {
  await done('revoke', 'user', li, ...data, '--yes')
  assert.equal(await open(li), 'account-excluded')
  await done('revoke', 'license', '{6F1C5F0E-1111-4222-8333-444455556666}', ...data, '--yes')
  const { revocations } = jsonOf<{ revocations: { type: string; subject: string }[] }>(
    await done('revoke', 'list', ...overHttp(), '--json'),
  )
  assert.deepEqual(revocations.map(({ type }) => type).sort(), ['license-id', 'principal-id', 'principal-key'])
  await done('unrevoke', 'user', li, ...overHttp(), '--yes')
  await done('unrevoke', 'license', '6f1c5f0e-1111-4222-8333-444455556666', ...data, '--yes')
  assert.equal(await open(li), 'a plan')
})

test('the cmdlets of the tenant do the same, and templates demand a list', async () => {
  const id = '6f1c5f0e-1111-4222-8333-444455556666'
  const named = ['-ContentId', id, '-IssuerName', anna, '-Data', 'cluster', '-Force']
  await done('Set-AipServiceDocumentRevoked', ...named)
  assert.match((await done('revoke', 'list', ...data)).stdout, new RegExp(`${id} +${anna}`))
  await done('Clear-AipServiceDocumentRevoked', ...named)
  assert.doesNotMatch((await done('revoke', 'list', ...data)).stdout, new RegExp(id))
  assert.equal((await run('template', 'revocation', 'x', '--days', '0', ...data, '--yes')).code, 2)
  assert.match(
    (await run('template', 'revocation', 'x', '--days', '1', ...data, '--yes')).stderr,
    /\[template-unknown\]/,
  )
})
