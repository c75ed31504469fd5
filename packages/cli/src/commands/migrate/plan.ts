/** `sealward migrate plan`: begins a project with a plan, replaces the plan, or shows it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { createProject, openProject, planMigration, readProjectPlan } from '@sealward/migration'
import { RightsError } from '@sealward/xrml'
import { exitCodes } from '../../exit-codes.ts'
import { projectOf, projectOptions, workOptions, type ProjectOptions } from '../../migration/project-options.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'

export function migratePlanCommand(migrate: Command): void {
  const command = jsonOption(
    changeOptions(
      projectOptions(
        migrate
          .command('plan')
          .description('Give the project a plan, the first or a new one; without a file show the plan it has')
          .argument('[file]', 'the plan, JSON; paths in it start at the folder of the project'),
      ),
    ),
  )
  examples(
    command,
    'sealward migrate plan lakeside.json --project migration',
    'sealward migrate plan --project migration --json',
  )
  runs<ProjectOptions & ChangeOptions>(command, async ({ args, options, output }) => {
    const [file] = args
    if (file === undefined) {
      const { plan, digest } = readProjectPlan(projectOf(options))
      output.data(
        () => JSON.stringify(plan, null, 2),
        () => ({ plan, digest }),
      )
      return exitCodes.done
    }
    const value = readPlanText(file)
    const isNew = !existsSync(join(options.project, 'project.json'))
    const steps = [...(isNew ? [`begin a migration project in ${options.project}`] : []), `plan it as ${file} says`]
    if (!(await agreed(steps, options, output))) return exitCodes.done
    const work = workOptions(options, output)
    const name = organisationOf(value)
    const project = isNew
      ? await createProject({ folder: options.project, name, ...work })
      : openProject(options.project)
    const { digest, publicKey } = await planMigration(project, value, work)
    output.say(`planned; approvals are for ${digest.slice(0, 16)}…, reports are signed with ${publicKey}`)
    output.data(
      () => '',
      () => ({ project: options.project, digest, publicKey }),
    )
    return exitCodes.done
  })
}

function readPlanText(file: string): unknown {
  const text = readFileSync(file, 'utf8')
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new RightsError('plan-invalid', { detail: `${file} is not JSON`, cause })
  }
}

/** Whether it is a plan at all says the project. */
function organisationOf(value: unknown): string {
  const { organisation } = (value ?? {}) as { readonly organisation?: unknown }
  return typeof organisation === 'string' ? organisation : 'migration'
}
