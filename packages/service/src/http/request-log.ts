/**
 * One line per request. Only the fields named here can get into the log, whatever an entry carries: no bodies, no
 * licences, no tokens, no queries. Decisions about licences are not logged here but in the audit log.
 */
import { pino, type DestinationStream } from 'pino'
import { foreignText } from './foreign-text.ts'

export interface RequestLogEntry {
  readonly correlationId: string
  /** What several requests of a client belong to, where it says so. */
  readonly scenarioId?: string | undefined
  readonly door: string
  /** Whose request it is, once that is known. */
  readonly tenant?: string | undefined
  /** The operation or resource; never the request target, whose query names people. */
  readonly operation?: string | undefined
  readonly status: number
  readonly milliseconds: number
  readonly remoteAddress: string
  /** What the client calls itself. */
  readonly application?: string | undefined
  /** The code of the error, if there was one. */
  readonly code?: string | undefined
  readonly detail?: string | undefined
  /** Where a defect was: function names and lines, without the message, which may quote input. */
  readonly stack?: string | undefined
}

export interface RequestLogWarning {
  readonly tenant: string
  readonly code: string
  /** Of what. */
  readonly name: string
  /** Names of directory entries. */
  readonly entries: readonly string[]
}

/** Of the process as a whole. */
export interface RequestLogAlarm {
  readonly code: 'event-loop-stalled' | 'requests-sent-away'
  /** How often, since the alarm before. */
  readonly count: number
  /** The longest. */
  readonly milliseconds?: number
}

export interface RequestLog {
  write(entry: RequestLogEntry): void
  /** What no request is to blame for, and an administrator has to hear of. */
  warn(warning: RequestLogWarning): void
  alarm(alarm: RequestLogAlarm): void
}

const entriesMost = 10

const fields = [
  'correlationId',
  'scenarioId',
  'door',
  'tenant',
  'operation',
  'status',
  'milliseconds',
  'remoteAddress',
  'application',
  'code',
  'detail',
  'stack',
] as const satisfies readonly (keyof RequestLogEntry)[]

/** @param destination standard output unless given */
export function createRequestLog(destination?: DestinationStream): RequestLog {
  const options = { base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` }
  const log = destination === undefined ? pino(options) : pino(options, destination)
  return {
    warn({ tenant, code, name, entries }) {
      log.warn(
        { tenant, code, name: foreignText(name), entries: entries.slice(0, entriesMost).map(foreignText) },
        'warning',
      )
    },
    alarm: ({ code, count, milliseconds }) => log.warn({ code, count, milliseconds }, 'alarm'),
    write(entry) {
      const line = allowed(entry)
      if (entry.stack === undefined) log.info(line, 'request')
      else log.error(line, 'defect')
    },
  }
}

function allowed(entry: RequestLogEntry): Record<string, string | number> {
  const line: Record<string, string | number> = {}
  for (const field of fields) {
    const value = entry[field]
    if (value !== undefined) line[field] = typeof value === 'string' && field !== 'stack' ? foreignText(value) : value
  }
  return line
}

/** The stack of an error that is no refusal, without its message. */
export function defectStack(error: unknown): string {
  if (!(error instanceof Error) || error.stack === undefined) return ''
  const { message, stack } = error
  return stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 20)
    .map((line) => line.trim())
    .join('\n')
}
