/** `sealward log tail`: the last requests, and those that follow. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import { isRightsError, RightsError } from '@sealward/xrml'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { interruptible } from '../../terminal/interruption.ts'
import { printable } from '../../terminal/printable.ts'
import { requestRows, type RequestRow } from './log-rows.ts'

interface TailOptions extends AdministrationOptions {
  readonly rows: string
  readonly follow?: boolean
}

const linesMost = 100_000
const interval = 2_000

export function logTailCommand(log: Command): void {
  const command = jsonOption(
    administrationOptions(
      log.command('tail').description('Show the last requests: who asked for what, and what became of it'),
    )
      .option('--rows <count>', 'how many', '20')
      .option('--follow', 'go on with those that come, until Ctrl-C'),
  )
  examples(command, 'sealward log tail --follow', 'sealward log tail --rows 100 --data tenant --json')
  runs<TailOptions & { json?: boolean }>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const count = countOf(options.rows)
      const { follow = false } = options
      if (follow && output.json)
        throw new RightsError('usage-invalid', { detail: '--follow never ends one JSON document' })
      let last: readonly RequestRow[] = []
      for await (const rows of requestRows(administration, 0)) last = [...last, ...rows].slice(-count)
      output.data(
        () => last.map(lineOf).join(''),
        () => ({ rows: last }),
      )
      if (!follow) return exitCodes.done
      let known = last.at(-1)?.sequence ?? 0
      await untilInterrupted(async () => {
        for await (const rows of requestRows(administration, known)) {
          process.stdout.write(rows.map(lineOf).join(''))
          known = rows.at(-1)?.sequence ?? known
        }
      })
      return exitCodes.done
    }),
  )
}

/** Here Ctrl-C is the end that was asked for. */
async function untilInterrupted(look: () => Promise<void>): Promise<void> {
  try {
    await interruptible(async (signal) => {
      for (;;) {
        await pause(interval, undefined, { signal })
        await look()
      }
    })
  } catch (error) {
    if (!isRightsError(error, 'interrupted')) throw error
  }
}

function lineOf(row: RequestRow): string {
  const { result, host } = row.metadata
  const who = row.authenticatedId === '' ? 'anonymous' : row.authenticatedId
  const fields = [row.requestTime, row.requestType, who, row.successOrFailure, result, host ?? '', row.requestUserAgent]
  return `${fields.map(printable).join('  ')}\n`
}

function countOf(text: string): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (count < 1 || count > linesMost)
    throw new RightsError('option-invalid', { detail: `--rows takes 1 to ${linesMost}` })
  return count
}
