/** The folder of scripts appears whole or not at all: it is written beside its place and then takes the name. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { ScriptFile } from '@sealward/migration'
import { RightsError } from '@sealward/xrml'

/** @throws RightsError `file-exists` */
export function requireNewFolder(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new RightsError('file-exists', { detail: folder })
}

export function writeScriptFolder(folder: string, files: readonly ScriptFile[]): void {
  const target = resolve(folder)
  mkdirSync(dirname(target), { recursive: true })
  const part = mkdtempSync(join(dirname(target), '.sealward-scripts-'))
  try {
    for (const { path, content } of files) {
      const file = join(part, ...path.split('/'))
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
    }
    if (existsSync(target)) rmdirSync(target)
    renameSync(part, target)
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    throw error
  }
}
