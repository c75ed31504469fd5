/**
 * For tests: a process that runs or undoes steps and kills itself at a chosen moment: after a record of the journal is
 * durable, or after the tenant has stored a change and before the journal knows of it.
 */
import { fakeService } from '../steps/fake-service.fixture.ts'
import { today } from '../steps/invented-source.fixture.ts'
import { openProject } from './project.ts'
import { runStep } from './run-step.ts'
import { testPorts } from './test-migration.fixture.ts'
import { undoStep } from './undo-step.ts'

export interface KilledRun {
  readonly folder: string
  readonly tenant: string
  readonly work: readonly (readonly ['run' | 'undo', string])[]
  /** Sequence of the record after which to die. */
  readonly record?: number
  /** Number of the change of the tenant after which to die, from 1. */
  readonly change?: number
}

const die = (): void => {
  process.kill(process.pid, 'SIGKILL')
}

if (import.meta.main) {
  const run = JSON.parse(process.argv[2] ?? '') as KilledRun
  let changes = 0
  const tenant = fakeService(run.tenant, undefined, () => {
    changes++
    if (changes === run.change) die()
  })
  const options = {
    actor: 'anna',
    now: () => today,
    ports: testPorts(tenant),
    onEvent: (event: { readonly kind: string; readonly sequence?: number }) => {
      if (event.kind === 'record' && event.sequence === run.record) die()
    },
  }
  const project = openProject(run.folder)
  for (const [kind, step] of run.work) {
    if (kind === 'run') await runStep(project, step, options)
    else await undoStep(project, step, options)
  }
}
