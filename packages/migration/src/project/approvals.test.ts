import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { today } from '../steps/invented-source.fixture.ts'
import { askApproval, approve } from './approve.ts'
import { planMigration } from './plan-migration.ts'
import { projectStatus } from './project-status.ts'
import { runStep } from './run-step.ts'
import { inventedSource, testMigration, type TestMigration } from './test-migration.fixture.ts'
import { undoStep } from './undo-step.ts'

async function imported(): Promise<TestMigration> {
  const migration = await testMigration({ plan: (plan) => ({ ...plan, approvals: 'second-person' }) })
  for (const step of ['1', '2']) await runStep(migration.project, step, migration.options)
  return migration
}

const question = { step: '3', work: 'run', reason: 'the pilot is over' } as const
const later = (hours: number) => () => new Date(today.getTime() + hours * 3_600_000)

suite('a step that needs two people', () => {
  test('runs after another person has approved, once', async () => {
    const { project, options } = await imported()
    await assert.rejects(runStep(project, '3', options), { code: 'approval-missing' })
    const { id } = await askApproval(project, question, options)
    await assert.rejects(runStep(project, '3', options), { code: 'approval-missing' })
    await approve(project, id, { ...options, actor: 'bob' })
    assert.equal(projectStatus(project).approvals[0]!.approvedBy, 'bob')
    assert.equal((await runStep(project, '3', options)).state, 'Activated')
    assert.deepEqual(projectStatus(project).approvals, [])
    await undoStep(project, '3', options)
    await assert.rejects(runStep(project, '3', options), { code: 'approval-missing' })
  })

  test('is approved by nobody who asked for it, however the name is written', async () => {
    const { project, options } = await imported()
    const { id } = await askApproval(project, question, options)
    for (const actor of ['anna', ' ANNA ', '\uff41nna']) {
      await assert.rejects(approve(project, id, { ...options, actor }), { code: 'approval-refused', message: /asked/ })
    }
  })

  test('needs a reason', async () => {
    const { project, options } = await imported()
    await assert.rejects(askApproval(project, { ...question, reason: ' ' }, options), { code: 'approval-refused' })
  })

  test('is not approved twice, for another step, or without a question', async () => {
    const { project, options } = await imported()
    const bob = { ...options, actor: 'bob' }
    const { id } = await askApproval(project, { ...question, work: 'undo' }, options)
    await approve(project, id, bob)
    await assert.rejects(approve(project, id, bob), { code: 'approval-refused', message: /already/ })
    await assert.rejects(approve(project, 'unknown', bob), { code: 'approval-refused' })
    await assert.rejects(runStep(project, '3', options), { code: 'approval-missing' })
  })

  test('must be approved within a day, and run within it', async () => {
    const { project, options } = await imported()
    const { id } = await askApproval(project, question, options)
    const late = { ...options, actor: 'bob', now: later(24) }
    await assert.rejects(approve(project, id, late), { code: 'approval-refused', message: /24 hours/ })
    await approve(project, id, { ...options, actor: 'bob', now: later(23) })
    await assert.rejects(runStep(project, '3', { ...options, now: later(25) }), { code: 'approval-missing' })
  })

  test('must be approved again when the plan was changed', async () => {
    const { project, options } = await imported()
    const { plan } = await inventedSource()
    const asked = await askApproval(project, question, options)
    const given = await askApproval(project, question, options)
    await approve(project, given.id, { ...options, actor: 'bob' })
    await planMigration(project, { ...plan, approvals: 'second-person', organisation: 'Lakeside Group' }, options)
    await assert.rejects(approve(project, asked.id, { ...options, actor: 'bob' }), { code: 'approval-refused' })
    await assert.rejects(runStep(project, '3', options), { code: 'approval-missing' })
  })

  test('going back from where the clusters are gone needs it too', async () => {
    const { project, options } = await imported()
    const bob = { ...options, actor: 'bob' }
    for (const step of ['3', '4', '5', '7', '8', '8d']) {
      const { id } = await askApproval(project, { step, work: 'run', reason: 'planned' }, options)
      await approve(project, id, bob)
      await runStep(project, step, options)
    }
    await assert.rejects(undoStep(project, '8d', options), { code: 'approval-missing' })
    const { id } = await askApproval(project, { step: '8d', work: 'undo', reason: 'a cluster is missed' }, options)
    await approve(project, id, bob)
    assert.equal((await undoStep(project, '8d', options)).state, 'Draining')
    assert.equal((await undoStep(project, '8', options)).state, 'ServicesMoved')
  })
})
