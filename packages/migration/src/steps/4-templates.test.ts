import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { projectStatus } from '../project/project-status.ts'
import { runStep } from '../project/run-step.ts'
import { newFolder, testMigration } from '../project/test-migration.fixture.ts'
import { undoStep } from '../project/undo-step.ts'
import { fakeService, newTenant } from './fake-service.fixture.ts'
import { openTemplate, staffTemplate } from './invented-source.fixture.ts'
import { runAll } from './run-steps.fixture.ts'
import { sameTemplate } from './template-rights.ts'

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
