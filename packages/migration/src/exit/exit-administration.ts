/** What the way out asks of a service, beyond what a migration asks. */
import type { AdminApi } from '../admin-api.ts'

export type ExitAdministration = Pick<
  AdminApi,
  'configuration' | 'setState' | 'setReadOnly' | 'keys' | 'exportKey' | 'superUsers' | 'requests'
> & {
  /** The host that newly protected content names; `undefined` for the service itself. @throws RightsError `migration-url-set` */
  setMigrationHost(host: string | undefined, options?: { readonly force?: boolean }): Promise<void>
  setSuperUsersEnabled(enabled: boolean): Promise<void>
  addSuperUser(address: string): Promise<void>
  removeSuperUser(address: string): Promise<void>
}
