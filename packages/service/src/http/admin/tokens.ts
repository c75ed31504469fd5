/**
 * The two tokens of the administration interface: one for administrators, one for those who may only read. They are made
 * at the first start, each in a file that only the account of the service can read; this process keeps their digests.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { RightsError } from '@sealward/xrml'
import type { Random } from '../../core/ports.ts'
import type { AdminRole } from './operation.ts'

export interface AdminTokens {
  /** What the holder of the token may do; undefined for a token that is none of the two. */
  roleOf(token: string): AdminRole | undefined
}

const tokenBytes = 32
const tokenForm = /^[A-Za-z0-9_-]{43,200}$/

/** @throws RightsError `admin-token-file-refused` for a file that others may read or that holds no token */
export async function openAdminTokens(
  files: { readonly administer: string; readonly read: string },
  random: Pick<Random, 'bytes'>,
): Promise<AdminTokens> {
  const digests = {
    administer: digest(await readOrMake(files.administer, random)),
    read: digest(await readOrMake(files.read, random)),
  }
  return adminTokens(digests)
}

/** @param digests SHA-256 of the tokens */
export function adminTokens(digests: Readonly<Record<AdminRole, Uint8Array>>): AdminTokens {
  return {
    roleOf(token) {
      const given = digest(token)
      // Both are compared, so that the time does not say which one it was.
      const administers = timingSafeEqual(given, digests.administer)
      const reads = timingSafeEqual(given, digests.read)
      return administers ? 'administer' : reads ? 'read' : undefined
    },
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}

async function readOrMake(path: string, random: Pick<Random, 'bytes'>): Promise<string> {
  const made = `${Buffer.from(random.bytes(tokenBytes)).toString('base64url')}\n`
  try {
    await writeFile(path, made, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw refused(path, cause)
  }
  try {
    // On Windows the access control list decides, and modes say nothing.
    if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) throw refused(path)
    const token = (await readFile(path, 'utf8')).trim()
    if (!tokenForm.test(token)) throw refused(path)
    return token
  } catch (cause) {
    throw cause instanceof RightsError ? cause : refused(path, cause)
  }
}

function refused(path: string, cause?: unknown): RightsError {
  return new RightsError('admin-token-file-refused', { detail: path, cause })
}
