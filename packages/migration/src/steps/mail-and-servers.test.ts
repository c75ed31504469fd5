import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { checkStep } from '../project/check-step.ts'
import type { MigrationPlan } from '../project/plan.ts'
import { runStep } from '../project/run-step.ts'
import { testMigration } from '../project/test-migration.fixture.ts'
import { requestRow } from './invented-source.fixture.ts'
import { collect, runAll } from './run-steps.fixture.ts'

const withMail = (plan: MigrationPlan): unknown => ({
  ...plan,
  mail: { place: 'on-premises', version: '2010' },
  connector: {
    url: 'https://connector.lakeside.example',
    account: 'anna@lakeside.example',
    servers: [{ name: 'mail-1', kind: 'mail' }],
  },
})

suite('mail and servers', () => {
  const server = {
    server: 'mail-1',
    checkedAt: '2026-03-09T10:00:00Z',
    licensingLocations: ['https://old.example/_wmcs/licensing'],
    internalLicensingEnabled: true,
    redirections: [],
    machineCertificatesDeleted: false,
    testResult: 'FAIL',
  }
  test('the settings are made, the previous ones kept, and the change proved by what the servers report', async () => {
    const migration = await testMigration({ plan: withMail })
    const { project, options, folder, tenant } = migration
    await runAll(migration, '1', '2', '3', '4', '5')
    collect(folder, 'mail-servers', 'mail-1', server)
    await assert.rejects(runStep(project, '7', options), { message: /mail-tested/ })
    const registry = readFileSync(join(folder, 'artefacts', '7', 'mail-servers.reg'), 'utf16le')
    assert.match(registry, /\\ExchangeServer\\v14\\IRM\\LicenseServerRedirection\]/)
    assert.match(
      registry,
      /"https:\/\/rights\.lakeside\.example\/_wmcs\/licensing"="https:\/\/connector\.lakeside\.example\/_wmcs\/licensing"/,
    )
    assert.match(readFileSync(join(folder, 'artefacts', '7', 'previous-mail-settings.json'), 'utf8'), /old\.example/)
    collect(folder, 'mail-servers', 'mail-1', {
      ...server,
      licensingLocations: [
        'https://1a2b3c4d-0000-4000-8000-00000000abcd.rms.lakeside.example/_wmcs/licensing',
        'https://rights.lakeside.example/_wmcs/licensing',
      ],
      redirections: [
        {
          from: 'https://rights.lakeside.example/_wmcs/licensing',
          to: 'https://connector.lakeside.example/_wmcs/licensing',
        },
      ],
      machineCertificatesDeleted: true,
      testResult: 'PASS',
    })
    collect(folder, 'connectors', 'connector-1', {
      connector: 'connector-1',
      checkedAt: '',
      sameMachineAs: [],
      events: [{ id: 1002, server: 'MAIL-1', count: 4 }],
    })
    await assert.rejects(runStep(project, '7', options), { message: /servers-certified/ })
    const row = requestRow({
      requestType: 'ServerCertification.Certify',
      requestUserAddress: 'mail-1',
      authenticatedId: '',
    })
    tenant.write((state) => Object.assign(state, { rows: [row] }))
    assert.equal((await runStep(project, '7', options)).state, 'ServicesMoved')
  })

  test('placeholders and a refused server are named', async () => {
    const migration = await testMigration({ plan: withMail })
    collect(migration.folder, 'mail-servers', 'mail-1', {
      ...server,
      licensingLocations: ['https://<YourTenantURL>/_wmcs/licensing'],
    })
    collect(migration.folder, 'connectors', 'connector-1', {
      connector: 'connector-1',
      checkedAt: '',
      sameMachineAs: ['mail-1'],
      events: [{ id: 2001, server: 'mail-1', count: 1 }],
    })
    const { project, options } = migration
    const mail = await checkStep(project, '1c', { ...options, moment: 'after' })
    assert.match(mail.checks.find(({ id }) => id === 'mail-placeholders')!.finding!, /mail-1/)
    const servers = await checkStep(project, '7', { ...options, moment: 'after' })
    assert.match(
      servers.checks.find(({ id }) => id === 'connector-events')!.finding!,
      /mail-1 \(event 2001\), mail-1 \(no event 1002\)/,
    )
    const before = await checkStep(project, '7', options)
    assert.match(before.checks.find(({ id }) => id === 'connector-apart')!.finding!, /connector-1 on mail-1/)
  })

  test('a report with a misspelt field is refused and named', async () => {
    const migration = await testMigration({ plan: withMail })
    collect(migration.folder, 'mail-servers', 'mail-1', { ...server, testresult: 'PASS' })
    const { checks } = await checkStep(migration.project, '1c', { ...migration.options, moment: 'after' })
    assert.match(checks[0]!.finding!, /mail-servers\/mail-1\.json\.testresult: is not a known field/)
  })

  test('hosted mail waits for its own test', async () => {
    const migration = await testMigration({
      plan: (plan) => ({ ...plan, mail: { place: 'hosted', version: '2016' }, tenant: { ...plan.tenant } }),
    })
    await runAll(migration, '1', '2', '3', '4', '5')
    const { project, options, folder } = migration
    collect(folder, 'mail-servers', 'hosted', server)
    await assert.rejects(runStep(project, '6', options), { message: /mail-tested/ })
    collect(folder, 'mail-servers', 'hosted', { ...server, testResult: 'PASS' })
    await runStep(project, '6', options)
    assert.match(
      readFileSync(join(folder, 'artefacts', '6', 'hosted-mail.ps1'), 'utf8'),
      /AzureRMSLicensingEnabled \$true/,
    )
  })
})
