import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { checkStep } from '../project/check-step.ts'
import { projectStatus } from '../project/project-status.ts'
import { runStep } from '../project/run-step.ts'
import { inventedSource, testMigration, without } from '../project/test-migration.fixture.ts'
import { undoStep } from '../project/undo-step.ts'
import { runAll, toDraining } from './run-steps.fixture.ts'

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
