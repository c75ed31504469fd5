/**
 * Writing a file so that at every moment its name stands for the old content or the new one, never for a part of either
 * (threats F5, F6): a new file beside the target, readable by its owner alone, is flushed and read back before it takes
 * the name. Access control lists are not carried over; owner, permissions and times are.
 */
import { createHash, randomBytes } from 'node:crypto'
import { constants, closeSync, existsSync, fchmodSync, fchownSync, fsyncSync, futimesSync, linkSync } from 'node:fs'
import { lstatSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type ByteSink, type ByteSource, readPieces } from '@sealward/formats'
import { isRightsError, RightsError } from '@sealward/xrml'
import { descriptorSource, fileStateOf, systemCode, type FileState } from './file-source.ts'
import { partName, forgetPart } from './part-file.ts'

export interface SafeWrite {
  readonly path: string
  readonly write: (sink: ByteSink) => void
  /** Looks at the finished file before it gets its name; throws to refuse it. */
  readonly verify?: (written: ByteSource) => void
  /**
   * What may stand at `path`: nothing (`refuse`), anything (`overwrite`), or exactly the file that was read (its state):
   * if it changed since, it stays.
   */
  readonly existing: 'refuse' | 'overwrite' | FileState
  /** The file whose owner, permissions and times the new one takes over. Without it: mode 0600. */
  readonly like?: FileState
}

export interface Written {
  readonly size: number
  /** Lower-case hex. */
  readonly sha256: string
}

/**
 * Writes a file whole or not at all.
 *
 * ```ts
 * writeFileSafely({ path: 'plan.txt', existing: 'refuse', write: (sink) => sink.write(Buffer.from('text')) })
 * ```
 * @throws RightsError `file-exists`, `file-changed-meanwhile`, `file-not-written`, `file-verification-failed`,
 * and whatever `write` and `verify` throw
 */
export function writeFileSafely(input: SafeWrite): Written {
  if (input.existing === 'refuse' && existsAlready(input.path)) throw new RightsError('file-exists')
  const folder = dirname(input.path)
  const name = partName(randomBytes(8))
  const part = join(folder, name)
  let made = false
  try {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
    const descriptor = openSync(part, flags, 0o600)
    made = true
    let written: Written
    try {
      written = fill(descriptor, input)
    } finally {
      closeSync(descriptor)
    }
    takeName(part, input)
    made = false
    flushFolder(folder)
    return written
  } catch (error) {
    if (made) removeQuietly(part)
    if (isRightsError(error)) throw error
    throw new RightsError('file-not-written', { detail: systemCode(error), cause: error })
  } finally {
    forgetPart(name)
  }
}

function fill(descriptor: number, input: SafeWrite): Written {
  const hash = createHash('sha256')
  let size = 0
  input.write({
    write: (bytes) => {
      hash.update(bytes)
      size += bytes.length
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
    },
  })
  fsyncSync(descriptor)
  const sha256 = hash.digest('hex')
  const source = descriptorSource(descriptor)
  if (source.size !== size || hashOf(source) !== sha256) throw new RightsError('file-verification-failed')
  input.verify?.(source)
  if (input.like !== undefined) inherit(descriptor, input.like)
  fsyncSync(descriptor)
  return { size, sha256 }
}

function hashOf(source: ByteSource): string {
  const hash = createHash('sha256')
  for (const piece of readPieces(source)) hash.update(piece)
  return hash.digest('hex')
}

function inherit(descriptor: number, like: FileState): void {
  try {
    fchownSync(descriptor, like.owner, like.group)
  } catch {
    // Only a privileged process may give files away; for everybody else the new file is already their own.
  }
  fchmodSync(descriptor, like.mode)
  futimesSync(descriptor, Number(like.accessed) / 1e9, Number(like.modified) / 1e9)
}

function takeName(part: string, { path, existing }: SafeWrite): void {
  if (existing === 'refuse') {
    takeFreeName(part, path)
    return
  }
  if (existing !== 'overwrite') requireUnchanged(path, existing)
  renameSync(part, path)
}

/** A link fails where a rename would silently replace a file that appeared meanwhile. */
function takeFreeName(part: string, path: string): void {
  try {
    linkSync(part, path)
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST') throw new RightsError('file-exists')
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error
    // A file system without hard links: the check and the rename are then two steps.
    if (existsAlready(path)) throw new RightsError('file-exists')
    renameSync(part, path)
    return
  }
  unlinkSync(part)
}

function existsAlready(path: string): boolean {
  return existsSync(path) || lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/**
 * Refuses to go on unless the name still stands for the file in the state that was read.
 *
 * ```ts
 * const source = openFileSource(path)
 * // …
 * requireUnchanged(path, source.state)
 * ```
 * @throws RightsError `file-changed-meanwhile`
 */
export function requireUnchanged(path: string, state: FileState): void {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  const now = stats === undefined ? undefined : fileStateOf(stats)
  const same =
    now?.device === state.device &&
    now.inode === state.inode &&
    now.size === state.size &&
    now.modified === state.modified &&
    now.changed === state.changed
  if (!same) throw new RightsError('file-changed-meanwhile')
}

/**
 * Removes an original after its successor is safely in place.
 *
 * ```ts
 * removeOriginal('notes.ptxt', source.state)
 * ```
 * @throws RightsError `file-changed-meanwhile`, `file-not-written`
 */
export function removeOriginal(path: string, state: FileState): void {
  requireUnchanged(path, state)
  try {
    unlinkSync(path)
  } catch (cause) {
    throw new RightsError('file-not-written', { detail: systemCode(cause), cause })
  }
  flushFolder(dirname(path))
}

/** Makes the new name survive a power loss; not every file system can open a folder. */
function flushFolder(folder: string): void {
  let descriptor: number
  try {
    descriptor = openSync(folder, constants.O_RDONLY)
  } catch {
    return
  }
  try {
    fsyncSync(descriptor)
  } catch {
    // Some network file systems refuse; the rename itself has happened.
  } finally {
    closeSync(descriptor)
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // The failure that led here is the one to report.
  }
}
