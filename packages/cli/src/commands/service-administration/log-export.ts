/** `sealward log export`: requests, usage or administration as files for other programs. */
import type { Command } from 'commander'
import { writeFileSafely } from '@sealward/client'
import { RightsError } from '@sealward/xrml'
import type { Administration } from '../../connection/administration.ts'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, runs } from '../../terminal/command.ts'
import { csvHeader, csvLine, requestRows } from './log-rows.ts'

interface ExportOptions extends AdministrationOptions {
  readonly output: string
  readonly from?: string
  readonly to?: string
}

type Part = (administration: Administration, options: ExportOptions) => AsyncGenerator<string>

const kinds: Readonly<Record<string, Part>> = {
  async *requests(administration) {
    yield csvHeader
    for await (const rows of requestRows(administration, 0)) yield rows.map(csvLine).join('')
  },
  async *usage(administration, options) {
    for (const date of daysOf(options)) yield administration.call('getUsageLog', { query: { date } })
  },
  async *administration(administration) {
    yield administration.call('getAdminLog')
  },
}

export function logExportCommand(log: Command): void {
  const command = administrationOptions(
    log
      .command('export')
      .description(
        'Write a log to a file: requests (CSV, columns of ServiceRequest), usage (W3C extended) or administration',
      )
      .argument('<log>', Object.keys(kinds).join(', '))
      .requiredOption('--output <file>', 'a file that does not exist yet'),
  )
    .option('--from <date>', 'first UTC day of the usage log; today unless given')
    .option('--to <date>', 'last UTC day of the usage log; the first unless given')
  examples(
    command,
    'sealward log export requests --output requests.csv --data cluster',
    'sealward log export usage --from 2026-03-01 --to 2026-03-31 --output usage.log --data tenant',
  )
  runs<ExportOptions>(command, ({ args, options, output }) =>
    withAdministration(options, async (administration) => {
      const [kind = ''] = args
      const read = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
      if (read === undefined)
        throw new RightsError('usage-invalid', { detail: `logs are ${Object.keys(kinds).join(', ')}` })
      if (kind !== 'usage' && (options.from ?? options.to) !== undefined) {
        throw new RightsError('usage-invalid', { detail: '--from and --to are for the usage log' })
      }
      const parts: Buffer[] = []
      for await (const text of read(administration, options)) parts.push(Buffer.from(text))
      writeFileSafely({
        path: options.output,
        existing: 'refuse',
        write: (sink) => {
          for (const part of parts) sink.write(part)
        },
      })
      output.say(`${options.output}: ${kind}`)
      return exitCodes.done
    }),
  )
}

const day = 86_400_000
const daysMost = 3_660

function daysOf({ from, to }: ExportOptions): readonly string[] {
  const first = from === undefined ? Math.floor(Date.now() / day) : dayOf(from)
  const count = (to === undefined ? first : dayOf(to)) - first + 1
  if (count < 1 || count > daysMost) throw new RightsError('option-invalid', { detail: '--from comes before --to' })
  return Array.from({ length: count }, (_, index) => new Date((first + index) * day).toISOString().slice(0, 10))
}

function dayOf(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) throw new RightsError('option-invalid', { detail: 'days are written like 2026-03-01' })
  return time / day
}
