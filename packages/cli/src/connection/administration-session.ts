/**
 * The service that the cmdlets are connected to, kept between two calls in a file of the user. The token itself is not in
 * it, only the file that holds it.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isRightsError, RightsError } from '@sealward/xrml'
import { writeDataFile } from '../data/data-directory.ts'
import { ownFolder } from './own-folder.ts'

export type AdministrationSession =
  | { readonly service: string; readonly adminTokenFile: string }
  | { readonly data: string }

function sessionFile(): string {
  return join(ownFolder(), 'administration.json')
}

export function writeSession(session: AdministrationSession): void {
  writeDataFile(sessionFile(), `${JSON.stringify(session, null, 2)}\n`)
}

/** @throws RightsError `connection-file-invalid` */
export function readSession(): AdministrationSession | undefined {
  const path = sessionFile()
  if (!existsSync(path)) return undefined
  try {
    return sessionOf(JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>)
  } catch (cause) {
    if (isRightsError(cause) || cause instanceof SyntaxError) {
      throw new RightsError('connection-file-invalid', { detail: path, cause })
    }
    throw cause
  }
}

export function forgetSession(): void {
  rmSync(sessionFile(), { force: true })
}

function sessionOf({ service, adminTokenFile, data }: Record<string, unknown>): AdministrationSession {
  if (typeof data === 'string') return { data }
  if (typeof service === 'string' && typeof adminTokenFile === 'string') return { service, adminTokenFile }
  throw new RightsError('connection-file-invalid')
}
