/** `sealward migrate status`: where the project stands, and what is due. */
import type { Command } from 'commander'
import { projectStatus, type ProjectStatus } from '@sealward/migration'
import { exitCodes } from '../../exit-codes.ts'
import { projectOf, projectOptions, type ProjectOptions } from '../../migration/project-options.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { table } from '../../terminal/table.ts'

export function migrateStatusCommand(migrate: Command): void {
  const command = jsonOption(
    projectOptions(migrate.command('status').description('Show the state, the steps and what is due')),
  )
  examples(command, 'sealward migrate status', 'sealward migrate status --project migration --json')
  runs<ProjectOptions>(command, ({ options, output }) => {
    const status = projectStatus(projectOf(options))
    output.data(
      () => describe(status),
      () => status,
    )
    return exitCodes.done
  })
}

function describe({ name, state, steps, approvals }: ProjectStatus): string {
  const asked = approvals.map(({ id, step, work, askedBy, approvedBy }) => {
    const answer = approvedBy === undefined ? 'not decided' : `approved by ${approvedBy}`
    return `approval ${id}: ${work} step ${step}, asked by ${askedBy}, ${answer}\n`
  })
  return [
    `${name}: ${state}\n`,
    table(steps, [
      { title: 'Step', value: ({ id }) => id },
      { title: '2016', value: ({ number2016 }) => number2016 ?? '' },
      { title: 'Newer', value: ({ numberNewer }) => numberNewer ?? '' },
      { title: 'What', value: ({ title }) => title },
      { title: 'Who', value: ({ role }) => role },
      { title: 'Status', value: ({ status }) => status },
      { title: 'Done', value: ({ actions, actionsDone }) => (actions === 0 ? '' : `${actionsDone} of ${actions}`) },
    ]),
    ...asked,
  ].join('')
}
