/** For tests: a project in a temporary folder, with invented clusters and a tenant that is a file. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fakeService, newTenant, type FakeService, type FakeState } from '../steps/fake-service.fixture.ts'
import { inventSource, password, today, type InventedSource } from '../steps/invented-source.fixture.ts'
import type { MigrationPorts } from '../steps/ports.ts'
import type { MigrationEvent } from './events.ts'
import { planMigration } from './plan-migration.ts'
import type { MigrationPlan } from './plan.ts'
import { createProject, type Project } from './project.ts'
import type { StepOptions } from './run-step.ts'

export interface TestMigration {
  readonly folder: string
  readonly project: Project
  readonly tenant: FakeService
  readonly ports: MigrationPorts
  readonly options: StepOptions
  readonly events: readonly MigrationEvent[]
}

let invented: Promise<InventedSource> | undefined
const made: string[] = []

process.on('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

/** Keys are made once per test file. */
export function inventedSource(): Promise<InventedSource> {
  return (invented ??= inventSource(newFolder()))
}

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sealward-migration-'))
  made.push(folder)
  return folder
}

/** The plan without one of its fields. */
export function without<K extends keyof MigrationPlan>(field: K): (plan: MigrationPlan) => Omit<MigrationPlan, K> {
  return (plan) => {
    const rest: Partial<MigrationPlan> = { ...plan }
    delete rest[field]
    return rest as Omit<MigrationPlan, K>
  }
}

export interface TestChanges {
  readonly plan?: (plan: MigrationPlan) => unknown
  readonly tenant?: Partial<FakeState>
  readonly ports?: Partial<MigrationPorts>
}

export async function testMigration(changes: TestChanges = {}): Promise<TestMigration> {
  const source = await inventedSource()
  const folder = newFolder()
  const events: MigrationEvent[] = []
  const work = { actor: 'anna', now: () => today, onEvent: (event: MigrationEvent) => void events.push(event) }
  const project = await createProject({ folder, name: 'Lakeside moves', ...work })
  cpSync(source.folder, folder, { recursive: true })
  await planMigration(project, changes.plan?.(source.plan) ?? source.plan, work)
  const tenant = fakeService(join(folder, 'tenant.test'), newTenant(changes.tenant))
  const ports = { ...testPorts(tenant), ...changes.ports }
  return { folder, project, tenant, ports, options: { ...work, ports }, events }
}

export function testPorts(tenant: FakeService): MigrationPorts {
  return {
    tenant,
    clusters: new Map(),
    passwordOf: () => Promise.resolve(password),
    dns: { services: () => Promise.resolve([]), addresses: () => Promise.resolve([]) },
    probe: () => Promise.resolve(401),
    licensorKey: () => Promise.resolve(undefined),
    watch: { verdicts: () => Promise.resolve({ principals: [], leftovers: [] }) },
  }
}
