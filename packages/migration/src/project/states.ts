/** The states of a migration, in their order, and who is responsible for a step. */

export const states = [
  'Planned',
  'Prepared',
  'Imported',
  'Activated',
  'TemplatesReady',
  'ClientsMoving',
  'ServicesMoved',
  'Draining',
  'Decommissioned',
  'Rekeyed',
] as const

export type MigrationState = (typeof states)[number]

export function isAtLeast(state: MigrationState, least: MigrationState): boolean {
  return states.indexOf(state) >= states.indexOf(least)
}

/** Up to Draining the old service still runs; beyond it going back needs a second person. */
export function mayGoBackAlone(state: MigrationState): boolean {
  return !isAtLeast(state, 'Decommissioned')
}

export const roles = [
  'cluster administrator',
  'tenant administrator',
  'directory administrator',
  'client administrator',
  'mail administrator',
  'key custodian',
] as const

export type Role = (typeof roles)[number]
