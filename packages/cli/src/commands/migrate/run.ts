/** `sealward migrate run`: checks a step, does it and proves it; what was done already is not done twice. */
import type { Command } from 'commander'
import {
  projectStatus,
  readProjectPlan,
  runStep,
  type MigrationEvent,
  type ProjectStatus,
  type StepRun,
  type WorkOptions,
} from '@sealward/migration'
import { RightsError } from '@sealward/xrml'
import { exitCodes } from '../../exit-codes.ts'
import { exitPortOptions, requireExitFor, type ExitPortOptions } from '../../migration/exit-port-options.ts'
import { findStep, stepOption, type StepOption } from '../../migration/find-step.ts'
import { credentialOptions, withMigrationPorts, type CredentialOptions } from '../../migration/migration-ports.ts'
import { projectOf, projectOptions, workOptions, type ProjectOptions } from '../../migration/project-options.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { interruptible } from '../../terminal/interruption.ts'
import type { Output } from '../../terminal/output.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'

type RunOptions = ProjectOptions & CredentialOptions & ExitPortOptions & StepOption & ChangeOptions

export function migrateRunCommand(migrate: Command): void {
  const command = jsonOption(
    changeOptions(
      exitPortOptions(
        credentialOptions(
          stepOption(
            projectOptions(
              migrate.command('run').description('Check, do and prove a step: the one that is named, or the next'),
            ),
          ),
        ),
      ),
    ),
  )
  examples(
    command,
    'sealward migrate run --step 2 --dry-run',
    'sealward migrate run --project migration --credentials secrets --yes',
  )
  runs<RunOptions>(command, async ({ options, output }) => {
    const project = projectOf(options)
    const status = projectStatus(project)
    const { id, title } =
      options.step === undefined ? nextStep(status) : findStep(status, options.step, options.numbering)
    const work = tellingCures(workOptions(options, output), output)
    return withMigrationPorts(readProjectPlan(project).plan, work.actor, options, async (ports) => {
      requireExitFor(id, ports)
      output.say(`step ${id}: ${title}`)
      if (options.yes !== true || options.dryRun === true) {
        const planned = await interruptible((signal) => runStep(project, id, { ...work, ports, signal, dryRun: true }))
        const going = await agreed(planOf(planned), options, output)
        if (!going) {
          output.data(
            () => '',
            () => planned,
          )
          return exitCodes.done
        }
      }
      const done = await interruptible((signal) => runStep(project, id, { ...work, ports, signal }))
      for (const sentence of done.byHand) output.say(`by hand: ${sentence}`)
      output.data(
        () => summary(done),
        () => done,
      )
      return exitCodes.done
    })
  })
}

/** A step goes on over a warning, so what cures it is said here; a check alone prints it below its table. */
function tellingCures(work: WorkOptions, output: Output): WorkOptions {
  const onEvent = (event: MigrationEvent): void => {
    work.onEvent?.(event)
    if (event.kind === 'check' && event.cure !== undefined) output.say(`  cure: ${event.cure}`)
  }
  return { ...work, onEvent }
}

function nextStep({ steps }: ProjectStatus): ProjectStatus['steps'][number] {
  const next = steps.find(({ status }) => status === 'running') ?? steps.find(({ status }) => status === 'due')
  if (next === undefined) throw new RightsError('step-not-due', { detail: 'none is' })
  return next
}

function planOf({ actions, byHand, skipped }: StepRun): readonly string[] {
  if (skipped !== undefined) return [`pass over it: ${skipped}`]
  return [...actions, ...byHand.map((sentence) => `by hand, afterwards: ${sentence}`)]
}

function summary({ step, state, actions, skipped }: StepRun): string {
  const what =
    skipped === undefined
      ? `${actions.length} ${actions.length === 1 ? 'action' : 'actions'} done`
      : `passed over: ${skipped}`
  return `step ${step}: ${what}; the migration is ${state}`
}
