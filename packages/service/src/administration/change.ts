/**
 * One frame for everything an administrator changes: the change, the new version of the configuration and the entry in
 * the administration log are one transaction.
 */
import type { LogRecord } from '../core/log-chain.ts'
import type { Neighbour } from '../core/neighbours.ts'
import type { Clock, Cluster, Random } from '../core/ports.ts'
import type { Repositories, Store } from '../core/store.ts'
import type { DirectoryExplanation } from '../directory/explanation.ts'
import type { Synchronisation } from '../directory/synchronised/synchronisation.ts'

export interface AdministrationContext {
  readonly cluster: Cluster
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  /** Who does it, for the log: an account name or `command line`. */
  readonly actor: string
  /** Other tenants of this process, also those in other databases. */
  readonly neighbours?: () => Promise<readonly Neighbour[]>
  /** Explains a name of the directory. @throws RightsError `directory-unavailable` */
  readonly explain?: (name: string) => Promise<DirectoryExplanation>
  /** Of a directory that the service keeps itself. */
  readonly synchronisation?: Synchronisation | undefined
}

/** @param work makes the change, and says what the log shall keep of it; never a secret */
export async function change<T>(
  context: AdministrationContext,
  operation: string,
  work: (repositories: Repositories) => Promise<{ readonly result: T; readonly record: LogRecord }>,
): Promise<T> {
  return context.store.transaction(async (repositories) => {
    const { result, record } = await work(repositories)
    await repositories.nextConfigurationVersion()
    await logOperation(context, repositories, operation, record)
    return result
  })
}

/** For operations that read what only administrators may have, such as the export of a key. */
export async function logOperation(
  context: Pick<AdministrationContext, 'clock' | 'actor'>,
  repositories: Pick<Repositories, 'logs'>,
  operation: string,
  record: LogRecord,
): Promise<void> {
  await repositories.logs.append('administration', {
    at: context.clock.now().toISOString(),
    actor: context.actor,
    operation,
    ...record,
  })
}
