/**
 * The two products that the service can stand in for, as data: an AD RMS cluster, and a tenant of the cloud service. Both
 * answer on the same doors; they differ in defaults and in how account certificates name people.
 */
import type { Cluster } from './ports.ts'

const minute = 60_000
const day = 24 * 60 * minute

export interface Personality {
  readonly persistentValidity: number
  readonly temporaryValidity: number
  readonly validityTolerance: number
  readonly creationTimeTolerance: number
  readonly useLicenseValidityMost: number | undefined
}

export const personalities: Readonly<Record<Cluster['personality'], Personality>> = {
  cluster: {
    persistentValidity: 365 * day,
    temporaryValidity: 15 * minute,
    // Real servers reach back a whole day, not the fifteen minutes of MS-RMPR 3.1.1.1.
    validityTolerance: day,
    creationTimeTolerance: 15 * day,
    useLicenseValidityMost: undefined,
  },
  tenant: {
    persistentValidity: 31 * day,
    temporaryValidity: day,
    validityTolerance: day,
    creationTimeTolerance: 15 * day,
    useLicenseValidityMost: 30 * day,
  },
}
