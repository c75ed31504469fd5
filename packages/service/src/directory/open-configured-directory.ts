/** The directory of a service that has a database: one that is asked, or one that the service keeps in it. */
import type { SynchronisedDirectoryRepository } from '../core/synchronised-directory.ts'
import {
  openDirectory,
  originOf,
  synchronisedSettings,
  type ConfiguredDirectory,
  type OpenDirectory,
  type OpenDirectoryInput,
} from './open-directory.ts'
import { openSynchronisedDirectory } from './synchronised/open-synchronised-directory.ts'
import type { Synchronisation } from './synchronised/synchronisation.ts'

export interface OpenConfiguredInput extends Omit<OpenDirectoryInput, 'settings'> {
  readonly settings: ConfiguredDirectory
  readonly repository: SynchronisedDirectoryRepository
}

export interface OpenedDirectory {
  readonly directory: OpenDirectory
  /** Undefined for a directory that is asked. */
  readonly synchronisation: Synchronisation | undefined
}

/** @throws RightsError the codes of `openDirectory` */
export async function openConfiguredDirectory(input: OpenConfiguredInput): Promise<OpenedDirectory> {
  const settings = synchronisedSettings(input.settings)
  if (settings !== undefined) return openSynchronisedDirectory({ ...input, settings })
  const directory = await openDirectory({ ...input, settings: originOf(input.settings) })
  return { directory, synchronisation: undefined }
}
