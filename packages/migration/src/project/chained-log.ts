/**
 * A log of lines of which each carries the hash of the one before: a line that is changed, removed or moved shows. Lines
 * are flushed before anything is done that they announce. A process that is killed while writing leaves at most one line
 * without its end, which the next writer takes away.
 */
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { RightsError } from '@sealward/xrml'
import { canonicalJson, sha256, type Json } from './canonical-json.ts'

export interface LogHead {
  /** 0 before the first line. */
  readonly sequence: number
  readonly hash: string
}

export interface ChainedLog<Entry> {
  readonly entries: readonly Entry[]
  readonly head: LogHead
}

export const emptyHead: LogHead = { sequence: 0, hash: '0'.repeat(64) }

interface Line {
  readonly sequence: number
  readonly hash: string
  readonly entry: Json
}

/** @throws RightsError `project-damaged` */
export function readChainedLog<Entry>(path: string): ChainedLog<Entry> {
  if (!existsSync(path)) return { entries: [], head: emptyHead }
  const lines = readFileSync(path, 'utf8').split('\n')
  // What follows the last line end was being written when its writer died.
  lines.pop()
  const entries: Entry[] = []
  let head = emptyHead
  for (const [index, text] of lines.entries()) {
    const line = parseLine(text, index + 1)
    if (line.sequence !== head.sequence + 1 || line.hash !== hashOf(head, line.entry)) {
      throw damaged(index + 1)
    }
    entries.push(line.entry as Entry)
    head = { sequence: line.sequence, hash: line.hash }
  }
  return { entries, head }
}

/** Durable when it returns. The caller holds the lock of the project. */
export function appendToChainedLog(path: string, head: LogHead, entry: Json): LogHead {
  const next: LogHead = { sequence: head.sequence + 1, hash: hashOf(head, entry) }
  const line = Buffer.from(`${canonicalJson({ sequence: next.sequence, hash: next.hash, entry })}\n`, 'utf8')
  const descriptor = openSync(path, 'a', 0o600)
  try {
    for (let at = 0; at < line.length; ) at += writeSync(descriptor, line, at)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  return next
}

/** Takes away a line that was never finished. The caller holds the lock of the project. */
export function dropUnfinishedLine(path: string): void {
  if (!existsSync(path)) return
  const content = readFileSync(path)
  const finished = content.lastIndexOf(0x0a) + 1
  if (finished === content.length) return
  const descriptor = openSync(path, 'r+')
  try {
    ftruncateSync(descriptor, finished)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function hashOf(previous: LogHead, entry: Json): string {
  return sha256(`${previous.hash}\n${previous.sequence + 1}\n${canonicalJson(entry)}`)
}

function parseLine(text: string, number: number): Line {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw damaged(number)
  }
  const line = value as Partial<Line> | null
  if (line === null || typeof line !== 'object' || line.entry === undefined) throw damaged(number)
  return { sequence: line.sequence ?? 0, hash: line.hash ?? '', entry: line.entry }
}

function damaged(line: number): RightsError {
  return new RightsError('project-damaged', { detail: `line ${line} does not follow from the one before` })
}
