/** What the service is and how it is set, in one answer. */
import { loadConfiguration } from '../core/load-configuration.ts'
import type { Settings } from '../core/settings.ts'
import type { StateName } from '../core/personality.ts'
import { stateOf } from '../core/service-state.ts'
import { publicUrlOf } from '../core/own-sites.ts'
import type { AdministrationContext } from './change.ts'
import type { Configuration } from '../core/configuration.ts'
import type { Cluster } from '../core/ports.ts'

export interface ServiceDescription {
  readonly configuration: Configuration
  readonly cluster: Cluster
  readonly state: StateName
  readonly settings: Settings
  /** GUID, without braces. */
  readonly serviceId: string
  readonly publicUrl: string
  /** Days; undefined without limit. */
  readonly maxUseLicenseDays: number | undefined
}

const day = 86_400_000

export async function describeService({ cluster, store }: AdministrationContext): Promise<ServiceDescription> {
  const configuration = await store.transaction(loadConfiguration)
  const { settings } = configuration
  const { useLicenseValidityMost: most } = cluster
  return {
    configuration,
    cluster,
    settings,
    state: stateOf(cluster, configuration),
    serviceId: cluster.serviceId ?? settings.serviceId,
    publicUrl: publicUrlOf(cluster.baseUrl),
    maxUseLicenseDays: settings.maxUseLicenseDays ?? (most === undefined ? undefined : most / day),
  }
}
