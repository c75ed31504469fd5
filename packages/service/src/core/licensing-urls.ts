/**
 * The addresses that newly protected content names for its licences: those of this service, or the cluster to which a
 * tenant is being moved, so that what is protected on the way out already asks there.
 */
import { licensingUrlOf } from '@sealward/protocol'
import type { Configuration } from './configuration.ts'
import type { CoreContext } from './ports.ts'

export function licensingUrlsIn(
  { cluster }: Pick<CoreContext, 'cluster'>,
  { settings }: Pick<Configuration, 'settings'>,
): { readonly licensingUrl: string; readonly externalLicensingUrl?: string } {
  const { migrationHost } = settings
  if (migrationHost !== undefined) {
    const { protocol } = new URL(cluster.licensingUrl)
    return {
      licensingUrl: licensingUrlOf(migrationHost.includes('://') ? migrationHost : `${protocol}//${migrationHost}`),
    }
  }
  const { licensingUrl, externalLicensingUrl } = cluster
  return { licensingUrl, ...(externalLicensingUrl === undefined ? {} : { externalLicensingUrl }) }
}
