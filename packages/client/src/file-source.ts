/**
 * A file as a source of bytes: positional, synchronous reads over one descriptor. Everything that is said about the file
 * comes from that descriptor, so a name that is turned to another file meanwhile changes nothing (threats F4, F6).
 */
import { closeSync, constants, fstatSync, openSync, readSync, type BigIntStats } from 'node:fs'
import type { ByteSource } from '@sealward/formats'
import { RightsError } from '@sealward/xrml'

/** What identifies one state of one file, and what a file that takes its place inherits. */
export interface FileState {
  readonly device: bigint
  readonly inode: bigint
  readonly size: bigint
  /** Nanoseconds since 1970. */
  readonly modified: bigint
  /** Nanoseconds since 1970; moves with content, name, owner and mode. */
  readonly changed: bigint
  readonly accessed: bigint
  /** Permission bits. */
  readonly mode: number
  readonly owner: number
  readonly group: number
  /** Names of the file: more than one means hard links. */
  readonly links: number
}

export interface FileSource extends ByteSource {
  readonly state: FileState
  close(): void
}

/**
 * Opens an ordinary file for reading. A link as the last part of the path is refused, and so are devices and pipes.
 *
 * ```ts
 * const source = openFileSource('report.docx')
 * try {
 *   console.log(source.size, openProtected(source).format)
 * } finally {
 *   source.close()
 * }
 * ```
 * @throws RightsError `file-unreadable`
 */
export function openFileSource(path: string): FileSource {
  const descriptor = openOrdinaryFile(path)
  try {
    return { ...descriptorSource(descriptor), close: () => closeSync(descriptor) }
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

function openOrdinaryFile(path: string): number {
  try {
    // Without O_NONBLOCK a pipe in a folder would stop the process for ever.
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (cause) {
    throw new RightsError('file-unreadable', { detail: systemCode(cause), cause })
  }
}

/** A source over an open descriptor, as long as it stays open. @throws RightsError `file-unreadable` */
export function descriptorSource(descriptor: number): ByteSource & { readonly state: FileState } {
  const stats = fstatSync(descriptor, { bigint: true })
  if (!stats.isFile()) throw new RightsError('file-unreadable', { detail: 'not an ordinary file' })
  const size = Number(stats.size)
  return {
    size,
    state: fileStateOf(stats),
    read: (offset, length) => readAt(descriptor, offset, Math.max(0, Math.min(length, size - offset))),
  }
}

function readAt(descriptor: number, offset: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(length)
  let filled = 0
  try {
    while (filled < length) {
      const count = readSync(descriptor, bytes, filled, length - filled, offset + filled)
      if (count === 0) break
      filled += count
    }
  } catch (cause) {
    throw new RightsError('file-unreadable', { detail: systemCode(cause), cause })
  }
  return bytes.subarray(0, filled)
}

export function fileStateOf(stats: BigIntStats): FileState {
  return {
    device: stats.dev,
    inode: stats.ino,
    size: stats.size,
    modified: stats.mtimeNs,
    changed: stats.ctimeNs,
    accessed: stats.atimeNs,
    mode: Number(stats.mode & 0o777n),
    owner: Number(stats.uid),
    group: Number(stats.gid),
    links: Number(stats.nlink),
  }
}

/**
 * The system's name for what went wrong: safe to show, unlike the message, which may hold names of other people's files.
 *
 * ```ts
 * systemCode(error) // 'ENOENT'
 * ```
 */
export function systemCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : 'unknown failure'
}
