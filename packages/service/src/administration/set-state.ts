/**
 * The state of the service as a whole. Every change is effective with the next request, because requests ask for the
 * configuration of the moment. A decommissioned cluster never comes back, except from a backup.
 */
import { RightsError } from '@sealward/xrml'
import { loadConfiguration } from '../core/load-configuration.ts'
import type { Configuration } from '../core/configuration.ts'
import { operations, type OperationName } from '../core/operations.ts'
import { personalities, type StateName } from '../core/personality.ts'
import { stateOf } from '../core/service-state.ts'
import type { Repositories } from '../core/store.ts'
import { change, type AdministrationContext } from './change.ts'
import { createIdentity } from './create-identity.ts'
import { provideDefaultTemplates } from './default-templates.ts'

export interface SetStateInput {
  readonly state: StateName
  /** Accepts what cannot be undone, or makes documents unreadable. */
  readonly force?: boolean | undefined
}

type Step = (
  context: AdministrationContext,
  repositories: Repositories,
  configuration: Configuration,
  force: boolean,
) => Promise<void>

const day = 86_400_000
const openingOperations = (Object.keys(operations) as readonly OperationName[]).filter(
  (name) => operations[name].effect === 'open',
)

/** How each state is entered; which of them a service has, its personality says. */
const steps: Readonly<Partial<Record<StateName, Step>>> = {
  async serving({ clock }, { settings }) {
    await settings.put('readOnly', undefined, clock.now())
  },
  async 'read-only'({ clock }, { settings }) {
    await settings.put('readOnly', { everyone: true }, clock.now())
  },
  async decommissioned({ clock }, { settings }, _configuration, force) {
    if (!force) throw new RightsError('state-refused', { detail: 'there is no way back; force it' })
    await settings.put('clusterState', 'decommissioned', clock.now())
  },
  async enabled(context, repositories, configuration) {
    await repositories.settings.put('tenantState', 'enabled', context.clock.now())
    await provideDefaultTemplates(context, repositories, configuration)
  },
  async disabled(context, repositories, configuration, force) {
    if (!force) await requireSafeDisabling(context, repositories, configuration)
    await repositories.settings.put('tenantState', 'disabled', context.clock.now())
  },
}

/** @throws RightsError `state-refused` */
export async function setState(
  context: AdministrationContext,
  { state, force = false }: SetStateInput,
): Promise<{ readonly state: StateName; readonly previous: StateName }> {
  const { cluster } = context
  const step = personalities[cluster.personality].states.includes(state) ? steps[state] : undefined
  if (step === undefined)
    throw new RightsError('state-refused', { detail: `a ${cluster.personality} is never ${state}` })
  await ensureKey(context, state)
  return change(context, 'set-state', async (repositories) => {
    const configuration = await loadConfiguration(repositories)
    const previous = stateOf(cluster, configuration)
    if (previous === 'decommissioned' && state !== previous) {
      throw new RightsError('state-refused', { detail: 'decommissioned is for ever' })
    }
    if (previous !== state || state === 'read-only') await step(context, repositories, configuration, force)
    return { result: { state, previous }, record: { state, previous, ...(force ? { force } : {}) } }
  })
}

/** A tenant that is enabled has a key, even if nobody imported one. */
async function ensureKey(context: AdministrationContext, state: StateName): Promise<void> {
  if (state !== 'enabled') return
  const { activeKey } = await context.store.transaction(loadConfiguration)
  if (activeKey === undefined) await createIdentity(context)
}

/** Documents of a disabled tenant open nowhere unless its keys are elsewhere, and nobody should still be using it. */
async function requireSafeDisabling(
  { clock, cluster }: AdministrationContext,
  { requests }: Repositories,
  configuration: Configuration,
): Promise<void> {
  const kept = [...configuration.keys.values()].find((key) => key.origin === 'created' && key.exportedAt === undefined)
  if (kept !== undefined) throw new RightsError('state-refused', { detail: `key ${kept.id} was never exported` })
  const last = await requests.lastOf(openingOperations)
  const quiet = cluster.quietDaysBeforeDisable * day
  if (last !== undefined && clock.now().getTime() - last.getTime() < quiet) {
    throw new RightsError('state-refused', { detail: `licences were asked for until ${last.toISOString()}` })
  }
}
