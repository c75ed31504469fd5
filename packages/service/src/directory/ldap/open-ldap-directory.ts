/** Joins the parts of an LDAP directory: sources, what they are asked, and what is remembered of the answers. */
import { LRUCache } from 'lru-cache'
import type { Clock, Directory } from '../../core/ports.ts'
import { cachedDirectory } from '../cache.ts'
import { standardGroupLimits, type GroupLimits } from '../group-limits.ts'
import type { Contest } from './contested.ts'
import { ldapDirectory } from './directory.ts'
import type { LdapDirectorySettings } from './settings.ts'
import { openSource, type LdapSource } from './source.ts'

export interface LdapDirectoryInput {
  /** Paths in it are absolute. */
  readonly settings: LdapDirectorySettings
  readonly clock: Clock
  /** Hears of every name that several entries claim, once an hour for each. */
  readonly report: (contest: Contest) => void
  readonly limits?: GroupLimits
}

export interface LdapDirectory extends Directory {
  readonly sources: readonly LdapSource[]
  close(): Promise<void>
}

const second = 1_000
const reportEvery = 3_600 * second
const reportsKept = 1_000

/** No server is asked yet: a service starts while its directory is away. */
export function openLdapDirectory({
  settings,
  clock,
  report,
  limits = standardGroupLimits,
}: LdapDirectoryInput): LdapDirectory {
  const { timeoutSeconds, groupSeconds, connectionsMost, cacheSeconds, unknownCacheSeconds } = settings
  const reported = new LRUCache<string, number>({ max: reportsKept })
  const now = (): Date => clock.now()
  const sources = settings.sources.map((source) =>
    openSource({
      settings: source,
      timeout: timeoutSeconds * second,
      connectionsMost,
      groupTime: groupSeconds * second,
      limits,
      now,
      report(contest) {
        const last = reported.get(contest.name)
        if (last !== undefined && Math.abs(now().getTime() - last) < reportEvery) return
        reported.set(contest.name, now().getTime())
        report(contest)
      },
    }),
  )
  return {
    ...cachedDirectory({
      directory: ldapDirectory(sources),
      clock,
      known: cacheSeconds * second,
      unknown: unknownCacheSeconds * second,
    }),
    sources,
    async close() {
      await Promise.all(sources.map((source) => source.close()))
    },
  }
}
