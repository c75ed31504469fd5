import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { fakeService, type FakeState } from '../steps/fake-service.fixture.ts'
import { today } from '../steps/invented-source.fixture.ts'
import { readChainedLog } from './chained-log.ts'
import type { JournalEntry } from './journal.ts'
import type { KilledRun } from './killed-runner.fixture.ts'
import { projectStatus, type StepStatus } from './project-status.ts'
import { openProject, type Project } from './project.ts'
import { runStep, type StepOptions } from './run-step.ts'
import { newFolder, testMigration, testPorts } from './test-migration.fixture.ts'
import { undoStep } from './undo-step.ts'

const way = ['0', '1', '1b', '1c', '2', '3', '4', '5', '6', '7', '8', '8d', '9']
const runner = join(import.meta.dirname, 'killed-runner.fixture.ts')
const lanes = 3

interface Copy {
  readonly folder: string
  readonly tenant: string
  readonly project: Project
  readonly options: StepOptions
}

function copyOf(folder: string): Copy {
  const copy = newFolder()
  cpSync(folder, copy, { recursive: true })
  const tenant = join(copy, 'tenant.test')
  const options = { actor: 'anna', now: () => today, ports: testPorts(fakeService(tenant)) }
  return { folder: copy, tenant, project: openProject(copy), options }
}

function runAndDie(run: KilledRun): Promise<NodeJS.Signals | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [runner, JSON.stringify(run)], { stdio: ['ignore', 'ignore', 'inherit'] })
    child.on('error', reject)
    child.on('exit', (_, signal) => resolve(signal))
  })
}

async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

/** What counts in the end: the tenant without the order of its changes, the state, and the artefacts. */
function outcome({ tenant, folder, project }: Copy): unknown {
  const { changes: _, ...rest } = JSON.parse(readFileSync(tenant, 'utf8')) as FakeState
  const artefacts = join(folder, 'artefacts')
  const files = existsSync(artefacts)
    ? readdirSync(artefacts, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    : []
  return {
    tenant: rest,
    state: projectStatus(project).state,
    artefacts: files.map((entry) => `${entry.parentPath.slice(folder.length)}/${entry.name}`).sort(),
    leftovers: readdirSync(folder).filter((name) => name.startsWith('.sealward-') || name.startsWith('.lock.')),
  }
}

/** An imported key stays, archived and without effect; a tenant that was active does not become new again. */
function withoutHarmless(value: unknown): unknown {
  const { tenant, ...rest } = value as { readonly tenant: FakeState }
  const keys = tenant.keys.filter(({ origin, state }) => origin !== 'imported' || state !== 'archived')
  const state = tenant.state === 'not-activated' ? 'disabled' : tenant.state
  const templates = tenant.templates.filter((template) => template.state !== 'archived')
  return { ...rest, tenant: { ...tenant, keys: keys.map(({ activatedAt: __, ...key }) => key), templates, state } }
}

type Work = 'run' | 'undo'

const begun: readonly StepStatus[] = ['done', 'running', 'undoing']

function statusOf({ project }: Copy, step: string): StepStatus {
  return projectStatus(project).steps.find(({ id }) => id === step)!.status
}

async function finish(copy: Copy, step: string): Promise<void> {
  if (statusOf(copy, step) !== 'done') await runStep(copy.project, step, copy.options)
}

async function takeBack(copy: Copy, step: string): Promise<void> {
  if (begun.includes(statusOf(copy, step))) await undoStep(copy.project, step, copy.options)
}

/** Every record of the journal and every change of the tenant that the work makes, as moments to die at. */
function momentsOf(before: Copy, after: Copy): readonly Pick<KilledRun, 'record' | 'change'>[] {
  const headOf = ({ project }: Copy): number => readChainedLog<JournalEntry>(project.folder.journalFile).head.sequence
  const changesOf = ({ tenant }: Copy): number => fakeService(tenant).read().changes.length
  const records = headOf(after) - headOf(before)
  const changes = changesOf(after) - changesOf(before)
  return [
    ...Array.from({ length: records }, (_, index) => ({ record: headOf(before) + 1 + index })),
    ...Array.from({ length: changes }, (_, index) => ({ change: index + 1 })),
  ]
}

async function killAt(
  origin: Copy,
  work: Work,
  step: string,
  moment: Pick<KilledRun, 'record' | 'change'>,
): Promise<Copy> {
  const killed = copyOf(origin.folder)
  const run = { folder: killed.folder, tenant: killed.tenant, work: [[work, step] as const], ...moment }
  assert.equal(await runAndDie(run), 'SIGKILL')
  return killed
}

const mail = { place: 'hosted', version: '2016' } as const
const snapshots = [copyOf((await testMigration({ plan: (plan) => ({ ...plan, mail }) })).folder)]
for (const step of way) {
  const next = copyOf(snapshots.at(-1)!.folder)
  await finish(next, step)
  snapshots.push(next)
}

suite('a runner that is killed', () => {
  for (const [index, step] of way.entries()) {
    test(`anywhere in step ${step} is followed by one that finishes it or takes it back`, async () => {
      const [before, after] = [snapshots[index]!, snapshots[index + 1]!]
      const moments = momentsOf(before, after)
      assert.ok(moments.length > 1, `${moments.length} moments`)
      await inLanes(moments, async (moment) => {
        const killed = await killAt(before, 'run', step, moment)
        const back = copyOf(killed.folder)
        await finish(killed, step)
        assert.deepEqual(outcome(killed), outcome(after), `finished after ${JSON.stringify(moment)}`)
        await takeBack(back, step)
        assert.deepEqual(
          withoutHarmless(outcome(back)),
          withoutHarmless(outcome(before)),
          `taken back after ${JSON.stringify(moment)}`,
        )
      })
    })

    test(`anywhere while undoing step ${step} is followed by one that ends it`, async () => {
      const [before, after] = [snapshots[index]!, snapshots[index + 1]!]
      const undone = copyOf(after.folder)
      await takeBack(undone, step)
      await inLanes(momentsOf(after, undone), async (moment) => {
        const killed = await killAt(after, 'undo', step, moment)
        await takeBack(killed, step)
        assert.deepEqual(
          withoutHarmless(outcome(killed)),
          withoutHarmless(outcome(before)),
          `undone after ${JSON.stringify(moment)}`,
        )
      })
    })
  }
})
