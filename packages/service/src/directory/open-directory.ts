/** The directory that the configuration names: a file, or servers that are asked by LDAP. */
import { resolve } from 'node:path'
import type { Clock, Directory } from '../core/ports.ts'
import type { DirectoryExplanation } from './explanation.ts'
import { standardGroupLimits, type GroupLimits } from './group-limits.ts'
import type { Contest } from './ldap/contested.ts'
import { explainName } from './ldap/explain.ts'
import { openLdapDirectory } from './ldap/open-ldap-directory.ts'
import { absoluteLdapSettings, type LdapDirectorySettings } from './ldap/settings.ts'
import { openLocalDirectory } from './local.ts'
import type { SynchronisedDirectorySettings } from './synchronised/settings.ts'

/** Path of a file, or servers. */
export type DirectorySettings = string | LdapDirectorySettings

/** What the configuration may name. */
export type ConfiguredDirectory = DirectorySettings | { readonly synchronised: SynchronisedDirectorySettings }

export interface OpenDirectoryInput {
  readonly settings: DirectorySettings
  /** Relative paths start here. */
  readonly folder: string
  readonly clock: Clock
  /** Hears of names that several entries of servers claim. */
  readonly report: (contest: Contest) => void
  readonly limits?: GroupLimits
}

export interface OpenDirectory extends Directory {
  /** @param name an address, or the name of an account @throws RightsError `directory-unavailable` */
  explain(name: string): Promise<DirectoryExplanation>
  close(): Promise<void>
}

/** @throws RightsError the codes of `openLocalDirectory`; servers are asked later */
export async function openDirectory(input: OpenDirectoryInput): Promise<OpenDirectory> {
  const { folder, clock, report, limits = standardGroupLimits } = input
  const settings = absoluteDirectory(input.settings, folder)
  if (typeof settings === 'string') return openLocalDirectory({ file: settings, clock, limits })
  const { sources, ...directory } = openLdapDirectory({ settings, clock, report, limits })
  return { ...directory, explain: (name) => explainName(sources, name) }
}

/** The same directory, from whatever folder. */
export function absoluteDirectory(settings: DirectorySettings, folder: string): DirectorySettings {
  return typeof settings === 'string' ? resolve(folder, settings) : absoluteLdapSettings(settings, folder)
}

/** Undefined unless the service keeps the directory itself. */
export function synchronisedSettings(settings: ConfiguredDirectory): SynchronisedDirectorySettings | undefined {
  return typeof settings !== 'string' && 'synchronised' in settings ? settings.synchronised : undefined
}

/** The file or the servers that know the people, whether they are asked or only read now and then. */
export function originOf(settings: ConfiguredDirectory): DirectorySettings {
  return typeof settings !== 'string' && 'synchronised' in settings ? settings.synchronised.from : settings
}
