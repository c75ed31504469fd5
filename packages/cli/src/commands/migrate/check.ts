/** `sealward migrate check`: every check of a step that can run unattended; changes nothing but the evidence. */
import type { Command } from 'commander'
import { checkStep, projectStatus, readProjectPlan, type CheckedStep } from '@sealward/migration'
import { exitCodes } from '../../exit-codes.ts'
import { exitPortOptions, requireExitFor, type ExitPortOptions } from '../../migration/exit-port-options.ts'
import { findStep, stepOption, type StepOption } from '../../migration/find-step.ts'
import { credentialOptions, withMigrationPorts, type CredentialOptions } from '../../migration/migration-ports.ts'
import { projectOf, projectOptions, workOptions, type ProjectOptions } from '../../migration/project-options.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { interruptible } from '../../terminal/interruption.ts'
import { printable } from '../../terminal/printable.ts'
import { table } from '../../terminal/table.ts'

interface CheckOptions extends ProjectOptions, CredentialOptions, ExitPortOptions, StepOption {
  readonly verify?: boolean
}

export function migrateCheckCommand(migrate: Command): void {
  const command = jsonOption(
    exitPortOptions(
      credentialOptions(
        stepOption(
          projectOptions(
            migrate.command('check').description('Run the checks of a step, or of all that are due; changes nothing'),
          ),
        ),
      ),
    ).option('--verify', 'the checks that prove it afterwards'),
  )
  examples(
    command,
    'sealward migrate check --step 0',
    'sealward migrate check --step "export and import" --verify --json',
  )
  runs<CheckOptions>(command, async ({ options, output }) => {
    const project = projectOf(options)
    const status = projectStatus(project)
    const steps =
      options.step === undefined
        ? status.steps.filter((step) => step.status === 'due' || step.status === 'running')
        : [findStep(status, options.step, options.numbering)]
    const work = workOptions(options, output)
    const moment = options.verify === true ? 'after' : 'before'
    const checked: CheckedStep[] = []
    await withMigrationPorts(readProjectPlan(project).plan, work.actor, options, async (ports) => {
      if (options.step !== undefined) for (const { id } of steps) requireExitFor(id, ports)
      for (const { id } of steps) {
        checked.push(await interruptible((signal) => checkStep(project, id, { ...work, ports, signal, moment })))
      }
    })
    const ok = checked.every((step) => step.ok)
    output.data(
      () => describe(checked),
      () => ({ ok, steps: checked }),
    )
    return ok ? exitCodes.done : exitCodes.findings
  })
}

/** Findings and cures are sentences; they stand below the table, whole. */
function describe(steps: readonly CheckedStep[]): string {
  const rows = steps.flatMap(({ step, checks }) => checks.map((check) => ({ step, ...check })))
  const found = rows.filter(({ finding, outcome }) => finding !== undefined && outcome !== 'not-applicable')
  return [
    table(rows, [
      { title: 'Step', value: ({ step }) => step },
      { title: 'Check', value: ({ id }) => id },
      { title: 'What holds if it passes', value: ({ title }) => title },
      { title: 'Outcome', value: ({ outcome }) => outcome },
    ]),
    ...found.map(({ id, outcome, finding = '', cure = '' }) =>
      [`\n${id} ${outcome}: ${printable(finding)}\n`, cure === '' ? '' : `cure: ${printable(cure)}\n`].join(''),
    ),
  ].join('')
}
