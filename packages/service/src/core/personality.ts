/**
 * The two products that the service can stand in for, as one table: an AD RMS cluster, and a tenant of the cloud service.
 * Both answer on the same doors with the same core; whatever differs between them is an entry here, and nowhere else does
 * the service ask which of the two it is. `docs/architecture.md` shows the table.
 */
import type { Cluster } from './ports.ts'
import { closedDoors, type ClosedDoor, type Settings } from './settings.ts'

const minute = 60_000
const day = 24 * 60 * minute

export type PersonalityName = Cluster['personality']

/** States of the service as a whole. */
export const stateNames = ['serving', 'read-only', 'decommissioned', 'not-activated', 'enabled', 'disabled'] as const
export type StateName = (typeof stateNames)[number]

/** What limits who may protect, as an administrative setting of one personality alone. */
export type ProtectionLimit = 'read-only' | 'onboarding'

/** Durations in milliseconds. */
export interface Personality {
  /** How account certificates and licences name people (MS-RMPR 2.2.9.1.4): by SID, or by an identifier of the service. */
  readonly identity: 'Windows' | 'Federation'
  /** Whether its host names begin with its identifier, so that those of others of its kind are known for what they are. */
  readonly namedByIdentifier: boolean
  /** Whether account certificates list the other addresses of a person. */
  readonly aliases: boolean
  /** The states that an administrator can bring it into. */
  readonly states: readonly StateName[]
  readonly stateOf: (settings: Pick<Settings, 'clusterState' | 'tenantState' | 'readOnly'>) => StateName
  readonly protectionLimit: ProtectionLimit
  /** Doors that are closed until somebody is admitted; another one is not there. */
  readonly closedDoors: readonly ClosedDoor[]
  /** Whether it only starts with a key; else it gets one while nobody is served yet. */
  readonly startsWithKey: boolean
  /** What an import does with rights for ANYONE unless it is told (threat D8). */
  readonly anyone: 'keep' | 'refuse'
  readonly persistentValidity: number
  readonly temporaryValidity: number
  readonly validityTolerance: number
  readonly creationTimeTolerance: number
  readonly useLicenseValidityMost: number | undefined
}

export const personalities: Readonly<Record<PersonalityName, Personality>> = {
  cluster: {
    identity: 'Windows',
    namedByIdentifier: false,
    aliases: false,
    states: ['serving', 'read-only', 'decommissioned'],
    stateOf({ clusterState, readOnly }) {
      if (clusterState === 'decommissioned') return 'decommissioned'
      return readOnly === undefined ? 'serving' : 'read-only'
    },
    protectionLimit: 'read-only',
    closedDoors,
    startsWithKey: true,
    anyone: 'keep',
    persistentValidity: 365 * day,
    temporaryValidity: 15 * minute,
    // Real servers reach back a whole day, not the fifteen minutes of MS-RMPR 3.1.1.1.
    validityTolerance: day,
    creationTimeTolerance: 15 * day,
    useLicenseValidityMost: undefined,
  },
  tenant: {
    identity: 'Federation',
    namedByIdentifier: true,
    aliases: true,
    states: ['enabled', 'disabled'],
    stateOf: ({ tenantState }) => tenantState,
    protectionLimit: 'onboarding',
    closedDoors: closedDoors.filter((door) => door !== 'decommissioning'),
    startsWithKey: false,
    anyone: 'refuse',
    persistentValidity: 31 * day,
    temporaryValidity: day,
    validityTolerance: day,
    creationTimeTolerance: 15 * day,
    useLicenseValidityMost: 30 * day,
  },
}
