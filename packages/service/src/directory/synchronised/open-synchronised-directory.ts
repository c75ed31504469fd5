/** Joins the parts of a directory that the service keeps itself: what is stored, its source, and how it is explained. */
import { resolve } from 'node:path'
import { RightsError } from '@sealward/xrml'
import type { Clock } from '../../core/ports.ts'
import type { SynchronisedDirectoryRepository } from '../../core/synchronised-directory.ts'
import type { Contest } from '../ldap/contested.ts'
import { absoluteLdapSettings } from '../ldap/settings.ts'
import { standardGroupLimits, type GroupLimits } from '../group-limits.ts'
import type { OpenDirectory } from '../open-directory.ts'
import { synchronisedDirectory } from './directory.ts'
import { explainSynchronised } from './explain.ts'
import { openSynchronisationSource } from './open-source.ts'
import type { SynchronisedDirectorySettings } from './settings.ts'
import type { Synchronisation } from './synchronisation.ts'

export interface OpenSynchronisedInput {
  readonly settings: SynchronisedDirectorySettings
  /** Relative paths start here. */
  readonly folder: string
  readonly clock: Clock
  readonly repository: SynchronisedDirectoryRepository
  readonly report: (contest: Contest) => void
  readonly limits?: GroupLimits
}

export interface OpenedSynchronised {
  readonly directory: OpenDirectory
  readonly synchronisation: Synchronisation
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** The source is not asked yet. */
export function openSynchronisedDirectory(input: OpenSynchronisedInput): OpenedSynchronised {
  const { folder, clock, repository, report, limits = standardGroupLimits } = input
  const settings = absoluteSynchronised(input.settings, folder)
  const { everyMinutes, refuseAfterHours, waitDays, deletionsPercentMost: percentMost, passwords } = settings
  const source = openSynchronisationSource({ settings, clock })
  const wait = waitDays * day
  const directory = synchronisedDirectory({
    repository,
    clock,
    refuseAfter: refuseAfterHours === undefined ? undefined : refuseAfterHours * hour,
    passwords: passwords ? source : undefined,
    links: source.accounts,
    limits,
  })
  return {
    directory: {
      ...directory,
      async explain(name) {
        if ((await repository.sources()).length === 0) {
          throw new RightsError('directory-unavailable', { detail: 'it was never synchronised' })
        }
        return explainSynchronised({ repository, now: clock.now(), wait, limits }, name)
      },
      close: () => source.close(),
    },
    synchronisation: {
      source,
      settings: { wait, percentMost, every: everyMinutes === undefined ? undefined : everyMinutes * minute },
      report,
    },
  }
}

function absoluteSynchronised(settings: SynchronisedDirectorySettings, folder: string): SynchronisedDirectorySettings {
  const { from } = settings
  return { ...settings, from: typeof from === 'string' ? resolve(folder, from) : absoluteLdapSettings(from, folder) }
}
