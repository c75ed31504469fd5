/** Tenants and clusters, administered in their data directory and through the service that listens. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { serve, type ServedService } from '../../service.fixture.ts'
import { jsonOf, sealward, temporaryFolder, type Transcript } from '../../transcript.fixture.ts'

const cwd = temporaryFolder()
let tenant: ServedService

const run = (...args: readonly string[]): Promise<Transcript> => sealward(args, { cwd })

async function done(...args: readonly string[]): Promise<Transcript> {
  const transcript = await run(...args)
  assert.equal(transcript.code, 0, `${args.join(' ')}: ${transcript.stderr}`)
  return transcript
}

before(async () => {
  await done('sample', 'lakeside')
  tenant = await serve(cwd, 'tenant')
})

function overHttp(): readonly string[] {
  return ['--service', tenant.url, '--admin-token-file', tenant.tokenFile]
}

test('the same command works on the data directory and through the service', async () => {
  await done('key', 'create', '--name', 'Lakeside 2026', ...overHttp(), '--yes')
  const [inside, outside] = [
    await done('key', 'list', '--data', 'tenant', '--json'),
    await done('key', 'list', ...overHttp(), '--json'),
  ]
  assert.equal(inside.stdout, outside.stdout)
  const { keys } = jsonOf<{ keys: { state: string; origin: string; mode: number }[] }>(inside)
  assert.deepEqual(
    keys.map(({ state, origin, mode }) => [state, origin, mode]),
    [['active', 'created', 2]],
  )
})

test('a service is named in one way only, and its token never as a value', async () => {
  assert.equal((await run('key', 'list', '--data', 'tenant', ...overHttp())).code, 2)
  assert.equal((await run('key', 'list', '--admin-token-file', tenant.tokenFile)).code, 2)
  const remote = await run(
    'key',
    'list',
    '--service',
    'http://rms.lakeside.example',
    '--admin-token-file',
    tenant.tokenFile,
  )
  assert.match(remote.stderr, /\[service-url-refused\]/)
  assert.equal((await run('key', 'list', '--service', tenant.url, '--admin-token-file', 'lakeside/people.txt')).code, 3)
  const reader = await run(
    'tenant',
    'enable',
    '--service',
    tenant.url,
    '--admin-token-file',
    'tenant/admin-reader-token',
    '--yes',
  )
  assert.match(reader.stderr, /\[admin-role-missing\]/)
})

test('a tenant is enabled, restricted, and disabled', async () => {
  assert.match((await done('tenant', 'show', '--data', 'tenant')).stdout, /state +not-activated/)
  assert.equal((await run('tenant', 'enable', '--data', 'tenant')).code, 2)
  await done('tenant', 'enable', '--data', 'tenant', '--yes')
  await done('onboarding', 'set', '--group', 'board@lakeside.example', '--scope', 'windowsapp', ...overHttp(), '--yes')
  assert.match(
    (await done('onboarding', 'show', '--data', 'tenant')).stdout,
    /only members of board@lakeside\.example may protect \(WindowsApp\)/,
  )
  await done('onboarding', 'remove', '--data', 'tenant', '--yes')
  assert.match((await done('onboarding', 'show', ...overHttp())).stdout, /everybody/)
  await done('tenant', 'take-over', 'rms.lakeside.example', 'rms.lakeside.example:8080', ...overHttp(), '--yes')
  const { hostNames } = jsonOf<{ hostNames: string[] }>(await done('tenant', 'show', '--data', 'tenant', '--json'))
  assert.deepEqual(hostNames, ['rms.lakeside.example', 'rms.lakeside.example:8080'])
  await done('tenant', 'take-over', '--none', '--data', 'tenant', '--yes')
  const refused = await run('tenant', 'disable', '--data', 'tenant', '--yes')
  assert.equal(refused.code, 3)
  assert.match(refused.stderr, /\[state-refused\]/)
  await done('tenant', 'disable', '--data', 'tenant', '--force', '--yes')
})

test('a cluster is read-only, serves again, and is gone', async () => {
  await done('cluster', 'create', '--data', 'cluster', '--directory', 'lakeside/directory.json', '--yes')
  assert.equal((await run('cluster', 'create', '--data', 'cluster', '--yes')).code, 5)
  const show = async () => (await done('cluster', 'show', '--data', 'cluster')).stdout
  await done('cluster', 'read-only', '--group', 'board@lakeside.example', '--data', 'cluster', '--yes')
  assert.match(await show(), /may protect +everybody but board@lakeside\.example/)
  await done('cluster', 'read-only', '--everyone', '--data', 'cluster', '--yes')
  assert.match(await show(), /may protect +nobody/)
  await done('cluster', 'serve', '--data', 'cluster', '--yes')
  assert.match(await show(), /state +serving/)
  assert.equal((await run('tenant', 'enable', '--data', 'cluster', '--yes')).code, 3)
  await done('cluster', 'decommission', '--data', 'cluster', '--yes')
  assert.match(await show(), /state +decommissioned/)
})

test('user domains are exported, trusted for their mail domains, changed and removed', async () => {
  await done('cluster', 'create', '--data', 'harbour', '--domain', 'harbour.example', '--yes')
  const { keys } = jsonOf<{ keys: { id: string; root: string }[] }>(
    await done('key', 'list', '--data', 'harbour', '--json'),
  )
  const [{ id, root } = { id: '', root: '' }] = keys
  await done('trust', 'user-domain', 'export', '--output', 'harbour.bin', '--data', 'harbour')
  assert.match(
    (await run('trust', 'user-domain', 'export', '--output', 'harbour.bin', '--data', 'harbour')).stderr,
    /\[file-exists\]/,
  )
  const named = ['trust', 'user-domain', 'import', 'harbour.bin', '--name', 'Harbour', ...overHttp()]
  assert.equal((await run(...named, '--trust', root, '--yes')).code, 2, 'without mail domains')
  const imported = [...named, '--mail-domain', 'harbour.example']
  assert.match((await run(...imported, '--yes')).stderr, /\[chain-anchor-untrusted\]/)
  assert.match((await done(...imported, '--trust', root, '--dry-run')).stderr, /key [0-9a-f]{64}, mode 2/)
  const own = await run(...named, '--mail-domain', 'lakeside.example', '--trust', root, '--yes')
  assert.match(own.stderr, /\[mail-domain-refused\]/)
  await done(...imported, '--trust', root, '--federated', '--yes')
  assert.equal((await run(...imported, '--trust', root, '--yes')).code, 3)
  const list = async () => {
    const answer = await done('trust', 'user-domain', 'list', '--data', 'tenant', '--json')
    const { userDomains } = jsonOf<{
      userDomains: { id: string; own: boolean; displayName: string; mailDomains: string[]; federatedUsers: boolean }[]
    }>(answer)
    return userDomains.filter((domain) => !domain.own)
  }
  const [domain] = await list()
  assert.deepEqual(
    [domain?.id, domain?.displayName, domain?.mailDomains, domain?.federatedUsers],
    [id, 'Harbour', ['harbour.example'], true],
  )
  const some = ['--mail-domain', 'pier.example', '--mail-domain', 'Harbour.example']
  await done('trust', 'user-domain', 'change', id.slice(0, 8), ...some, '--data', 'tenant', '--yes')
  assert.deepEqual((await list())[0]?.mailDomains, ['harbour.example', 'pier.example'])
  assert.match((await done('trust', 'user-domain', 'list', ...overHttp())).stdout, /Harbour +2 +harbour\.example pier/)
  await done('trust', 'user-domain', 'remove', id, ...overHttp(), '--yes')
  assert.deepEqual(await list(), [])
  const removed = await run('trust', 'user-domain', 'remove', id, ...overHttp(), '--yes')
  assert.match(removed.stderr, /\[user-domain-unknown\]/)
})

test('logs are shown and exported', async () => {
  // The tenant is disabled, so it refuses; that is a request like any other.
  const account = /anna\.berg@lakeside\.example\s+(\S+)/.exec(readFileSync(join(cwd, 'lakeside/people.txt'), 'utf8'))
  writeFileSync(join(cwd, 'anna.txt'), `${account?.[1] ?? ''}\n`)
  const anna = ['--user', 'anna.berg@lakeside.example', '--password-file', 'anna.txt', '--store', 'clients']
  const { keys } = jsonOf<{ keys: { root: string }[] }>(await done('key', 'list', '--data', 'tenant', '--json'))
  const trust = ['--service', tenant.url, '--trust', keys[0]?.root ?? '', '--redirect-everything']
  const opened = await run(
    'open',
    'lakeside/documents/finance/budget 2009.xlsx',
    '--output',
    'b.xlsx',
    ...anna,
    ...trust,
  )
  assert.notEqual(opened.code, 0)
  const { rows } = jsonOf<{ rows: { requestPath: string; successOrFailure: string }[] }>(
    await done('log', 'tail', '--data', 'tenant', '--rows', '5', '--json'),
  )
  assert.equal(rows.at(-1)?.successOrFailure, 'Failed')
  assert.equal((await run('log', 'tail', '--follow', '--json', '--data', 'tenant')).code, 2)
  await done('log', 'export', 'requests', '--output', 'requests.csv', ...overHttp())
  const [header = '', first = ''] = readFileSync(join(cwd, 'requests.csv'), 'utf8').split('\r\n')
  assert.match(header, /^HostMachineName,RequestTime,RequestPath,RequestType,/)
  assert.match(first, /,(?:Succeeded|Failed),"\{""/)
  await done('log', 'export', 'usage', '--output', 'usage.log', '--data', 'tenant')
  assert.match(
    readFileSync(join(cwd, 'usage.log'), 'utf8'),
    /^#Software: RMS\n#Version: 1\.1\n#Fields: date\ttime|^#Software: RMS/,
  )
  await done('log', 'export', 'administration', '--output', 'admin.log', '--data', 'tenant')
  assert.match(readFileSync(join(cwd, 'admin.log'), 'utf8'), /\tPassed\tTrue$/m)
  assert.equal((await run('log', 'export', 'nonsense', '--output', 'x', '--data', 'tenant')).code, 2)
  assert.match(
    (await run('log', 'export', 'requests', '--output', 'requests.csv', '--data', 'tenant')).stderr,
    /\[file-exists\]/,
  )
  assert.ok(!existsSync(join(cwd, 'x')))
})

test('a mail server is admitted to prelicense, as an account or with its group, and dismissed', async () => {
  const admits = async (): Promise<unknown> => {
    const { doors } = jsonOf<{ doors: { door: string; members: string[] }[] }>(
      await done('admission', 'list', '--data', 'tenant', '--json'),
    )
    return doors.find(({ door }) => door === 'pre-licensing')?.members
  }
  assert.deepEqual(await admits(), [])
  const add = (member: string) => ['admission', 'add', 'pre-licensing', member, ...overHttp(), '--yes']
  assert.match((await run(...add('nobody@lakeside.example'))).stderr, /\[group-refused\]/)
  assert.match((await run('admission', 'add', 'back-door', 'a@b.example', ...overHttp(), '--yes')).stderr, /no door/)
  await done('admission', 'add', 'pre-licensing', 'li.chen@lakeside.example', ...overHttp(), '--dry-run')
  assert.deepEqual(await admits(), [])
  await done(...add('li.chen@lakeside.example'))
  await done(...add('finance@lakeside.example'))
  assert.deepEqual(await admits(), ['finance@lakeside.example', 'li.chen@lakeside.example'])
  await done('admission', 'remove', 'pre-licensing', 'li.chen@lakeside.example', '--data', 'tenant', '--yes')
  assert.deepEqual(await admits(), ['finance@lakeside.example'])
})

test('REST clients are refused and served, and publish offline, from both sides', async () => {
  const shown = async (): Promise<unknown> => jsonOf(await done('mobile', 'show', '--data', 'tenant', '--json'))
  const nothing = { refusedPlatforms: [], refusedApplications: [], offlinePublishing: false, offlineKeys: 0 }
  assert.deepEqual(await shown(), nothing)
  await done('mobile', 'refuse', '--platform', 'android', ...overHttp(), '--dry-run')
  assert.deepEqual(await shown(), nothing)
  await done('mobile', 'refuse', '--platform', 'android', ...overHttp(), '--yes')
  await done('mobile', 'refuse', '--platform', 'Other', '--data', 'tenant', '--yes')
  await done('mobile', 'refuse', '--application', 'Reader', '--data', 'tenant', '--yes')
  await done('mobile', 'refuse', '--application', 'reader', '--below', '2.10', ...overHttp(), '--yes')
  await done('mobile', 'offline', 'on', ...overHttp(), '--yes')
  assert.deepEqual(await shown(), {
    refusedPlatforms: ['Android', 'Other'],
    refusedApplications: [{ name: 'reader', below: '2.10' }],
    offlinePublishing: true,
    offlineKeys: 0,
  })
  const text = (await done('mobile', 'show', ...overHttp())).stdout
  assert.match(text, /platforms: Android, Other\nrefused applications: reader before 2\.10\npublishing offline: on/)
  for (const wrong of [[], ['--platform', 'Toaster'], ['--platform', 'iOS', '--application', 'x'], ['--below', '1']]) {
    assert.equal((await run('mobile', 'refuse', ...wrong, ...overHttp(), '--yes')).code, 2)
  }
  const below = ['--application', 'x', '--below', 'new']
  assert.match((await run('mobile', 'refuse', ...below, ...overHttp(), '--yes')).stderr, /\[admin-request-invalid\]/)
  for (const what of [
    ['--platform', 'Android'],
    ['--platform', 'other'],
    ['--application', 'READER'],
  ]) {
    await done('mobile', 'serve', ...what, '--data', 'tenant', '--yes')
  }
  await done('mobile', 'offline', 'off', '--data', 'tenant', '--yes')
  assert.deepEqual(await shown(), nothing)
})
