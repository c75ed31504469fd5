/** The options of every command that works in a migration project, and what they mean for its functions. */
import type { Command } from 'commander'
import { openProject, type MigrationEvent, type Project, type WorkOptions } from '@sealward/migration'
import { actor } from '../data/actor.ts'
import type { Output } from '../terminal/output.ts'

export interface ProjectOptions {
  readonly project: string
  readonly as?: string
}

export function projectOptions(command: Command): Command {
  return command
    .option('--project <dir>', 'folder of the migration project', 'migration')
    .option('--as <name>', 'who you are, for journal and approvals (default: the user of this machine)')
}

/** @throws RightsError `project-missing`, `project-damaged` */
export function projectOf({ project }: ProjectOptions): Project {
  return openProject(project)
}

export function workOptions(options: ProjectOptions, output: Output): WorkOptions {
  return { actor: options.as ?? actor(), now: () => new Date(), onEvent: (event) => tell(event, output) }
}

const loud: Readonly<Record<string, string>> = { warned: 'WARNING', failed: 'FAILED' }

/** One sentence for each thing that happens; records of the journal are for those who read the journal. */
function tell(event: MigrationEvent, output: Output): void {
  switch (event.kind) {
    case 'waiting':
      output.say(`waiting for ${event.holder.actor}: ${event.holder.work}`)
      break
    case 'check':
      output.say(
        `check ${event.check}: ${loud[event.outcome] ?? event.outcome}${event.finding === undefined ? '' : `: ${event.finding}`}`,
      )
      break
    case 'action':
      if (event.phase !== 'begun') output.say(`${event.phase}: ${event.action}`)
      break
    case 'state':
      output.say(`the migration is ${event.to}; it was ${event.from}`)
      break
    case 'record':
      break
  }
}
