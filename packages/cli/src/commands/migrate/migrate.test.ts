/** A migration from a cluster to a tenant, both listening, as far as its first state that people notice, and back. */
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { serve } from '../../service.fixture.ts'
import { jsonOf, sealward, temporaryFolder, type Transcript } from '../../transcript.fixture.ts'

const cwd = temporaryFolder()
const project = ['--project', 'migration']
const secrets = ['--credentials', 'secrets']
const said: string[] = []

async function run(...args: readonly string[]): Promise<Transcript> {
  const transcript = await sealward(args, { cwd })
  said.push(transcript.stdout, transcript.stderr)
  return transcript
}

async function done(...args: readonly string[]): Promise<Transcript> {
  const transcript = await run(...args)
  assert.equal(transcript.code, 0, `${args.join(' ')}: ${transcript.stderr}`)
  return transcript
}

interface Status {
  readonly state: string
  readonly steps: readonly { readonly id: string; readonly status: string }[]
}

interface CheckedSteps {
  readonly ok: boolean
  readonly steps: readonly {
    readonly checks: readonly { readonly id: string; readonly outcome: string; readonly finding?: string }[]
  }[]
}

const status = async (): Promise<Status> => jsonOf<Status>(await done('migrate', 'status', ...project, '--json'))

before(async () => {
  await done('sample', 'lakeside')
  const [cluster, tenant] = [await serve(cwd, 'cluster'), await serve(cwd, 'tenant')]
  const { keys } = jsonOf<{ keys: { id: string; root: string }[] }>(
    await done('key', 'list', '--data', 'cluster', '--json'),
  )
  const [key] = keys
  mkdirSync(join(cwd, 'secrets'))
  writeFileSync(join(cwd, 'secrets/cluster.txt'), 'a password for this export\n')
  copyFileSync(cluster.tokenFile, join(cwd, 'secrets/rms.token'))
  copyFileSync(tenant.tokenFile, join(cwd, 'secrets/tenant.token'))
  await done(
    'tpd',
    'export',
    key?.id ?? '',
    '--data',
    'cluster',
    '--output',
    'cluster.xml',
    '--password-file',
    'secrets/cluster.txt',
    '--yes',
  )
  const plan = {
    organisation: 'Lakeside',
    numbering: '2016',
    clusters: [
      {
        name: 'rms',
        role: 'root',
        system: 'sealward',
        mode: 2,
        keyStorage: 'database',
        exportable: true,
        licensingUrls: [`${cluster.url}/_wmcs/licensing`],
        adminUrl: cluster.url,
      },
    ],
    tenant: { adminUrl: tenant.url, url: tenant.url, target: 'service-managed', domains: ['lakeside.example'] },
    exports: [{ file: '../cluster.xml', cluster: 'rms', active: true }],
    trustedRoots: [key?.root],
    directory: '../lakeside/directory.json',
    approvals: 'second-person',
  }
  writeFileSync(join(cwd, 'plan.json'), JSON.stringify(plan))
})

test('a plan makes the project; what is no plan makes none', async () => {
  assert.match((await run('migrate', 'status', ...project)).stderr, /\[project-missing\]/)
  writeFileSync(join(cwd, 'half.json'), JSON.stringify({ organisation: 'Lakeside', password: 'x' }))
  assert.match((await run('migrate', 'plan', 'half.json', '--project', 'other', '--yes')).stderr, /\[plan-invalid\]/)
  const planned = jsonOf<{ digest: string }>(await done('migrate', 'plan', 'plan.json', ...project, '--yes', '--json'))
  const shown = jsonOf<{ digest: string; plan: { organisation: string } }>(
    await done('migrate', 'plan', ...project, '--json'),
  )
  assert.deepEqual([shown.digest, shown.plan.organisation], [planned.digest, 'Lakeside'])
  assert.equal((await status()).state, 'Planned')
})

test('checks say what they found; a secret that is missing is asked for', async () => {
  const check = ['migrate', 'check', '--step', '0', ...project]
  assert.match((await run(...check)).stderr, /\[secret-missing\]/)
  const elsewhere = await run(...check, '--credentials', 'nowhere')
  assert.match(elsewhere.stderr, /Administration token .* \(nowhere\/tenant\.token is missing\) \[secret-missing\]/)
  const checked = jsonOf<{ ok: boolean; steps: { step: string; checks: { id: string; outcome: string }[] }[] }>(
    await done('migrate', 'check', '--step', 'inventory', ...project, ...secrets, '--json'),
  )
  assert.ok(checked.ok)
  assert.ok(checked.steps[0]?.checks.some(({ id, outcome }) => id === 'exports-open' && outcome === 'passed'))
})

test('a check that fails ends with 1', async () => {
  const text = readFileSync(join(cwd, 'secrets/cluster.txt'), 'utf8')
  writeFileSync(join(cwd, 'secrets/cluster.txt'), 'another password than that\n')
  const failed = await run('migrate', 'check', '--step', '2', ...project, ...secrets)
  writeFileSync(join(cwd, 'secrets/cluster.txt'), text)
  assert.equal(failed.code, 1)
  assert.match(failed.stdout, /^exports-open failed: .*the password is wrong.*\ncure: /m)
})

