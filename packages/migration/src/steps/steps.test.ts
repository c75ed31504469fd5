import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { suite, test } from 'node:test'
import type { IssuedLicensor } from '../admin-api.ts'
import { checkStep } from '../project/check-step.ts'
import type { MigrationPlan } from '../project/plan.ts'
import { projectStatus } from '../project/project-status.ts'
import { runStep } from '../project/run-step.ts'
import {
  inventedSource,
  newFolder,
  testMigration,
  without,
  type TestMigration,
} from '../project/test-migration.fixture.ts'
import { undoStep } from '../project/undo-step.ts'
import { fakeService, newTenant } from './fake-service.fixture.ts'
import { openTemplate, requestRow, staffTemplate, today } from './invented-source.fixture.ts'
import { sameTemplate } from './template-rights.ts'

async function runAll({ project, options }: TestMigration, ...steps: readonly string[]): Promise<void> {
  for (const step of steps) await runStep(project, step, options)
}

function collect(folder: string, kind: string, name: string, value: unknown): void {
  const path = join(folder, 'collected', kind, `${name}.json`)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify(value))
}

const toDraining = ['1', '1b', '2', '3', '4', '5', '7', '8'] as const

suite('templates', () => {
  test('rights that differ stop the step, which ends when they were corrected', async () => {
    const migration = await testMigration()
    await runAll(migration, '1', '2', '3')
    const { project, options, tenant } = migration
    const spoil = (rights: readonly string[]): void =>
      tenant.write((state) => {
        state.templates = state.templates.map((template) =>
          sameTemplate(template.id, staffTemplate)
            ? { ...template, grants: [{ to: 'staff@lakeside.example', rights }] }
            : template,
        )
      })
    spoil(['VIEW'])
    await assert.rejects(runStep(project, '4', options), {
      code: 'step-check-failed',
      message: /rights-equal: rights differ: anna@lakeside\.example under Lakeside Staff: EDIT, VIEW → VIEW/,
    })
    assert.equal(projectStatus(project).steps.find(({ id }) => id === '4')!.status, 'running')
    await assert.rejects(runStep(project, '5', options), { code: 'step-not-due' })
    spoil(['VIEW', 'EDIT'])
    const changes = tenant.read().changes.length
    assert.equal((await runStep(project, '4', options)).state, 'TemplatesReady')
    assert.equal(tenant.read().changes.length, changes)
  })

  test('rights of everybody go to those whom the plan names', async () => {
    const migration = await testMigration()
    await runAll(migration, '1', '2', '3', '4')
    const open = migration.tenant.read().templates.find(({ id }) => sameTemplate(id, openTemplate))!
    assert.deepEqual(
      open.grants.map(({ to }) => to.split('@')[1]),
      ['lakeside.example', 'harbour.example'],
    )
  })

  test('that were imported without them are given them, and lose them again', async () => {
    const migration = await testMigration()
    await runAll(migration, '1', '2', '3')
    const { project, options, tenant } = migration
    const unlikeOthers = { licenseValidityDays: 0, referral: 'mailto:help@lakeside.example' }
    tenant.write((state) => {
      state.templates = state.templates.map((template) =>
        sameTemplate(template.id, openTemplate)
          ? { ...template, grants: [{ to: 'bob@lakeside.example', rights: ['VIEW'] }], ...unlikeOthers }
          : template,
      )
    })
    await runStep(project, '4', options)
    const template = () => tenant.read().templates.find(({ id }) => sameTemplate(id, openTemplate))!
    const grants = (): readonly string[] => template().grants.map(({ to }) => to.split('@')[0]!)
    const { licenseValidityDays, referral } = template()
    assert.deepEqual({ licenseValidityDays, referral }, unlikeOthers)
    assert.deepEqual(grants(), ['bob', 'AllStaff-7184AB3F-CCD1-46F3-8233-3E09E9CF0E66', 'partner'])
    await undoStep(project, '4', options)
    assert.deepEqual(grants(), ['bob'])
  })

  test('both services are asked about old licences where both can be', async () => {
    const cluster = fakeService(
      join(newFolder(), 'cluster.test'),
      newTenant({ personality: 'cluster', state: 'serving' }),
    )
    const migration = await testMigration({
      plan: (plan) => ({ ...plan, samples: 'samples' }),
      ports: { clusters: new Map([['lakeside', cluster]]) },
    })
    mkdirSync(join(migration.folder, 'samples'))
    writeFileSync(join(migration.folder, 'samples', 'plan.xrml'), 'LICENCE')
    const granted = { granted: true, ground: 'policy', rights: ['VIEW'] }
    cluster.write((state) => Object.assign(state, { decisions: { 'LICENCE bob@lakeside.example': granted } }))
    await runAll(migration, '1', '2', '3')
    const { project, options, tenant } = migration
    await assert.rejects(runStep(project, '4', options), {
      message: /plan\.xrml for bob@lakeside\.example: VIEW → refused no-rights/,
    })
    tenant.write((state) => Object.assign(state, { decisions: { 'LICENCE bob@lakeside.example': granted } }))
    await runStep(project, '4', options)
  })
})

