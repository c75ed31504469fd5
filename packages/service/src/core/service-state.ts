/** What every use case asks first: is this service still in operation, and with which key. */
import { RightsError } from '@sealward/xrml'
import { requireActiveKey, type Configuration, type ServiceKey } from './configuration.ts'
import type { CoreContext } from './ports.ts'

export interface ServiceState {
  readonly configuration: Configuration
  readonly activeKey: ServiceKey
}

/** @throws RightsError `cluster-decommissioned`, `no-active-key` */
export async function serviceState(context: CoreContext): Promise<ServiceState> {
  if (context.cluster.decommissioned) throw new RightsError('cluster-decommissioned')
  const configuration = await context.configuration()
  return { configuration, activeKey: requireActiveKey(configuration) }
}
