/** The way out of a tenant with the keys of the sample, command by command. */
import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { serve, type ServedService } from '../../service.fixture.ts'
import { jsonOf, sealward, temporaryFolder, type Transcript } from '../../transcript.fixture.ts'

const cwd = temporaryFolder()
const emma = 'emma.lund@lakeside.example'
const tried = ['--sample', 'sample', '--person', 'anna.berg@lakeside.example']
const password = ['--password-file', 'export-password.txt']
let tenant: ServedService

const run = (...args: readonly string[]): Promise<Transcript> => sealward(args, { cwd })

async function done(...args: readonly string[]): Promise<Transcript> {
  const transcript = await run(...args)
  assert.equal(transcript.code, 0, `${args.join(' ')}: ${transcript.stderr}`)
  return transcript
}

interface Checks {
  readonly outcomes: readonly string[]
  readonly findings: readonly (string | null)[]
}

function checksOf(transcript: Transcript): Checks {
  const { checks } = jsonOf<{ checks: { check: string; outcome: string; finding: string | null }[] }>(transcript)
  return {
    outcomes: checks.map(({ check, outcome }) => `${check}: ${outcome}`),
    findings: checks.map(({ finding }) => finding),
  }
}

before(async () => {
  await done('sample', 'lakeside')
  writeFileSync(join(cwd, 'export-password.txt'), 'a password for the exported keys\n')
  tenant = await serve(cwd, 'tenant')
  for (const [name, mode] of [
    ['rms', 2],
    ['rms-old', 1],
  ] as const) {
    const files = [`lakeside/tpd/${name}.xml`, '--password-file', `lakeside/tpd/passwords/${name}.txt`]
    const how = ['--anchor', `lakeside/roots/mode-${mode}.json`, '--anyone', 'drop', '--data', 'tenant', '--yes']
    await done('tpd', 'import', ...files, ...how, ...(mode === 2 ? ['--activate'] : []))
  }
  await done('tenant', 'enable', '--data', 'tenant', '--yes')
  mkdirSync(join(cwd, 'sample'))
  mkdirSync(join(cwd, 'share'))
  cpSync(join(cwd, 'lakeside/documents/finance/budget 2009.xlsx'), join(cwd, 'sample/budget.xlsx'))
  cpSync(join(cwd, 'lakeside/documents/finance/budget 2009.xlsx'), join(cwd, 'share/budget.xlsx'))
})

test('the plan names the way that fits, and what stands in it', async () => {
  const plan = await run('exit', 'plan', '--data', 'tenant', '--stop', '--json')
  assert.equal(plan.code, 1)
  const { recommended, options } = jsonOf<{ recommended: string; options: { option: string; blockers: unknown[] }[] }>(
    plan,
  )
  assert.equal(recommended, 'B')
  assert.equal(options.find(({ option }) => option === 'B')?.blockers.length, 2)
})

test('the rehearsal opens everything in an empty instance, for the same people', async () => {
  const people = ['--person', 'anna.berg@lakeside.example', '--person', 'nina.brandt@riverbank.example']
  const rehearsal = await done(
    'exit',
    'rehearse',
    '--data',
    'tenant',
    '--documents',
    'share',
    ...people,
    ...password,
    '--json',
  )
  const { ready, sample } = jsonOf<{ ready: boolean; sample: { equal: boolean; instance: { outcome: string } }[] }>(
    rehearsal,
  )
  assert.equal(ready, true)
  assert.deepEqual(
    sample.map(({ equal, instance }) => `${equal} ${instance.outcome}`),
    ['true opened', 'true refused'],
  )
  assert.equal(readdirSync(join(cwd, 'exit-keys')).length, 2)
})

test('a way without what it needs is a wrong call', async () => {
  for (const way of ['A', 'B', 'C', 'D', 'E']) {
    const { code, stderr } = await run('exit', 'run', way, '--data', 'tenant', '--dry-run')
    assert.equal(code, 2, way)
    assert.match(stderr, /\[usage-invalid\]/)
  }
})

test('A: new content names the cluster, and clients get files', async () => {
  const way = ['exit', 'run', 'A', '--data', 'tenant', '--cluster-url', 'https://rms.lakeside.example', ...password]
  assert.match((await done(...way, '--dry-run')).stderr, /1\. export every key/)
  assert.ok(!existsSync(join(cwd, 'exit-files')))
  const blind = await done(...way, '--yes')
  assert.match(blind.stderr, /^check opens was not run: it needs documents, with --sample$/m)
  assert.match(blind.stderr, /^check new-content-names was not run: it needs people, with --person$/m)
  const { outcomes } = checksOf(await done(...way, '--force', ...tried, '--yes', '--json'))
  assert.deepEqual(outcomes, ['opens: not-run', 'new-content-names: passed'])
  assert.ok(readdirSync(join(cwd, 'exit-files')).includes('plan.json'))
  const { migrationUrl } = jsonOf<{ migrationUrl: string }>(await done('tenant', 'show', '--data', 'tenant', '--json'))
  assert.equal(migrationUrl, 'rms.lakeside.example')
})