suite('decommissioning', () => {
  test('waits until nobody asks a cluster, and names who does and why', async () => {
    const verdicts = {
      principals: [{ principal: 'bob@lakeside.example', kind: 'user', verdict: 'both' }],
      leftovers: [
        { cause: 'the scheduled task', cure: 'Disable it.', requests: 3, principals: ['bob@lakeside.example'] },
      ],
    } as const
    let quiet = false
    const watch = { verdicts: () => Promise.resolve(quiet ? { principals: [], leftovers: [] } : verdicts) }
    const migration = await testMigration({ ports: { watch } })
    await runAll(migration, ...toDraining)
    const { project, options, tenant } = migration
    await assert.rejects(runStep(project, '8d', options), {
      message: /silence: bob@lakeside\.example asked a cluster within 14 days/,
    })
    const { checks } = await checkStep(project, '8d', options)
    assert.match(checks.find(({ id }) => id === 'leftovers')!.finding!, /the scheduled task \(3\)/)
    assert.deepEqual(tenant.read().hostNames, [])
    quiet = true
    assert.equal((await runStep(project, '8d', options)).state, 'Decommissioned')
  })

  test('waits until exports and samples are safe', async () => {
    const migration = await testMigration({ plan: (plan) => ({ ...plan, samples: 'samples' }) })
    mkdirSync(join(migration.folder, 'samples'))
    writeFileSync(join(migration.folder, 'samples', 'plan.xrml'), 'LICENCE')
    await runAll(migration, ...toDraining)
    await assert.rejects(runStep(migration.project, '8d', migration.options), { message: /samples-open: .*plan\.xrml/ })
  })

  test('a mobile record that is left holds up the watch', async () => {
    let there = true
    const dns = {
      services: (name: string) =>
        Promise.resolve(there && name.startsWith('_rmsdisco') ? [{ target: 'x', port: 443 }] : []),
      addresses: () => Promise.resolve([]),
    }
    const migration = await testMigration({ ports: { dns } })
    await runAll(migration, '1', '2', '3', '4', '5', '7')
    await assert.rejects(runStep(migration.project, '8', migration.options), { message: /mobile-records-gone/ })
    there = false
    assert.equal((await runStep(migration.project, '8', migration.options)).state, 'Draining')
  })
})

const staying = (plan: MigrationPlan): unknown => ({
  ...plan,
  clusters: plan.clusters.map((cluster) => ({ ...cluster, exportable: false, keyStorage: 'other-hsm' })),
  exports: [],
  readOnly: { clusters: ['lakeside'] },
})

const node = (name: string, denied: readonly string[], anonymous: boolean) => ({ name, denied, anonymous })

async function moved(plan = staying): Promise<TestMigration & { readonly cluster: ReturnType<typeof fakeService> }> {
  const { oldKey, currentKey } = await inventedSource()
  const state = newTenant({ personality: 'cluster', state: 'serving' })
  const [key] = state.keys
  const keys = [oldKey, currentKey].map((id) => ({ ...key!, id }))
  const cluster = fakeService(join(newFolder(), 'cluster.test'), { ...state, keys })
  const migration = await testMigration({ plan, ports: { clusters: new Map([['lakeside', cluster]]) } })
  await runAll(migration, '1', '2', '3', '4', '5')
  return { ...migration, cluster }
}

