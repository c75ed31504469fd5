import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { keySummary } from '../steps/fake-service.fixture.ts'
import { password, writeExport, writeLog } from '../steps/invented-source.fixture.ts'
import { checkStep } from './check-step.ts'
import { planMigration } from './plan-migration.ts'
import { projectStatus } from './project-status.ts'
import { openProject } from './project.ts'
import { runStep } from './run-step.ts'
import { inventedSource, testMigration, without, type TestMigration } from './test-migration.fixture.ts'
import { undoStep } from './undo-step.ts'

const wholeWay = ['0', '1', '1b', '2', '3', '4', '5', '7', '8', '8d', '9']

async function runAll({ project, options }: TestMigration, steps: readonly string[]): Promise<void> {
  for (const step of steps) await runStep(project, step, options)
}

suite('the whole way', () => {
  test('leads through all states and leaves the tenant with everything', async () => {
    const source = await inventedSource()
    const migration = await testMigration()
    await runAll(migration, wholeWay)
    const { project, tenant, folder, events } = migration
    assert.equal(projectStatus(project).state, 'Rekeyed')
    const { keys, state, templates, hostNames, onboarding } = tenant.read()
    assert.equal(state, 'enabled')
    assert.deepEqual(new Set(keys.map(({ id }) => id)).size, 3)
    assert.equal(keys.find(({ state: each }) => each === 'active')!.origin, 'created')
    assert(keys.some(({ id, mode }) => id === source.oldKey && mode === 1))
    assert(templates.every((template) => template.state === 'published'))
    assert.deepEqual(hostNames, ['rights.lakeside.example'])
    assert.equal(onboarding, undefined)
    assert(existsSync(join(folder, 'artefacts', '5', '1-first-floor.json')))
    assert.deepEqual(events.flatMap((event) => (event.kind === 'state' ? [event.to] : [])).at(0), 'Prepared')
    assert.equal(openProject(folder).name, 'Lakeside moves')
  })

  test('and back again', async () => {
    const migration = await testMigration()
    const { project, options, tenant } = migration
    await runAll(migration, wholeWay)
    const undone = []
    for (const step of wholeWay.toReversed()) undone.push(await undoStep(project, step, options))
    assert.equal(projectStatus(project).state, 'Planned')
    const { state, keys, templates, hostNames, onboarding } = tenant.read()
    assert.equal(state, 'disabled')
    assert.equal(keys.find((key) => key.state === 'active')!.origin, 'created')
    assert(templates.every((template) => template.state === 'archived'))
    assert.deepEqual([hostNames, onboarding], [[], undefined])
    assert.deepEqual(
      readdirSync(join(migration.folder, 'artefacts')).flatMap((step) =>
        readdirSync(join(migration.folder, 'artefacts', step)),
      ),
      [],
    )
    assert.match(undone.map(({ loss }) => loss).join(), /downtime/)
    await runAll(migration, wholeWay.slice(0, 6))
    assert.equal(projectStatus(project).state, 'TemplatesReady')
  })

  test('an earlier step cannot be undone before the later one, and none runs out of order', async () => {
    const migration = await testMigration()
    const { project, options } = migration
    await assert.rejects(runStep(project, '2', options), { code: 'step-not-due' })
    await assert.rejects(runStep(project, '17', options), { code: 'step-unknown' })
    await runAll(migration, ['1', '2', '3'])
    await assert.rejects(undoStep(project, '2', options), { code: 'undo-refused' })
    await assert.rejects(undoStep(project, '4', options), { code: 'undo-refused' })
    await assert.rejects(runStep(project, '2', options), { code: 'step-not-due' })
  })

  test('a step that is run again does nothing twice', async () => {
    const migration = await testMigration()
    await runAll(migration, ['1', '1b', '2', '3', '4', '5'])
    const before = migration.tenant.read().changes.length
    await runAll(migration, ['5', '5'])
    assert.equal(migration.tenant.read().changes.length, before)
  })

  test('the people of a role do its steps, forth and back, where the plan names them', async () => {
    const roles = { 'tenant administrator': ['Emma Lund'] }
    const migration = await testMigration({ plan: (plan) => ({ ...plan, roles }) })
    const { project, options, tenant } = migration
    const emma = { ...options, actor: 'Emma Lund' }
    await assert.rejects(runStep(project, '1', options), { code: 'step-role-missing' })
    assert.deepEqual([tenant.read().changes, projectStatus(project).state], [[], 'Planned'])
    await runStep(project, '1', emma)
    await assert.rejects(undoStep(project, '1', options), { code: 'step-role-missing' })
    await undoStep(project, '1', emma)
    // A role without names is open to everybody.
    await runStep(project, '0', options)
  })

  test('a dry run changes nothing but the evidence', async () => {
    const migration = await testMigration()
    await runAll(migration, ['1'])
    const { actions } = await runStep(migration.project, '2', { ...migration.options, dryRun: true })
    assert.equal(actions.length, 5)
    assert.match(actions.join('\n'), /import the trusted publishing domain of current\.xml/)
    assert.deepEqual(migration.tenant.read().changes, [])
    assert.equal(projectStatus(migration.project).state, 'Prepared')
  })
})

