/** Folders and files for one user's eyes: 0700 and 0600, owned by the user, and no links. Loose ones are refused (threat S14). */
import { lstatSync, mkdirSync, readFileSync } from 'node:fs'
import { RightsError } from '@sealward/xrml'
import { systemCode } from './file-source.ts'

/** Makes the folder if it is not there. @throws RightsError `client-store-refused` */
export function requirePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw refused(folder, systemCode(cause), cause)
  }
  requirePrivate(folder, 'folder')
}

/**
 * On Windows the folder's access control list decides, and modes say nothing.
 * @throws RightsError `client-store-refused`; system errors if there is nothing
 */
export function requirePrivate(path: string, kind: 'folder' | 'file'): void {
  const stats = lstatSync(path)
  if (kind === 'folder' ? !stats.isDirectory() : !stats.isFile()) throw refused(path, `not an ordinary ${kind}`)
  if (process.platform === 'win32') return
  if ((stats.mode & 0o077) !== 0) throw refused(path, 'others may read or change it')
  if (stats.uid !== process.getuid?.()) throw refused(path, 'it belongs to somebody else')
}

/** Nothing if there is no file. @throws RightsError `client-store-refused` */
export function readText(path: string): string | undefined {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined
  requirePrivate(path, 'file')
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw refused(path, systemCode(cause), cause)
  }
}

export function refused(path: string, why: string, cause?: unknown): RightsError {
  return new RightsError('client-store-refused', { detail: `${path}: ${why}`, cause })
}