test('steps go by both numberings; a dry run changes nothing', async () => {
  await done('migrate', 'run', '--step', '0', ...project, ...secrets, '--yes')
  await done('migrate', 'run', ...project, ...secrets, '--yes')
  const dry = await done('migrate', 'run', '--step', '4', '--numbering', 'newer', ...project, ...secrets, '--dry-run')
  assert.match(dry.stderr, /^step 2: .*\n(?:check .*\n| {2}cure: .*\n)*1\. /)
  assert.equal((await status()).state, 'Prepared')
  assert.match((await run('migrate', 'run', '--step', '17', ...project, ...secrets)).stderr, /\[step-unknown\]/)
  assert.match(
    (await run('migrate', 'run', '--step', 'templates', ...project, ...secrets, '--yes')).stderr,
    /\[step-not-due\]/,
  )
  const asked = await run('migrate', 'run', '--step', '2', ...project, ...secrets)
  assert.equal(asked.code, 2)
  const ran = jsonOf<{ state: string; actions: string[] }>(
    await done('migrate', 'run', '--step', '2', ...project, ...secrets, '--yes', '--json'),
  )
  assert.equal(ran.state, 'Imported')
  assert.ok(ran.actions.length > 0)
})

test('activation needs two people', async () => {
  const step = ['migrate', 'run', '--step', '3', ...project, ...secrets, '--yes']
  assert.match((await run(...step)).stderr, /\[approval-missing\]/)
  const asked = await done(
    'approval',
    'ask',
    '--step',
    '3',
    '--reason',
    'all is ready',
    ...project,
    '--as',
    'Anna Berg',
    '--json',
  )
  const { id } = jsonOf<{ id: string }>(asked)
  const decide = ['approval', 'decide', id, ...project, '--yes']
  assert.equal((await run(...decide, '--as', 'anna berg')).code, 3)
  await done(...decide, '--as', 'Emma Lund')
  assert.match((await done('approval', 'list', ...project)).stdout, /all is ready +Emma Lund/)
  await done(...step)
  const { state } = jsonOf<{ state: string }>(await done('tenant', 'show', '--data', 'tenant', '--json'))
  assert.equal(state, 'enabled')
})

test('the watch of step 8 reads the logs of both services', async () => {
  const checked = jsonOf<CheckedSteps>(
    await run('migrate', 'check', '--step', '8', '--verify', ...project, ...secrets, '--json'),
  )
  const outcomes = new Map(checked.steps[0]?.checks.map(({ id, outcome }) => [id, outcome]))
  assert.deepEqual([outcomes.get('leftovers'), outcomes.get('silent-people')], ['passed', 'warned'])
})

test('step x rehearses the exit, and is not run without', async () => {
  const step = ['migrate', 'check', '--step', 'x', ...project, ...secrets, '--json']
  const plain = await run(...step)
  assert.match(plain.stderr, /\[usage-invalid\]/)
  assert.match(plain.stderr, /--exit-documents/)
  writeFileSync(join(cwd, 'secrets/exit-keys.txt'), 'a password for the exported keys\n')
  mkdirSync(join(cwd, 'share'))
  copyFileSync(join(cwd, 'lakeside/documents/finance/budget 2009.xlsx'), join(cwd, 'share/budget.xlsx'))
  const rehearsed = [
    '--exit-data',
    'tenant',
    '--exit-documents',
    'share',
    '--exit-person',
    'anna.berg@lakeside.example',
  ]
  const { ok, steps } = jsonOf<CheckedSteps>(await run(...step, ...rehearsed))
  assert.equal(ok, false)
  assert.match(steps[0]?.checks[0]?.finding ?? '', /1 documents do not open with the exported keys/)
  const old = ['tpd', 'import', 'lakeside/tpd/rms-old.xml', '--password-file', 'lakeside/tpd/passwords/rms-old.txt']
  await done(...old, '--anchor', 'lakeside/roots/mode-1.json', '--anyone', 'drop', '--data', 'tenant', '--yes')
  const after = jsonOf<CheckedSteps>(await run(...step, ...rehearsed))
  assert.deepEqual([after.steps[0]?.checks[0]?.finding, after.ok], [undefined, true])
})

test('a step is taken back, and the report is genuine', async () => {
  assert.match(
    (await run('migrate', 'undo', '--step', '2', ...project, ...secrets, '--yes')).stderr,
    /\[undo-refused\]/,
  )
  const dry = await done('migrate', 'undo', '--step', '3', ...project, ...secrets, '--dry-run')
  assert.match(dry.stderr, /lost by it: /)
  await done('migrate', 'undo', '--step', '3', ...project, ...secrets, '--yes')
  assert.equal((await status()).state, 'Imported')
  const { publicKey } = jsonOf<{ publicKey: string }>(await done('migrate', 'status', ...project, '--json'))
  await done('migrate', 'report', ...project)
  await done('migrate', 'report', '--verify', 'migration/report', '--public-key', publicKey)
  const page = join(cwd, 'migration/report/report.html')
  writeFileSync(page, `${readFileSync(page, 'utf8')} `)
  const changed = await run('migrate', 'report', '--verify', 'migration/report')
  assert.equal(changed.code, 1)
  assert.match(changed.stderr, /\[report-not-genuine\]/)
})

test('no secret was printed, and none is in the project', () => {
  const journal = readFileSync(join(cwd, 'migration/journal.jsonl'), 'utf8')
  const everything = `${said.join('\n')}${journal}${readFileSync(join(cwd, 'migration/project.json'), 'utf8')}`
  for (const name of ['cluster.txt', 'exit-keys.txt', 'rms.token', 'tenant.token']) {
    assert.ok(!everything.includes(readFileSync(join(cwd, 'secrets', name), 'utf8').trim()), name)
  }
})
