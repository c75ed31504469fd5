/** A service among several on one listener, as the dispatch knows it. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Configuration } from '../core/configuration.ts'
import { ownHostNames } from '../core/host-names.ts'
import type { CoreContext } from '../core/ports.ts'
import type { AdminTokens } from './admin/tokens.ts'

export interface Resident {
  readonly tenant: string
  /** Of the service itself, without ports; former names are in its configuration. */
  readonly ownNames: readonly string[]
  /** Mail domains, in A-labels. */
  readonly domains: readonly string[]
  readonly tokens: AdminTokens | undefined
  /** Its configuration; the last one that was read where its database does not answer soon; undefined before there is one. */
  readonly lastConfiguration: () => Promise<Configuration | undefined>
}

export function residentOf({ cluster, configuration }: CoreContext, tokens: AdminTokens | undefined): Resident {
  return {
    tenant: cluster.tenant,
    ownNames: ownHostNames([cluster.baseUrl, cluster.externalLicensingUrl]),
    domains: cluster.domains,
    tokens,
    lastConfiguration: lastKnown(configuration),
  }
}

/** Milliseconds for which requests of others wait for a service. */
const patience = 200

/** A service whose database is silent does not hold up the search for the one that is meant. */
function lastKnown(read: () => Promise<Configuration>): () => Promise<Configuration | undefined> {
  let known: Configuration | undefined
  return async () => {
    const enough = new AbortController()
    const reading = read().then(
      (configuration) => (known = configuration),
      () => undefined,
    )
    await Promise.race([reading, pause(patience, undefined, { signal: enough.signal }).catch(() => undefined)])
    enough.abort()
    return known
  }
}
