/** The address that clients have of the service of a data directory. */
import { clusterOf, type Config } from '@sealward/service'
import { serviceUrlOf } from '@sealward/protocol'

/** With the base path of its SOAP services where that is not the usual one. @throws RightsError `address-refused` */
export function serviceAddress(config: Config): string {
  const { baseUrl } = clusterOf(config)
  return serviceUrlOf(baseUrl) === new URL(config.publicUrl).origin ? config.publicUrl : baseUrl
}
