/**
 * The chain of a log: each row carries the hash of the row before it and of its own canonical text, so that a changed,
 * removed or moved row shows (threat S2). The hash needs no secret; whoever keeps an old hash can check a later log.
 */
import { createHash } from 'node:crypto'

export type LogValue = string | number | boolean | null | readonly LogValue[] | { readonly [name: string]: LogValue }

export type LogRecord = Readonly<Record<string, LogValue>>

export interface LogRow {
  /** 1 for the first row; without gaps. */
  readonly sequence: number
  /** Canonical JSON. */
  readonly record: string
  /** Lower-case hex. */
  readonly hash: string
}

/** What stands before the first row. */
export const chainStart = '0'.repeat(64)

/** JSON with sorted member names and without white space (RFC 8785 for the values that logs hold). */
function canonicalJson(value: LogValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

export function nextRow(previous: { readonly sequence: number; readonly hash: string }, record: LogRecord): LogRow {
  const sequence = previous.sequence + 1
  const text = canonicalJson(record)
  return { sequence, record: text, hash: rowHash(previous.hash, sequence, text) }
}

export function rowHash(previousHash: string, sequence: number, record: string): string {
  return createHash('sha256').update(`${previousHash}\n${sequence}\n${record}`).digest('hex')
}

/** What a head seals: the place and hash of the last row. */
export function headText(log: string, sequence: number, hash: string): Uint8Array {
  return Buffer.from(`${log}\n${sequence}\n${hash}`, 'utf8')
}
