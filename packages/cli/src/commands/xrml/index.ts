/** `sealward xrml …`: certificates and licences as text. */
import type { Command } from 'commander'
import { xrmlDiagnoseCommand } from './diagnose.ts'
import { xrmlShowCommand } from './show.ts'
import { xrmlVerifyCommand } from './verify.ts'

export function xrmlCommands(program: Command): void {
  const xrml = program.command('xrml').description('Look at certificates and licences')
  xrmlVerifyCommand(xrml)
  xrmlShowCommand(xrml)
  xrmlDiagnoseCommand(xrml)
}
