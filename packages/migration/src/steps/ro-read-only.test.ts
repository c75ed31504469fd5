import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { checkStep } from '../project/check-step.ts'
import type { MigrationPlan } from '../project/plan.ts'
import { runStep } from '../project/run-step.ts'
import { inventedSource, newFolder, testMigration, type TestMigration } from '../project/test-migration.fixture.ts'
import { undoStep } from '../project/undo-step.ts'
import { fakeService, newTenant } from './fake-service.fixture.ts'
import { requestRow, today } from './invented-source.fixture.ts'
import { collect, runAll } from './run-steps.fixture.ts'

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
