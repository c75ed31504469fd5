/**
 * Folders held open while their content is worked on. On Linux every step goes through the open descriptor
 * (`/proc/self/fd/N/name`) and follows no link, so a folder that is swapped for a link meanwhile leads nowhere else
 * (threat F4). Other systems have no such path; there each step is only checked, which leaves a race.
 */
import { closeSync, constants, lstatSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { systemCode } from '@sealward/client'
import { RightsError } from '@sealward/xrml'

export interface AnchoredFolder {
  /** A path that leads to the folder as long as it is open. */
  readonly path: string
  close(): void
}

const viaDescriptor = process.platform === 'linux'

/** Opens a folder that the operator has named; links on the way to it are followed. @throws RightsError `file-unreadable` */
export function openFolder(path: string): AnchoredFolder {
  return anchor(path, 0)
}

/** Opens a folder by its name in another one. @throws RightsError `file-unreadable` for links and for what is no folder */
export function openSubfolder(folder: AnchoredFolder, name: string): AnchoredFolder {
  if (name === '' || name === '.' || name === '..' || name.includes('/')) {
    throw new RightsError('file-unreadable', { detail: 'not the name of a folder' })
  }
  return anchor(join(folder.path, name), constants.O_NOFOLLOW)
}

function anchor(path: string, flags: number): AnchoredFolder {
  let descriptor: number
  try {
    if (!viaDescriptor && flags !== 0 && lstatSync(path).isSymbolicLink()) throw new RightsError('file-unreadable')
    descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | flags)
  } catch (cause) {
    throw new RightsError('file-unreadable', { detail: systemCode(cause), cause })
  }
  return {
    path: viaDescriptor ? `/proc/self/fd/${descriptor}` : path,
    close: () => closeSync(descriptor),
  }
}

/**
 * Does something in the folder that holds a file.
 * @param relative path of the file below `root`, with `/`
 * @param options.create make missing folders, readable by their owner alone
 */
export function inParentFolder<T>(
  root: string,
  relative: string,
  work: (folder: string, name: string) => T,
  options: { readonly create?: boolean } = {},
): T {
  const names = relative.split('/')
  const file = names.pop() ?? ''
  let folder = openFolder(root)
  try {
    for (const name of names) {
      if (options.create === true) makeFolder(join(folder.path, name))
      const next = openSubfolder(folder, name)
      folder.close()
      folder = next
    }
    return work(folder.path, file)
  } finally {
    folder.close()
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (cause) {
    const code = systemCode(cause)
    if (code !== 'EEXIST') throw new RightsError('file-not-written', { detail: code, cause })
  }
}
