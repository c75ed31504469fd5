/** The logs of the tenant, as files. */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileSafely } from '@sealward/client'
import { RightsError } from '@sealward/xrml'
import { bothFamilies, defineCmdlet, type Cmdlet } from '../cmdlet.ts'

const day = 86_400_000

export const logCmdlets: readonly Cmdlet[] = [
  defineCmdlet({
    names: bothFamilies('Get', 'AdminLog'),
    synopsis: 'Write the log of administration to a file',
    parameters: {
      Path: { kind: 'text', required: true, says: 'the file' },
      FromTime: { kind: 'time', says: 'first time' },
      ToTime: { kind: 'time', says: 'last time' },
      Force: { kind: 'switch', says: 'replace a file that is there' },
    },
    examples: ['-Path admin.log', '-Path admin.log -FromTime 2026-03-01 -Force'],
    run: async ({ Path, FromTime, ToTime, Force }, { administration }) => {
      requireFree(Path, Force)
      const text = await (await administration()).call('getAdminLog')
      const lines = text.split('\n').filter((line) => line !== '' && isBetween(line, FromTime, ToTime))
      write(Path, lines.map((line) => `${line}\n`).join(''))
      return `${lines.length} records in ${Path}.`
    },
  }),
  defineCmdlet({
    names: bothFamilies('Get', 'UserLog'),
    synopsis: 'Write the usage log to files, one for each UTC day',
    parameters: {
      Path: { kind: 'text', required: true, says: 'folder that exists' },
      ForDate: { kind: 'time', says: 'the only day' },
      FromDate: { kind: 'time', says: 'first day' },
      ToDate: { kind: 'time', says: 'last day; today unless given' },
      NumberOfThreads: { kind: 'number', says: 'known from the original; changes nothing here' },
      Force: { kind: 'switch', says: 'replace files that are there' },
    },
    examples: ['-Path logs -ForDate 2026-03-01', '-Path logs -FromDate 2026-03-01 -ToDate 2026-03-07 -Force'],
    run: async ({ Path, ForDate, FromDate, ToDate, Force }, context) => {
      if ((ForDate === undefined) === (FromDate === undefined)) {
        throw new RightsError('usage-invalid', { detail: 'either -ForDate or -FromDate' })
      }
      if (!existsSync(Path) || !statSync(Path).isDirectory()) {
        throw new RightsError('option-invalid', { detail: '-Path names a folder that exists' })
      }
      const days = daysBetween(FromDate ?? ForDate ?? context.now, ToDate ?? ForDate ?? context.now)
      const fileOf = (date: string): string => join(Path, `rmslog-${date}.log`)
      for (const date of days) requireFree(fileOf(date), Force)
      const administration = await context.administration()
      for (const date of days) {
        write(fileOf(date), await administration.call('getUsageLog', { query: { date } }))
        const unfinished = date === context.now.toISOString().slice(0, 10) ? '; the day is not over' : ''
        context.detail(`${fileOf(date)}${unfinished}`)
      }
      return days.map(fileOf)
    },
  }),
]

/** The first column is the time, in UTC. */
function isBetween(line: string, from: Date | undefined, to: Date | undefined): boolean {
  const stamp = line.split('\t', 1)[0] ?? ''
  const time = Date.parse(/[Z+]/.test(stamp) ? stamp : `${stamp}Z`)
  return (from === undefined || time >= from.getTime()) && (to === undefined || time <= to.getTime())
}

/** The UTC days that hold the times, at most ten years. */
function daysBetween(from: Date, to: Date): readonly string[] {
  const first = Math.floor(from.getTime() / day)
  const count = Math.floor(to.getTime() / day) - first + 1
  if (count < 1 || count > 3_660)
    throw new RightsError('option-invalid', { detail: '-FromDate and -ToDate are days in order' })
  return Array.from({ length: count }, (_, index) => new Date((first + index) * day).toISOString().slice(0, 10))
}

function requireFree(path: string, force: boolean): void {
  if (!force && existsSync(path)) throw new RightsError('file-exists', { detail: path })
}

function write(path: string, text: string): void {
  writeFileSafely({ path, existing: 'overwrite', write: (sink) => sink.write(Buffer.from(text)) })
}
