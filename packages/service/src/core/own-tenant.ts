/** Addresses of tenants begin with the identifier of the tenant, so those of others are known for what they are. */
import { RightsError } from '@sealward/xrml'
import { licensingUrlsOf, type Configuration } from './configuration.ts'
import { answersForUrl } from './former-sites.ts'
import { personalities } from './personality.ts'
import type { CoreContext } from './ports.ts'

const tenantLabel = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\./i

/**
 * Another tenant's licences can be opened where its keys were imported or its name was taken over.
 * @param url a licensing address, as a licence names it
 * @throws RightsError `tenant-unknown`
 */
export function requireOwnTenant({ cluster }: CoreContext, configuration: Configuration, url: string): void {
  const { settings, keys } = configuration
  const host = hostOf(url)
  const [, tenant] = tenantLabel.exec(host) ?? []
  if (!personalities[cluster.personality].namedByIdentifier || tenant === undefined) return
  const known =
    tenant.toLowerCase() === (cluster.serviceId ?? settings.serviceId) ||
    answersForUrl(settings.hostNames, url) ||
    [...keys.values()].some((key) => licensingUrlsOf(configuration, key).some((each) => hostOf(each) === host))
  if (!known) throw new RightsError('tenant-unknown')
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}
