/** A sample on disk: the only file of this package that touches one. */
import { closeSync, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { RightsError } from '@sealward/xrml'
import type { SampleDirectory } from './sample-directory.ts'

const modes = { open: 0o644, secret: 0o600 } as const

/**
 * Makes the directory if needed and never writes over anything.
 * @throws RightsError `sample-directory-not-empty`
 */
export function writeToDirectory(directory: string): SampleDirectory {
  mkdirSync(directory, { recursive: true })
  if (readdirSync(directory).length > 0) throw new RightsError('sample-directory-not-empty', { detail: directory })
  const made = new Set<string>()
  const place = (path: string): string => {
    const target = join(directory, path)
    const folder = dirname(target)
    if (!made.has(folder)) {
      mkdirSync(folder, { recursive: true })
      made.add(folder)
    }
    return target
  }
  return {
    write: (path, content, access) => {
      writeFileSync(place(path), content, { flag: 'wx', mode: modes[access] })
    },
    create: (path) => {
      const file = openSync(place(path), 'wx', modes.open)
      return {
        append: (text) => {
          writeSync(file, text)
        },
        close: () => closeSync(file),
      }
    },
  }
}
