/** `sealward migrate undo`: takes a step back, the last one first. */
import type { Command } from 'commander'
import { projectStatus, readProjectPlan, undoStep } from '@sealward/migration'
import { RightsError } from '@sealward/xrml'
import { exitCodes } from '../../exit-codes.ts'
import { findStep, stepOption, type StepOption } from '../../migration/find-step.ts'
import { credentialOptions, withMigrationPorts, type CredentialOptions } from '../../migration/migration-ports.ts'
import { projectOf, projectOptions, workOptions, type ProjectOptions } from '../../migration/project-options.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { interruptible } from '../../terminal/interruption.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'

type UndoOptions = ProjectOptions & CredentialOptions & StepOption & ChangeOptions

export function migrateUndoCommand(migrate: Command): void {
  const command = jsonOption(
    changeOptions(
      credentialOptions(
        stepOption(projectOptions(migrate.command('undo').description('Take a step back, and say what is lost'))),
      ),
    ),
  )
  examples(
    command,
    'sealward migrate undo --step 4 --dry-run',
    'sealward migrate undo --step 3 --project migration --yes',
  )
  runs<UndoOptions>(command, async ({ options, output }) => {
    if (options.step === undefined) throw new RightsError('usage-invalid', { detail: '--step says which' })
    const project = projectOf(options)
    const { id, title } = findStep(projectStatus(project), options.step, options.numbering)
    const work = workOptions(options, output)
    return withMigrationPorts(readProjectPlan(project).plan, work.actor, options, async (ports) => {
      output.say(`undo step ${id}: ${title}`)
      if (options.yes !== true || options.dryRun === true) {
        const planned = await interruptible((signal) => undoStep(project, id, { ...work, ports, signal, dryRun: true }))
        const steps = [
          ...planned.actions.map((action) => `take back: ${action}`),
          ...planned.byHand.map((sentence) => `by hand: ${sentence}`),
          ...planned.remains.map((sentence) => `stays: ${sentence}`),
          `lost by it: ${planned.loss}`,
        ]
        if (!(await agreed(steps, options, output))) {
          output.data(
            () => '',
            () => planned,
          )
          return exitCodes.done
        }
      }
      const undone = await interruptible((signal) => undoStep(project, id, { ...work, ports, signal }))
      for (const sentence of undone.byHand) output.say(`by hand: ${sentence}`)
      for (const sentence of undone.remains) output.say(`stays: ${sentence}`)
      output.data(
        () => `step ${id} is undone; the migration is ${undone.state}; lost by it: ${undone.loss}`,
        () => undone,
      )
      return exitCodes.done
    })
  })
}
