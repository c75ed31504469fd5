/** `sealward log …`: the evidence of the service. */
import type { Command } from 'commander'
import { verifyAuditLog, type LogCheckpoint, type LogVerification } from '@sealward/service'
import { RightsError } from '@sealward/xrml'
import { dataOption, type DataOptions } from '../../data/data-directory.ts'
import { administer } from '../../data/in-process-service.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { table } from '../../terminal/table.ts'
import { logExportCommand } from './log-export.ts'
import { logTailCommand } from './log-tail.ts'

interface VerifyOptions extends DataOptions {
  readonly checkpoint?: string
}

export function logCommands(program: Command): void {
  const log = program.command('log').description('The evidence: requests, licences and administration')
  logTailCommand(log)
  logExportCommand(log)
  verifyCommand(log)
}

function verifyCommand(log: Command): void {
  const command = jsonOption(
    dataOption(log.command('verify').description('Check that no record was changed, removed, moved or cut off')).option(
      '--checkpoint <row:hash>',
      'what an earlier verification of the licence log said',
    ),
  )
  examples(command, 'sealward log verify', 'sealward log verify --checkpoint 2041:9c1f… --json')
  runs<VerifyOptions>(command, ({ options, output }) =>
    administer(options.data, async ({ service }) => {
      const { store } = service.context
      const checkpoint = options.checkpoint === undefined ? undefined : parseCheckpoint(options.checkpoint)
      const logs = [await verifyAuditLog(store, 'licenses', checkpoint), await verifyAuditLog(store, 'administration')]
      output.data(
        () => logsTable(logs),
        () => ({ logs: logs.map((each) => ({ ...each, problem: each.problem ?? null })) }),
      )
      return logs.some(({ problem }) => problem !== undefined) ? exitCodes.findings : exitCodes.done
    }),
  )
}

function logsTable(logs: readonly LogVerification[]): string {
  return table(logs, [
    { title: 'Log', value: ({ log }) => log },
    { title: 'Rows', value: ({ rows }) => rows },
    {
      title: 'Verdict',
      value: ({ problem }) => (problem === undefined ? 'complete' : `${problem.kind} at row ${problem.sequence}`),
    },
    { title: 'Checkpoint', value: ({ rows, hash }) => `${rows}:${hash}`, most: 100 },
  ])
}

function parseCheckpoint(text: string): LogCheckpoint {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text)
  if (match === null) throw new RightsError('option-invalid', { detail: '--checkpoint takes ROW:HASH' })
  return { sequence: Number(match[1]), hash: match[2] ?? '' }
}