suite('a cluster whose key cannot leave', () => {
  test('must be planned as a read-only source', async () => {
    await assert.rejects(
      moved((plan) => ({ ...(staying(plan) as MigrationPlan), readOnly: undefined })),
      {
        message: /read-only-planned/,
      },
    )
  })

  test('refuses protecting from then on, proved by its log, and no longer after the way back', async () => {
    const { project, options, cluster } = await moved()
    const run = await runStep(project, 'ro', options)
    assert.deepEqual(cluster.read().readOnly, { everyone: true })
    assert.equal(run.checks.find(({ id }) => id === 'read-only-proved')!.outcome, 'warned')
    const later = new Date(today.getTime() + 60_000).toISOString()
    const rows = [
      requestRow({ sequence: 1, requestTime: later, requestType: 'GetClientLicensorCert', successOrFailure: 'Failed' }),
      requestRow({ sequence: 2, requestTime: later }),
    ]
    cluster.write((state) => Object.assign(state, { rows }))
    const proved = await checkStep(project, 'ro', { ...options, moment: 'after' })
    assert.equal(proved.checks.find(({ id }) => id === 'read-only-proved')!.outcome, 'passed')
    const published = requestRow({ sequence: 3, requestTime: later, requestType: 'AcquireIssuanceLicense' })
    cluster.write((state) => Object.assign(state, { rows: [...rows, published] }))
    assert.equal((await checkStep(project, 'ro', { ...options, moment: 'after' })).ok, false)
    await undoStep(project, 'ro', options)
    assert.equal(cluster.read().readOnly, undefined)
  })

  test('goes on opening: no batch is led away from it', async () => {
    const plans = [await moved(), await testMigration()]
    await runAll(plans[1]!, '1', '1b', '2', '3', '4', '5')
    const led = plans.map(({ folder }) => {
      const [name = ''] = readdirSync(join(folder, 'artefacts', '5'))
      const { clusterUrls } = JSON.parse(readFileSync(join(folder, 'artefacts', '5', name), 'utf8')) as {
        clusterUrls: readonly object[]
      }
      return clusterUrls.length > 0
    })
    assert.deepEqual(led, [false, true])
  })

  test('names nodes that forgot the external path or anonymous access, and Office that is too old', async () => {
    const { project, options, folder } = await moved()
    collect(folder, 'nodes', 'node-1', {
      node: 'NODE1',
      checkedAt: '',
      folders: [node('licensing', ['Everyone'], true), node('licensingexternal', [], false)],
    })
    collect(folder, 'machines', 'pc-2', {
      machine: 'PC-2',
      checkedAt: '',
      officeVersion: '16.0.4400.1000',
      officeEdition: 'msi',
    })
    const after = await checkStep(project, 'ro', { ...options, moment: 'after' })
    const finding = (id: string): string | undefined => after.checks.find((check) => check.id === id)!.finding
    assert.match(finding('nodes-denied')!, /NODE1\/_wmcs\/licensingexternal$/)
    assert.match(finding('nodes-not-anonymous')!, /NODE1\/_wmcs\/licensing$/)
    await assert.rejects(runStep(project, 'ro', options), { message: /client-versions: Office is too old on PC-2/ })
  })
})

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

suite('the change of the key', () => {
  test('to a new one signs the templates again and says who still has the old one', async () => {
    const migration = await testMigration({ plan: (plan) => ({ ...plan, rekey: { key: 'new' } }) })
    const { project, options, tenant } = migration
    await runAll(migration, ...toDraining, '8d')
    const old = tenant.read().keys.find(({ state }) => state === 'active')!.id
    tenant.write((state) => {
      state.templates = state.templates.map((template) => ({ ...template, origin: 'own' }))
      state.licensors = [
        {
          user: 'bob@lakeside.example',
          keyId: old,
          issuedAt: '2026-03-01T00:00:00.000Z',
          validUntil: '2026-04-01T00:00:00.000Z',
        },
      ]
    })
    const { checks } = await runStep(project, '9', options)
    const outcomes = new Map(checks.map(({ id, outcome }) => [id, outcome]))
    assert.deepEqual([outcomes.get('templates-resigned'), outcomes.get('rekey-share')], ['passed', 'warned'])
    assert.match(
      checks.find(({ id }) => id === 'rekey-share')!.finding!,
      /^1 of 1 certificates .* the last until 2026-04-01/,
    )
    await undoStep(project, '9', options)
    assert.equal(tenant.read().keys.find(({ state }) => state === 'active')!.id, old)
  })

  test('to one of Mode 1, or to one that is not there, is refused', async () => {
    const { oldKey } = await inventedSource()
    for (const [id, message] of [
      [oldKey, /Mode 1/],
      ['f'.repeat(64), /no such key/],
    ] as const) {
      const migration = await testMigration({ plan: (plan) => ({ ...plan, rekey: { key: { id } } }) })
      await runAll(migration, ...toDraining, '8d')
      await assert.rejects(runStep(migration.project, '9', migration.options), { code: 'step-check-failed', message })
    }
  })
})