test('B: a super user for a time decrypts the folders, and nothing is left', async () => {
  const people = (await done('super-user', 'list', '--data', 'tenant', '--json')).stdout
  const account = new RegExp(`${emma}\\s+(\\S+)`).exec(readFileSync(join(cwd, 'lakeside/people.txt'), 'utf8'))
  writeFileSync(join(cwd, 'emma.txt'), `${account?.[1] ?? ''}\n`)
  const way = ['exit', 'run', 'B', '--service', tenant.url, '--admin-token-file', tenant.tokenFile]
  const who = ['--super-user', emma, '--super-user-password-file', 'emma.txt', '--folder', 'share']
  const ran = await done(...way, ...who, ...password, '--yes', '--json')
  const { decrypted, left } = jsonOf<{ decrypted: { outcomes: Record<string, number> }; left: { ok: boolean } }>(ran)
  assert.deepEqual([decrypted.outcomes['unprotected'], decrypted.outcomes['failed'], left.ok], [1, 0, true])
  assert.equal((await done('super-user', 'list', '--data', 'tenant', '--json')).stdout, people)
})

test('B without a service: the exported keys open what is left', async () => {
  mkdirSync(join(cwd, 'attic'))
  cpSync(join(cwd, 'lakeside/documents/finance/budget 2009.xlsx'), join(cwd, 'attic/budget.xlsx'))
  const roots = [1, 2].flatMap((mode) => ['--anchor', `lakeside/roots/mode-${mode}.json`])
  const way = ['exit', 'run', 'B', '--offline', '--folder', 'attic', ...password]
  assert.match((await run(...way, '--yes')).stderr, /\[chain-anchor-untrusted\]/)
  const ran = jsonOf<{ left: { ok: boolean } }>(await done(...way, ...roots, '--yes', '--json'))
  assert.ok(ran.left.ok)
})

test('C: the cluster that stays is read-only', async () => {
  await done('cluster', 'create', '--data', 'cluster', '--directory', 'lakeside/directory.json', '--yes')
  const way = ['exit', 'run', 'C', '--data', 'tenant', '--cluster-url', 'https://rms.lakeside.example', ...password]
  const checked = [...way, '--cluster-data', 'cluster', ...tried, '--yes', '--json']
  const { findings, outcomes } = checksOf(await run(...checked))
  assert.deepEqual(outcomes, ['opens: failed', 'cannot-protect: passed'])
  assert.match(findings[0] ?? '', /^do not open through the cluster: budget\.xlsx for anna/)
  for (const name of readdirSync(join(cwd, 'exit-keys'))) {
    const roots = [1, 2].flatMap((mode) => ['--anchor', `lakeside/roots/mode-${mode}.json`])
    const how = [...password, ...roots, '--anyone', 'drop', '--data', 'cluster', '--yes']
    await done('tpd', 'import', join('exit-keys', name), ...how)
  }
  assert.deepEqual(checksOf(await done(...checked)).outcomes, ['opens: passed', 'cannot-protect: passed'])
  const { state } = jsonOf<{ state: string }>(await done('cluster', 'show', '--data', 'cluster', '--json'))
  assert.equal(state, 'read-only')
})

test('D: those who recover open the sample, and each recovery is in the log', async () => {
  const way = ['exit', 'run', 'D', '--recovery-user', emma, ...password, ...tried, '--yes', '--json']
  const tenantChecks = checksOf(await done(...way, '--data', 'tenant'))
  assert.deepEqual(tenantChecks.outcomes, ['cannot-protect: not-run', 'recoveries-logged: passed'])
  assert.match(tenantChecks.findings[0] ?? '', /a tenant has no read-only state/)
  const { outcomes } = checksOf(await done(...way, '--data', 'cluster', '--keys', 'cluster-keys'))
  assert.deepEqual(outcomes, ['cannot-protect: passed', 'recoveries-logged: passed'])
  const remote = ['--service', tenant.url, '--admin-token-file', tenant.tokenFile]
  assert.deepEqual(checksOf(await done(...way, ...remote)).outcomes, [
    'cannot-protect: not-run',
    'recoveries-logged: not-run',
  ])
})

test('the tenant is deactivated in the published order', async () => {
  const refused = await run('exit', 'deactivate', '--data', 'tenant', '--yes')
  assert.match(refused.stderr, /\[state-refused\]/)
  const { stdout } = await done('exit', 'deactivate', '--data', 'tenant', '--force', '--yes')
  assert.match(
    stdout,
    /^> Connect-AipService\n.+\n> Get-AipService\nEnabled\n> Disable-AipService\n.+\n> Get-AipService\nDisabled\n/,
  )
})