async function refused(migration: TestMigration, code: string): Promise<void> {
  const { project, options, tenant } = migration
  await runStep(project, '1', options)
  await assert.rejects(runStep(project, '2', options), { code })
  assert.deepEqual(tenant.read().changes, [])
  assert.equal(projectStatus(project).state, 'Prepared')
  assert.equal(projectStatus(project).steps.find(({ id }) => id === '2')!.status, 'due')
}

suite('nothing is stored', () => {
  test('with a wrong password', async () => {
    const ports = { passwordOf: (file: string) => Promise.resolve(file === 'old.xml' ? 'wrong' : password) }
    await refused(await testMigration({ ports }), 'tpd-not-opened')
  })

  test('with a damaged export', async () => {
    const migration = await testMigration()
    const path = join(migration.folder, 'old.xml')
    writeFileSync(path, readFileSync(path, 'utf8').replace(/[a-z]/, '<'))
    await refused(migration, 'xml-not-well-formed')
  })

  test('with a key that no export holds', async () => {
    const { oldKey } = await inventedSource()
    const migration = await testMigration({
      plan: (plan) => ({ ...plan, exports: plan.exports.filter(({ file }) => file !== 'old.xml') }),
    })
    await refused(migration, 'issuer-not-covered')
    const { checks } = await checkStep(migration.project, '0', migration.options)
    assert.equal(checks[0]!.id, 'issuers-covered')
    assert.match(checks[0]!.finding!, new RegExp(`${oldKey.slice(0, 16)} \\(0 documents, 1 requests of 1 people\\)`))
  })

  test('with a key that is there already', async () => {
    const { currentKey } = await inventedSource()
    const keys = [keySummary(currentKey, 'active', 'imported', 2, '2026-01-01T00:00:00.000Z')]
    await refused(await testMigration({ tenant: { keys } }), 'key-already-imported')
  })

  test('with one key in two exports', async () => {
    const { content } = await inventedSource()
    const migration = await testMigration({
      plan: (plan) => ({
        ...plan,
        exports: [...plan.exports, { file: 'copy.xml', cluster: 'lakeside', active: false }],
      }),
    })
    writeExport(migration.folder, 'copy.xml', content.old)
    await refused(migration, 'key-already-imported')
  })

  test('with a key that went to another tenant', async () => {
    const { oldKey } = await inventedSource()
    const migration = await testMigration({ plan: (plan) => ({ ...plan, keyRegistry: 'keys.json' }) })
    writeFileSync(join(migration.folder, 'keys.json'), JSON.stringify({ [oldKey]: 'other-tenant' }))
    await refused(migration, 'key-in-other-tenant')
  })

  test('with rights of everybody and nobody to give them to', async () => {
    const migration = await testMigration({ plan: without('anyone') })
    await refused(migration, 'step-check-failed')
  })

  test('without its key and without one beside it', async () => {
    const { content } = await inventedSource()
    const migration = await testMigration()
    writeExport(migration.folder, 'old.xml', { ...content.old, privateKey: undefined })
    await refused(migration, 'tpd-key-missing')
  })
})

