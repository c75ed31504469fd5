/** What the steps reach outside the project folder. Passwords are asked for when they are needed and kept nowhere. */
import type { PublicKey } from '@sealward/xrml'
import type { AdminApi } from '../admin-api.ts'
import type { WatchPort } from './watch-port.ts'

export interface DnsService {
  readonly target: string
  readonly port: number
}

export interface DnsReader {
  /** Nothing for a name that does not exist. @throws RightsError `service-unreachable` */
  services(name: string): Promise<readonly DnsService[]>
  addresses(host: string): Promise<readonly string[]>
}

/** The way out of the tenant is a job of its own; the step only asks whether it may begin and what it found. */
export interface ExitPort {
  rehearse(): Promise<{ readonly ready: boolean; readonly findings: readonly string[] }>
}

export interface MigrationPorts {
  readonly tenant: AdminApi
  /** By name in the plan; clusters of other makers have no administration here. */
  readonly clusters: ReadonlyMap<string, AdminApi>
  /** Asked more than once for a file; whoever asks people remembers the answer for the run. */
  readonly passwordOf: (exportFile: string) => Promise<string>
  /** Roots that are trusted although no plan names them: the one that all genuine clusters of a maker have. */
  readonly trustsRoot?: (root: PublicKey) => boolean
  readonly dns: DnsReader
  /** Status of a GET; nothing if nobody answers. */
  readonly probe: (url: string) => Promise<number | undefined>
  /** Fingerprint of the key that the service at an address works with; nothing if it gives no certificate. */
  readonly licensorKey: (serviceUrl: string) => Promise<string | undefined>
  readonly watch?: WatchPort
  readonly exit?: ExitPort
}
