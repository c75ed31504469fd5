/** What the checks of `sealward doctor` look at, as far as it could be read. */
import type { MasterKey } from '@sealward/keys'
import type { Config } from '@sealward/service'
import type { Finding } from './finding.ts'

export interface Patient {
  /** Undefined without a data directory, and where the configuration is not valid. */
  readonly installed?: Installed
  /** Addresses of the service: the named one, or those of the configuration. */
  readonly urls: readonly string[]
  /** Certificates that vouch for listeners besides those that this machine trusts, PEM. */
  readonly authority: string | undefined
  /** `address` or `address:port`; without any those of this machine. */
  readonly nameServers: readonly string[]
  readonly now: () => Date
}

export interface Installed {
  readonly config: Config
  readonly configFile: string
  /** Relative paths in the configuration start here. */
  readonly folder: string
  /** @throws RightsError `master-key-refused`, `secret-missing` */
  readonly masterKey: () => Promise<MasterKey>
  /** Names of former services for which this one answers; none while the database cannot be read. */
  readonly takenOver: () => Promise<readonly string[]>
}

export interface Check {
  readonly name: string
  readonly run: (patient: Patient) => Promise<readonly Finding[]>
}

/** A check of what is on this machine. */
export function installedCheck(
  name: string,
  look: (installed: Installed, patient: Patient) => Promise<readonly Finding[]>,
): Check {
  return { name, run: async (patient) => (patient.installed === undefined ? [] : look(patient.installed, patient)) }
}
