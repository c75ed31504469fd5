import assert from 'node:assert/strict'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import type { IssuedLicensor } from '../admin-api.ts'
import { checkStep } from '../project/check-step.ts'
import { runStep } from '../project/run-step.ts'
import { inventedSource, newFolder, testMigration } from '../project/test-migration.fixture.ts'
import { undoStep } from '../project/undo-step.ts'
import { fakeService, newTenant } from './fake-service.fixture.ts'
import { runAll, toDraining } from './run-steps.fixture.ts'

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