suite('keyless exports', () => {
  test('are imported with the key in a file beside them', async () => {
    const { content } = await inventedSource()
    const migration = await testMigration({
      plan: (plan) => ({
        ...plan,
        exports: plan.exports.map((each) => (each.file === 'old.xml' ? { ...each, privateKeyFile: 'old.pem' } : each)),
      }),
    })
    writeExport(migration.folder, 'old.xml', { ...content.old, privateKey: undefined })
    writeFileSync(join(migration.folder, 'old.pem'), content.old.privateKey!.export({ type: 'pkcs8', format: 'pem' }))
    await runAll(migration, ['1', '2'])
    assert.equal(migration.tenant.read().keys.length, 3)
  })

  test('wait for a key in a module, with the commands to bring it there', async () => {
    const { content } = await inventedSource()
    const migration = await testMigration({
      plan: (plan) => ({
        ...plan,
        tenant: { ...plan.tenant, target: 'customer-managed' },
        exports: plan.exports.map((each) =>
          each.file === 'old.xml' ? { ...each, keyReference: { kind: 'pkcs11', label: 'lakeside-old' } } : each,
        ),
      }),
    })
    writeExport(migration.folder, 'old.xml', { ...content.old, privateKey: undefined })
    await runAll(migration, ['1', '2'])
    assert.equal(migration.tenant.read().keys.length, 2)
    const commands = readFileSync(join(migration.folder, 'artefacts', '2', 'key-transfer.txt'), 'utf8')
    assert.match(commands, /TpdUtil \/tpd:old\.xml \/otpd:old_keyless\.xml \/opem:old_key\.pem/)
    assert.match(commands, /ident=lakeside-old type=RSA/)
  })
})

suite('plans', () => {
  test('with unknown fields, passwords or contradictions are refused, naming the field', async () => {
    const { project, options } = await testMigration()
    const { plan } = await inventedSource()
    const cases: readonly (readonly [unknown, RegExp])[] = [
      [{ ...plan, password: 'x' }, /password: is not a known field/],
      [{ ...plan, exports: [{ ...plan.exports[0], passwort: 'x' }] }, /exports\[0\]\.passwort/],
      [{ ...plan, exports: plan.exports.map((each) => ({ ...each, active: true })) }, /only one key can be active/],
      [{ ...plan, exports: [{ ...plan.exports[0], cluster: 'other' }] }, /names the cluster other/],
      [{ ...plan, tenant: { ...plan.tenant, url: ' https://x' } }, /tenant\.url/],
      [{ ...plan, clusters: [{ ...plan.clusters[0], licensingUrls: ['https://a b/_wmcs'] }] }, /licensingUrls\[0\]/],
      ['text', /must be an object/],
    ]
    for (const [value, message] of cases) {
      await assert.rejects(planMigration(project, value, options), { code: 'plan-invalid', message })
    }
  })

  test('may grow while a step is under way: what was done stays done', async () => {
    const migration = await testMigration()
    await runAll(migration, ['1', '1b', '2', '3', '4', '5'])
    const { plan } = await inventedSource()
    const batches = [...plan.batches!, { name: 'Second floor', users: [], machines: [] }]
    await planMigration(migration.project, { ...plan, batches }, migration.options)
    const { actions } = await runStep(migration.project, '5', migration.options)
    assert.equal(actions.length, 2)
    assert.deepEqual(readdirSync(join(migration.folder, 'artefacts', '5')).sort(), [
      '1-first-floor.json',
      '2-second-floor.json',
    ])
  })
})

test('a log that cannot be read is a finding that names the row', async () => {
  const { currentKey } = await inventedSource()
  const migration = await testMigration()
  writeLog(migration.folder, [
    { user: 'bob@lakeside.example', type: 'AcquireLicense', key: currentKey, time: '05/03/2024' },
  ])
  const { ok, checks } = await checkStep(migration.project, '0', migration.options)
  assert.equal(ok, false)
  assert.match(checks[0]!.finding!, /requests\.csv, line 2: RequestTime/)
})
