/** `sealward exit …`: the way out of the service, planned, rehearsed and taken. */
import type { Command } from 'commander'
import { exitDeactivateCommand } from './deactivate.ts'
import { exitPlanCommand } from './plan.ts'
import { exitRehearseCommand } from './rehearse.ts'
import { exitRunCommand } from './run.ts'

export function exitCommands(program: Command): void {
  const exit = program.command('exit').description('Leave the service: keep rights management elsewhere, or stop')
  exitPlanCommand(exit)
  exitRehearseCommand(exit)
  exitRunCommand(exit)
  exitDeactivateCommand(exit)
}
