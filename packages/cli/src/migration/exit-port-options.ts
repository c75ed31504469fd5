/** The way out as a step of a migration: the rehearsal needs the data directory of the tenant, documents and people. */
import type { Command } from 'commander'
import { exitPort, type ExitPort, type MigrationPorts } from '@sealward/migration'
import { RightsError } from '@sealward/xrml'
import { withExitRehearsal } from '../exit/exit-rehearsal.ts'
import { collect } from '../terminal/command.ts'

export interface ExitPortOptions {
  readonly exitData?: string
  readonly exitDocuments?: string
  readonly exitPerson?: readonly string[]
  readonly exitKeys?: string
}

export function exitPortOptions(command: Command): Command {
  return command
    .option('--exit-data <dir>', 'step x: data directory of the tenant, for the rehearsal of the exit')
    .option('--exit-documents <dir>', 'step x: folder of documents')
    .option('--exit-person <address>', 'step x: who tries a sample of them; may be repeated', collect)
    .option('--exit-keys <dir>', 'step x: folder of exported keys; those that are missing are exported', 'exit-keys')
}

const needed = 'step x rehearses the exit with --exit-data, --exit-documents and --exit-person'

/** Nothing without the options. @throws RightsError `usage-invalid` for some of them */
export function exitPortOf(options: ExitPortOptions, password: () => Promise<string>): ExitPort | undefined {
  const { exitData: data, exitDocuments: documents, exitPerson: people, exitKeys: folder = 'exit-keys' } = options
  if (data === undefined && documents === undefined && people === undefined) return undefined
  if (data === undefined || documents === undefined || people === undefined) {
    throw new RightsError('usage-invalid', { detail: needed })
  }
  const keys = { folder, passwordOf: password, now: new Date() }
  return {
    rehearse: () => withExitRehearsal({ data, documents, people, keys }, (input) => exitPort(input).rehearse()),
  }
}

/** A step that proves nothing is not run. @throws RightsError `usage-invalid` */
export function requireExitFor(step: string, { exit }: MigrationPorts): void {
  if (step === 'x' && exit === undefined) throw new RightsError('usage-invalid', { detail: needed })
}
