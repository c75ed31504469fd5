/** `sealward migrate …`: the published procedure as a project that plans, checks, does, verifies, undoes and proves each step. */
import type { Command } from 'commander'
import { migrateCheckCommand } from './check.ts'
import { migratePlanCommand } from './plan.ts'
import { migrateReportCommand } from './report.ts'
import { migrateRunCommand } from './run.ts'
import { migrateStatusCommand } from './status.ts'
import { migrateUndoCommand } from './undo.ts'

export function migrateCommands(program: Command): void {
  const migrate = program.command('migrate').description('Move from clusters to a tenant, step by step, and back')
  migratePlanCommand(migrate)
  migrateStatusCommand(migrate)
  migrateCheckCommand(migrate)
  migrateRunCommand(migrate)
  migrateUndoCommand(migrate)
  migrateReportCommand(migrate)
}
