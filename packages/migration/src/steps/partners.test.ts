/** Partners of a plan: what is not true on either side is found before people are moved. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readPlanFile } from '../client-scripts/plan-file.ts'
import { clientScripts } from '../client-scripts/script-files.ts'
import { readJournal } from '../project/project.ts'
import { readPlan, type MigrationPlan } from '../project/plan.ts'
import { inventedSource, testMigration, type TestChanges } from '../project/test-migration.fixture.ts'
import type { CheckResult } from './check.ts'
import { createContext, type StepContext } from './context.ts'
import { steps } from './index.ts'
import { today, writeLog } from './invented-source.fixture.ts'
import { urlInventory } from './url-inventory.ts'

const issuer = 'ab'.repeat(32)
const root = 'cd'.repeat(32)
const harbour = {
  name: 'Harbour',
  domains: ['harbour.example'],
  licensingUrls: ['http://rms.harbour.example/_wmcs/licensing'],
  tenantUrl: 'https://rights.harbour.example',
  accountIssuers: [issuer],
  trustedRoots: [root],
}
const trusted = {
  id: issuer,
  own: false,
  displayName: 'Harbour',
  mailDomains: ['harbour.example'],
  federatedUsers: true,
}
const withPartner =
  (changes: object = {}) =>
  (plan: MigrationPlan): MigrationPlan => ({ ...plan, partners: [{ ...harbour, ...changes }] })

async function contextWith(changes: TestChanges): Promise<StepContext> {
  const migration = await testMigration(changes)
  const { plan } = await inventedSource()
  const { progress } = readJournal(migration.project.folder)
  return createContext({
    plan: (changes.plan?.(plan) ?? plan) as MigrationPlan,
    ports: migration.ports,
    folder: migration.project.folder,
    progress,
    now: today,
  })
}

const checks = new Map(steps.flatMap((step) => [...step.checks, ...step.verify]).map((check) => [check.id, check]))

async function checked(id: string, changes: TestChanges): Promise<CheckResult> {
  return checks.get(id)!.run(await contextWith(changes))
}

const cases: readonly (readonly [id: string, changes: TestChanges, finding: RegExp | undefined])[] = [
  ['partners-planned', { plan: withPartner() }, undefined],
  ['partners-planned', { plan: withPartner({ tenantUrl: undefined }) }, /everything of Harbour \(tenantUrl\)/],
  ['partners-trusted', { plan: withPartner(), tenant: { userDomains: [trusted] } }, undefined],
  [
    'partners-trusted',
    { plan: withPartner(), tenant: { userDomains: [{ ...trusted, mailDomains: ['*'] }] } },
    undefined,
  ],
  ['partners-trusted', { plan: withPartner() }, /does not accept Harbour \(key abababababababab\)/],
  ['partners-trusted', { plan: withPartner(), tenant: { userDomains: [{ ...trusted, own: true }] } }, /key abab/],
  [
    'partners-trusted',
    { plan: withPartner(), tenant: { userDomains: [{ ...trusted, mailDomains: ['pier.example'] }] } },
    /Harbour \(harbour\.example\)/,
  ],
  [
    'partners-trusted',
    { plan: withPartner(), tenant: { userDomains: [{ ...trusted, federatedUsers: false }] } },
    /accounts of its tenant/,
  ],
  ['partners-trusted', { plan: withPartner({ accountIssuers: undefined }) }, /accountIssuers is missing/],
  ['partners-tenant-answers', { plan: withPartner() }, undefined],
  [
    'partners-tenant-answers',
    { plan: withPartner(), ports: { probe: () => Promise.resolve(undefined) } },
    /nobody answers at the tenant of Harbour/,
  ],
  ['partners-keys-imported', { plan: withPartner() }, /Harbour \(no certificate\)/],
  [
    'partners-keys-imported',
    { plan: withPartner(), ports: { licensorKey: () => Promise.resolve(root) } },
    /key cdcdcdcdcdcdcdcd/,
  ],
  ['partners-keys-imported', { plan: withPartner(), ports: { licensorKey: () => Promise.resolve(issuer) } }, undefined],
]

for (const [id, changes, finding] of cases) {
  test(`${id}: ${finding === undefined ? 'nothing' : String(finding)}`, async () => {
    const result = await checked(id, changes)
    if (finding === undefined) assert.equal(result.outcome, 'passed', result.finding)
    else assert.match(result.finding ?? '', finding)
    assert.equal(result.ok, finding === undefined || id === 'partners-planned')
  })
}

test('without partners the checks do not apply', async () => {
  for (const id of ['partners-trusted', 'partners-tenant-answers', 'partners-keys-imported', 'partners-redirected']) {
    assert.equal((await checked(id, {})).outcome, 'not-applicable', id)
  }
})

test('a plan does not take anybody’s word', async () => {
  const { plan } = await inventedSource()
  assert.throws(() => readPlan({ ...plan, partners: [{ ...harbour, redirected: true }] }), { code: 'plan-invalid' })
})

test('people of a partner need no account in the own tenant', async () => {
  const seen = [{ user: 'fritz@harbour.example', type: 'AcquireLicense', key: issuer, time: '2026-01-02 10:00:00' }]
  const run = async (changes: TestChanges) => {
    const context = await contextWith(changes)
    writeLog(context.folder.resolve('.'), seen)
    return checks.get('users-in-tenant')!.run(context)
  }
  assert.match((await run({})).finding ?? '', /^fritz@harbour\.example are not in the directory/)
  assert.equal((await run({ plan: withPartner() })).outcome, 'passed')
})

test('addresses of a partner are told from ours and from unknown ones', async () => {
  const { plan } = await inventedSource()
  const { classify } = urlInventory(withPartner()(plan))
  const classes = Object.entries({
    'https://RMS.harbour.example:443/_wmcs/licensing': 'partner',
    'https://rights.harbour.example/_wmcs/licensing': 'partner',
    'http://old-rms.harbour.example/_wmcs/licensing': 'partner-not-listed',
    'http://rms.pier.example/_wmcs/licensing': 'unknown-host',
  })
  for (const [url, expected] of classes) assert.equal(classify(url), expected, url)
})

function report(names: readonly string[]) {
  return {
    format: 'sealward-client-check-1',
    computer: 'PC-1',
    user: 'LAKESIDE\\anna',
    batch: 'first-floor',
    checkedAt: '2026-03-09T10:00:00Z',
    scriptVersion: 20260301,
    machineVersion: 20260301,
    userVersion: 20260301,
    preparedMachineVersion: 0,
    preparedUserVersion: 0,
    values: names.map((name) => ({
      hive: 'HKLM',
      key: 'SOFTWARE\\Microsoft\\MSIPC\\ServiceLocation\\LicensingRedirection',
      name,
      state: 'right',
    })),
  }
}

test('the plans of batches carry the partner, and machines without it are found', async () => {
  const context = await contextWith({ plan: withPartner() })
  const [action] = await steps.find(({ id }) => id === '5')!.do(context)
  assert.ok(action !== undefined)
  const { content } = action.input as { readonly content: string }
  const batch = readPlanFile(content)
  assert.deepEqual(batch.partners, [
    {
      tenantUrl: harbour.tenantUrl,
      clusterUrls: [{ url: harbour.licensingUrls[0], source: 'typed' }],
    },
  ])
  assert.ok(batch.anchors?.includes(root))
  const all = clientScripts(batch).variants.map(({ url }) => url)
  const write = (names: readonly string[]): void => {
    mkdirSync(join(context.folder.collected, 'clients'), { recursive: true })
    writeFileSync(join(context.folder.collected, 'clients', 'pc.json'), JSON.stringify(report(names)))
  }
  const run = async () => checks.get('partners-redirected')!.run(createContext({ ...context }))
  write(all)
  assert.equal((await run()).outcome, 'passed')
  assert.ok(readFileSync(join(context.folder.collected, 'clients', 'pc.json'), 'utf8').includes('rms.harbour.example'))
  write(all.filter((url) => !url.startsWith('https://rms.harbour.example')))
  const { ok, finding = '' } = await run()
  assert.equal(ok, false)
  assert.match(finding, /PC-1: https:\/\/rms\.harbour\.example/)
})
