/**
 * Where words go: data on standard output, everything said about the work on standard error. With `--json` standard output
 * holds exactly one JSON document.
 */
import { isRightsError, RightsError } from '@sealward/xrml'
import { exitCodeOf, fileErrorCode } from '../exit-codes.ts'
import { printable, printableJson } from './printable.ts'

export interface Output {
  readonly json: boolean
  /** Data: text for people, or the one JSON document. Only one of the two is written. */
  data(text: () => string, json: () => unknown): void
  /** A sentence about the work. */
  say(sentence: string): void
}

export function createOutput(json: boolean): Output {
  return {
    json,
    data: (text, value) => {
      process.stdout.write(json ? `${printableJson(value())}\n` : ensureNewline(text()))
    },
    say: (sentence) => void process.stderr.write(`${printable(sentence)}\n`),
  }
}

function ensureNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

/** What is said of an error, also inside lists of results. */
export interface ReportedError {
  readonly code: string
  readonly cause: string
  readonly cure: string
  readonly detail: string | null
}

/** Reports a failure in the form of the contract and gives the exit code. */
export function reportError(error: unknown, json: boolean): number {
  const reported = describeError(error)
  process.stderr.write(`sealward: ${printable(reported.cause)} [${reported.code}]\n`)
  process.stderr.write(`cure: ${printable(reported.cure)}\n`)
  if (process.env['SEALWARD_DEBUG'] === '1' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`)
  if (json) process.stdout.write(`${printableJson({ error: reported })}\n`)
  return exitCodeOf(error)
}

export function describeError(error: unknown): ReportedError {
  const { code, message, cure, detail } = asRightsError(error)
  return { code, cause: message, cure, detail: detail ?? null }
}

function asRightsError(error: unknown): RightsError {
  if (isRightsError(error)) return error
  const detail = error instanceof Error ? error.message : undefined
  const options = { ...(detail === undefined ? {} : { detail }), cause: error }
  return new RightsError(fileErrorCode(error) === undefined ? 'defect' : 'file-not-usable', options)
}
