/** The way back from every state: what undoes it, and what it costs. Which row holds depends on the keys, not only on the state. */
import type { MigrationState } from '../project/states.ts'
import type { StepContext } from './context.ts'

export interface RollbackFacts {
  readonly importedKeyActive: boolean
  readonly customerManaged: boolean
}

export interface RollbackWay {
  readonly id: string
  readonly states: readonly MigrationState[]
  readonly holds: (facts: RollbackFacts) => boolean
  readonly byHand: readonly string[]
  readonly loss: string
}

const moved: readonly MigrationState[] = ['ClientsMoving', 'ServicesMoved', 'Draining']
const always = (): boolean => true

export const rollbackMatrix: readonly RollbackWay[] = [
  { id: 'nothing-done', states: ['Planned', 'Prepared'], holds: always, byHand: [], loss: 'none' },
  {
    id: 'imported',
    states: ['Imported', 'Activated', 'TemplatesReady'],
    holds: always,
    byHand: [],
    loss: 'none: imported keys have no effect while no client has moved',
  },
  {
    id: 'moved-same-key',
    states: moved,
    holds: ({ importedKeyActive }) => importedKeyActive,
    byHand: [
      'Roll out the undo scripts and take the users out of the group.',
      'Keep the preparation on computers: the cluster must be asked for content that names the tenant.',
    ],
    loss: 'none: both sides hold the same key and give licences for each other’s content',
  },
  {
    id: 'moved-other-key',
    states: moved,
    holds: ({ importedKeyActive }) => !importedKeyActive,
    byHand: [
      'Roll out the undo scripts and take the users out of the group.',
      'Export the active key of the tenant and import it into the cluster as a trusted publishing domain.',
    ],
    loss: 'content made meanwhile opens only after that import',
  },
  {
    id: 'switched-off',
    states: ['Decommissioned'],
    holds: always,
    byHand: [
      'Switch the servers on again; or install the role from the backup of the database with the password of its key.',
      'Or install a new cluster and import the exports; redirect the clients to it.',
    ],
    loss: 'downtime',
  },
  {
    id: 'rekeyed',
    states: ['Rekeyed'],
    holds: ({ customerManaged }) => !customerManaged,
    byHand: ['Export the new key and import it into whatever shall open the content made with it.'],
    loss: 'content of the new key needs its export',
  },
  {
    id: 'rekeyed-own-key',
    states: ['Rekeyed'],
    holds: ({ customerManaged }) => customerManaged,
    byHand: ['Use your own copy of the new key; the service has none to give.'],
    loss: 'content of the new key is lost without a copy of your own',
  },
]

export function findRollback(state: MigrationState, facts: RollbackFacts): RollbackWay {
  const way = rollbackMatrix.find(({ states, holds }) => states.includes(state) && holds(facts))
  if (way === undefined) throw new Error(`no way back from ${state}`)
  return way
}

export async function rollbackOf(state: MigrationState, context: StepContext): Promise<RollbackWay> {
  const { activeKey } = await context.tenantConfiguration()
  const active = (await context.tenant.keys()).find(({ id }) => id === activeKey)
  return findRollback(state, {
    importedKeyActive: active?.origin === 'imported',
    customerManaged: context.plan.tenant.target === 'customer-managed',
  })
}