suite('a key that stays archived', () => {
  test('leaves the tenant with its own key, and says what going back needs', async () => {
    const migration = await testMigration({
      plan: (plan) => ({ ...plan, exports: plan.exports.map((each) => ({ ...each, active: false })) }),
    })
    await runAll(migration, '1', '1b', '2', '3', '4', '5')
    const { project, options, tenant } = migration
    assert.equal(tenant.read().keys.find(({ state }) => state === 'active')!.origin, 'created')
    const { byHand } = await undoStep(project, '5', { ...options, dryRun: true })
    assert.match(byHand.join(' '), /import it into the cluster as a trusted publishing domain/)
  })

  test('is no problem for those who stay once their cluster holds the key of the tenant', async () => {
    const cluster = fakeService(
      join(newFolder(), 'cluster.test'),
      newTenant({ personality: 'cluster', state: 'serving' }),
    )
    const migration = await testMigration({
      plan: (plan) => ({ ...plan, exports: plan.exports.map((each) => ({ ...each, active: false })) }),
      ports: { clusters: new Map([['lakeside', cluster]]) },
    })
    const { project, options, tenant } = migration
    const outcome = async () =>
      (await checkStep(project, '2', { ...options, moment: 'before' })).checks.find(
        ({ id }) => id === 'active-during-batches',
      )!.outcome
    cluster.write((state) => Object.assign(state, { keys: [] }))
    assert.equal(await outcome(), 'warned')
    cluster.write((state) => Object.assign(state, { keys: tenant.read().keys }))
    assert.equal(await outcome(), 'passed')
  })
})

function holder(keyId: string, issuedAt: string): IssuedLicensor {
  return { user: 'eve@lakeside.example', keyId, issuedAt, validUntil: '2099-01-01T00:00:00.000Z' }
}

suite('a tenant that was active', () => {
  test('names holders of old certificates after the import too, until a newer one replaces theirs', async () => {
    const { currentKey } = await inventedSource()
    const migration = await testMigration({ tenant: { state: 'enabled' } })
    const { project, options, tenant } = migration
    const generated = tenant.read().keys[0]!.id
    const early = holder(generated, '2026-01-01T00:00:00.000Z')
    tenant.write((state) => Object.assign(state, { licensors: [early] }))
    await runAll(migration, '1', '1b', '2')
    const { checks } = await checkStep(project, '3', { ...options, moment: 'before' })
    assert.match(
      checks.find(({ id }) => id === 'tenant-not-active')!.finding!,
      /eve@lakeside\.example may protect with its generated key/,
    )
    const foreign = async () =>
      (await checkStep(project, '3', { ...options, moment: 'after' })).checks.find(
        ({ id }) => id === 'foreign-licensors',
      )!.outcome
    assert.equal(await foreign(), 'warned')
    const late = holder(currentKey, '2026-02-01T00:00:00.000Z')
    tenant.write((state) => Object.assign(state, { licensors: [late, early] }))
    assert.equal(await foreign(), 'passed')
  })
})

test('going back says what stays', async () => {
  const migration = await testMigration({ tenant: { keys: [] } })
  await runAll(migration, '1', '2', '3')
  const { project, options } = migration
  const third = await undoStep(project, '3', { ...options, dryRun: true })
  assert.match(third.remains.join(' '), /^the tenant stays disabled, with the default templates/)
  assert.deepEqual((await undoStep(project, '3', options)).remains, third.remains)
  const { remains } = await undoStep(project, '2', options)
  assert.equal(remains.filter((sentence) => sentence.endsWith('and its templates stay in the tenant')).length, 2)
  assert.match(remains.join(' '), /stays the active key: the tenant had no other before/)
})

test('a tenant under another name than its service id is refused', async () => {
  const migration = await testMigration({ tenant: { serviceId: '99999999-0000-4000-8000-00000000abcd' } })
  await assert.rejects(runStep(migration.project, '1', migration.options), {
    message: /tenant-url-service-id: the host begins with 1a2b3c4d/,
  })
})

test('steps that the plan does not need are passed over', async () => {
  const migration = await testMigration({ plan: without('onboarding') })
  await runAll(migration, '1')
  const { skipped, actions } = await runStep(migration.project, '1b', migration.options)
  assert.deepEqual([skipped, actions], ['everybody moves at once', []])
  assert.equal(projectStatus(migration.project).steps.find(({ id }) => id === '1b')!.status, 'not-needed')
})

test('a root that everybody knows need not stand in the plan', async () => {
  const { plan } = await inventedSource()
  const change = { plan: () => ({ ...plan, trustedRoots: [] }) }
  const unknown = await testMigration(change)
  await runAll(unknown, '1')
  await assert.rejects(runStep(unknown.project, '2', unknown.options), { message: /exports-open/ })
  const known = await testMigration({
    ...change,
    ports: { trustsRoot: ({ fingerprint }) => plan.trustedRoots.includes(fingerprint) },
  })
  await runAll(known, '1', '2')
  const imported = known.tenant.read().keys.filter(({ origin }) => origin === 'imported')
  assert.equal(imported.length, plan.exports.length)
})
