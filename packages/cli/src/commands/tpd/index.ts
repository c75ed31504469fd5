/** `sealward tpd …`: trusted publishing domains, the exports of AD RMS clusters. */
import type { Command } from 'commander'
import { tpdExportCommand } from './export.ts'
import { tpdImportCommand } from './import.ts'
import { tpdInspectCommand } from './inspect.ts'
import { tpdSplitCommand } from './split.ts'

export function tpdCommands(program: Command): void {
  const tpd = program.command('tpd').description('Look at, import and export trusted publishing domains')
  tpdInspectCommand(tpd)
  tpdImportCommand(tpd)
  tpdExportCommand(tpd)
  tpdSplitCommand(tpd)
}
