/**
 * What a run over a folder has finished, one line of JSON per file, only ever appended. A run that was killed is started
 * again with its journal: files whose result is there with the hash of the journal are not done again. A line stands for a
 * result that was already on the disk when it was written, so lines may be flushed in batches: a lost line costs work,
 * never a file (threats F5, F6).
 */
import { closeSync, constants, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { systemCode } from '@sealward/client'
import { isRightsError, RightsError } from '@sealward/xrml'
import { takeLock } from './lock-file.ts'

/** A file whose result stands. */
export interface FinishedFile {
  /** The protected file, below the folder of the run. */
  readonly path: string
  /** The result, below the folder that was written to. */
  readonly output: string
  /** Of the result; lower-case hex. */
  readonly sha256: string
  readonly size: number
}

/** Which run a journal belongs to: another one must not take its word. */
export interface JournaledRun {
  readonly work: 'unprotect' | 'reprotect'
  readonly root: string
  /** Absent when results take the place of the originals. */
  readonly outputRoot?: string
}

export interface RunJournal {
  /** Files that earlier runs have finished. */
  readonly size: number
  ofOriginal(path: string): FinishedFile | undefined
  ofOutput(output: string): FinishedFile | undefined
  /** @throws RightsError `file-not-written` */
  add(file: FinishedFile): void
  /** Flushes, and lets other runs have the journal. */
  close(): void
}

/** Lines between two flushes to the disk. */
const batch = 64
const lineMost = 64 * 1024
const pieceSize = 1024 * 1024

/**
 * ```ts
 * const journal = openRunJournal('/var/lib/exit/journal.jsonl', { work: 'unprotect', root: '/srv/documents' })
 * ```
 * @throws RightsError `journal-in-use`, `journal-refused` for the journal of another run and for a damaged one
 */
export function openRunJournal(path: string, run: JournaledRun): RunJournal {
  const header = headerOf(run)
  const release = takeLock(`${path}.lock`)
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
    return journalOver(descriptor, header, release)
  } catch (cause) {
    if (descriptor !== undefined) closeSync(descriptor)
    release()
    if (isRightsError(cause)) throw cause
    throw new RightsError('journal-refused', { detail: systemCode(cause), cause })
  }
}

function headerOf({ work, root, outputRoot }: JournaledRun): string {
  const output = outputRoot === undefined ? null : resolve(outputRoot)
  return JSON.stringify({ journal: 'sealward bulk', version: 1, work, root: resolve(root), outputRoot: output })
}

function journalOver(descriptor: number, header: string, release: () => void): RunJournal {
  const byOriginal = new Map<string, FinishedFile>()
  const byOutput = new Map<string, FinishedFile>()
  const remember = (file: FinishedFile): void => {
    byOriginal.set(file.path, file)
    byOutput.set(file.output, file)
  }
  let end = 0
  for (const { text, after } of wholeLines(descriptor)) {
    if (end === 0 && text !== header) throw new RightsError('journal-refused', { detail: 'it belongs to another run' })
    if (end > 0) remember(readLine(text))
    end = after
  }
  // What follows the last whole line was being written when the run was killed.
  ftruncateSync(descriptor, end)
  let pending = 0
  const write = (line: string): void => {
    const bytes = Buffer.from(`${line}\n`, 'utf8')
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at, end + at)
      end += bytes.length
      pending++
      if (pending >= batch) flush()
    } catch (cause) {
      throw new RightsError('file-not-written', { detail: `journal: ${systemCode(cause)}`, cause })
    }
  }
  const flush = (): void => {
    if (pending > 0) fsyncSync(descriptor)
    pending = 0
  }
  if (end === 0) write(header)
  flush()
  return {
    get size() {
      return byOriginal.size
    },
    ofOriginal: (path) => byOriginal.get(path),
    ofOutput: (output) => byOutput.get(output),
    add({ path, output, sha256, size }) {
      const file = { path, output, sha256, size }
      write(JSON.stringify(file))
      remember(file)
    },
    close() {
      try {
        flush()
      } finally {
        closeSync(descriptor)
        release()
      }
    },
  }
}

function* wholeLines(descriptor: number): Generator<{ readonly text: string; readonly after: number }> {
  const piece = Buffer.alloc(pieceSize)
  let rest = Buffer.alloc(0)
  let at = 0
  for (let count = 1, position = 0; count > 0; position += count) {
    count = readSync(descriptor, piece, 0, pieceSize, position)
    rest = Buffer.concat([rest, piece.subarray(0, count)])
    let start = 0
    for (let feed = rest.indexOf(10); feed >= 0; feed = rest.indexOf(10, start)) {
      at += feed + 1 - start
      yield { text: rest.toString('utf8', start, feed), after: at }
      start = feed + 1
    }
    rest = rest.subarray(start)
    if (rest.length > lineMost) throw damaged()
  }
}

function readLine(text: string): FinishedFile {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw damaged(cause)
  }
  if (!isFinishedFile(value)) throw damaged()
  return value
}

function isFinishedFile(value: unknown): value is FinishedFile {
  if (typeof value !== 'object' || value === null) return false
  const { path, output, sha256, size } = value as Partial<Record<keyof FinishedFile, unknown>>
  const named = typeof path === 'string' && typeof output === 'string' && typeof sha256 === 'string'
  return named && /^[0-9a-f]{64}$/.test(sha256) && Number.isSafeInteger(size)
}

function damaged(cause?: unknown): RightsError {
  return new RightsError('journal-refused', { detail: 'a line of it is damaged', cause })
}
