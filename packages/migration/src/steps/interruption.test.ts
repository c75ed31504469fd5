import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { importRegistration } from '../client-scripts/registration-reader.fixture.ts'
import { createRegistry } from '../client-scripts/registry-model.fixture.ts'
import { checkStep } from '../project/check-step.ts'
import type { MigrationPlan } from '../project/plan.ts'
import { runStep } from '../project/run-step.ts'
import { testMigration, type TestMigration } from '../project/test-migration.fixture.ts'
import { writeReport } from '../report/write-report.ts'
import type { CheckResult } from './check.ts'
import { requestRow } from './invented-source.fixture.ts'

const server = 'mail-1.lakeside.example'
const withMail = (plan: MigrationPlan): unknown => ({
  ...plan,
  mail: { place: 'on-premises', version: '2010' },
  connector: {
    url: 'https://connector.lakeside.example',
    account: 'anna@lakeside.example',
    servers: [
      { name: server, kind: 'mail' },
      { name: 'portal.lakeside.example', kind: 'collaboration' },
    ],
  },
})

function report({ folder }: TestMigration, machine: string, times: object): void {
  const path = join(folder, 'collected', 'interruptions')
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, `${machine}.json`), JSON.stringify({ server: machine, ...times }))
}

async function measured({ project, options }: TestMigration, step = '7'): Promise<Omit<CheckResult, 'ok'>> {
  const { checks } = await checkStep(project, step, { ...options, moment: 'after' })
  return checks.find(({ id }) => id.endsWith('-interruption'))!
}

suite('the interruption', () => {
  test('is measured from what the servers noted, confirmed by the log of the tenant, and reported', async () => {
    const row = requestRow({
      requestType: 'ServerCertification.Certify',
      requestUserAddress: 'mail-1',
      requestTime: '2026-03-09T20:25:00.000Z',
    })
    const migration = await testMigration({ plan: withMail, tenant: { rows: [row] } })
    report(migration, 'MAIL-1', { stoppedAt: '2026-03-09T20:00:00Z', resumedAt: '2026-03-09T20:24:30Z' })
    const partly = await measured(migration)
    assert.equal(partly.outcome, 'warned')
    assert.match(partly.finding!, /on portal\.lakeside\.example was not reported/)
    report(migration, 'PORTAL', { stoppedAt: '2026-03-09T21:00:00Z', resumedAt: '2026-03-09T21:00:00Z' })
    const all = [
      {
        server: 'MAIL-1',
        stoppedAt: '2026-03-09T20:00:00Z',
        resumedAt: '2026-03-09T20:24:30Z',
        seconds: 1470,
        certifiedAt: '2026-03-09T20:25:00.000Z',
      },
      { server: 'PORTAL', stoppedAt: '2026-03-09T21:00:00Z', resumedAt: '2026-03-09T21:00:00Z', seconds: 0 },
    ]
    const { outcome, data } = await measured(migration)
    assert.deepEqual([outcome, data], ['passed', all])
    const { report: board, html } = await writeReport(migration.project, migration.options)
    assert.deepEqual(board.interruptions, all)
    assert.match(
      readFileSync(html, 'utf8'),
      /<td>MAIL-1<\/td><td><time [^>]*>2026-03-09 20:00 UTC<\/time><\/td>.*<td class="n">25<\/td>/,
    )
  })

  test('that still lasts, or that ends before it begins, stops the step', async () => {
    const migration = await testMigration({ plan: withMail })
    report(migration, 'mail-1', { stoppedAt: '2026-03-09T20:00:00Z' })
    const lasting = await measured(migration)
    assert.equal(lasting.outcome, 'failed')
    assert.match(lasting.finding!, /stands still on mail-1 since 2026-03-09T20:00:00Z/)
    report(migration, 'mail-1', { stoppedAt: '2026-03-09T20:00:00Z', resumedAt: '2026-03-09T19:00:00Z' })
    assert.match((await measured(migration)).finding!, /mail-1 ends before it begins/)
    report(migration, 'mail-1', { stoppedAt: 'yesterday' })
    assert.match((await measured(migration)).finding!, /stoppedAt: must be a time like/)
  })

  test('of hosted mail is asked for in step 6, and in step 7 of nobody', async () => {
    const migration = await testMigration({
      plan: (plan) => ({ ...plan, mail: { place: 'hosted', version: '2016' } }),
    })
    assert.match((await measured(migration, '6')).finding!, /on hosted was not reported/)
    report(migration, 'hosted', { stoppedAt: '2026-03-09T20:00:00Z', resumedAt: '2026-03-09T20:01:00Z' })
    assert.equal((await measured(migration, '6')).outcome, 'passed')
    assert.equal((await measured(migration, '7')).outcome, 'not-applicable')
  })
})

test('the registration files of mail servers are read by an independent reader, and undone leave nothing', async () => {
  const migration = await testMigration({ plan: withMail })
  const { project, options, folder } = migration
  for (const step of ['1', '1c', '2', '3', '4', '5']) await runStep(project, step, options)
  await assert.rejects(runStep(project, '7', options), { code: 'step-check-failed' })
  const registry = createRegistry()
  const irm = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\ExchangeServer\\v14\\IRM'
  const values = (name: string): readonly string[] =>
    registry.values(`${irm}\\${name}`).map(({ name: from, value }) => `${from} -> ${value.data}`)
  const apply = (step: string, name: string): void =>
    importRegistration(registry, readFileSync(join(folder, 'artefacts', step, name)))
  const tenant = 'https://1a2b3c4d-0000-4000-8000-00000000abcd.rms.lakeside.example'
  const connector = 'https://connector.lakeside.example'
  apply('1c', 'mail-servers.reg')
  const waiting = values('LicenseServerRedirection')
  assert.equal(waiting.length, 1)
  assert.match(waiting[0]!, new RegExp(`^${tenant}/_wmcs/licensing -> https://.*/_wmcs/licensing$`))
  apply('7', 'mail-servers.reg')
  assert.deepEqual(values('LicenseServerRedirection'), [
    `${tenant} -> ${connector}`,
    `https://rights.lakeside.example/_wmcs/licensing -> ${connector}/_wmcs/licensing`,
  ])
  assert.deepEqual(values('CertificationServerRedirection'), [`${tenant} -> ${connector}`])
  assert.match(readFileSync(join(folder, 'artefacts', '7', 'servers.txt'), 'utf8'), /-SetExchange2010/)
  apply('7', 'mail-servers-undo.reg')
  apply('1c', 'mail-servers-undo.reg')
  assert.deepEqual([...values('LicenseServerRedirection'), ...values('CertificationServerRedirection')], [])
})
