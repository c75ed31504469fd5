/** Which REST clients are served, and whether they may publish offline. */
import { RightsError } from '@sealward/xrml'
import type { DevicePlatform } from '../core/device-platforms.ts'
import type { RefusedApplication, Settings } from '../core/settings.ts'
import { change, type AdministrationContext } from './change.ts'

export interface MobileClients
  extends Pick<Settings, 'refusedPlatforms' | 'refusedApplications' | 'offlinePublishing'> {
  /** Keys with which people publish or published offline, kept in this database alone. */
  readonly offlineKeys: number
}

export async function describeMobileClients({ store }: Pick<AdministrationContext, 'store'>): Promise<MobileClients> {
  const { refusedPlatforms, refusedApplications, offlinePublishing } = await store.settings.read()
  return { refusedPlatforms, refusedApplications, offlinePublishing, offlineKeys: await store.offlineKeys.count() }
}

export async function setPlatformServed(
  context: AdministrationContext,
  { platform, served }: { readonly platform: DevicePlatform; readonly served: boolean },
): Promise<void> {
  await change(context, 'set-platform-served', async ({ settings }) => {
    const { refusedPlatforms } = await settings.read()
    const others = refusedPlatforms.filter((refused) => refused !== platform)
    const refused = served ? others : [...others, platform].sort()
    await settings.put('refusedPlatforms', refused, context.clock.now())
    return { result: undefined, record: { platform, served } }
  })
}

/** Applications that the list may hold. */
const applicationsMost = 100

/** Replaces what was set for an application of the same name. @throws RightsError `admin-request-invalid` when the list is full */
export async function setApplicationServed(
  context: AdministrationContext,
  { application, served }: { readonly application: RefusedApplication; readonly served: boolean },
): Promise<void> {
  const name = application.name.toLowerCase()
  await change(context, 'set-application-served', async ({ settings }) => {
    const { refusedApplications } = await settings.read()
    const others = refusedApplications.filter((refused) => refused.name.toLowerCase() !== name)
    if (!served && others.length >= applicationsMost) {
      throw new RightsError('admin-request-invalid', { detail: `more than ${applicationsMost} applications` })
    }
    await settings.put('refusedApplications', served ? others : [...others, application], context.clock.now())
    return { result: undefined, record: { application: application.name, below: application.below ?? null, served } }
  })
}

/** Licences that were made offline stay readable when it is switched off. */
export async function setOfflinePublishing(
  context: AdministrationContext,
  { enabled }: { readonly enabled: boolean },
): Promise<void> {
  await change(context, 'set-offline-publishing', async ({ settings }) => {
    await settings.put('offlinePublishing', enabled, context.clock.now())
    return { result: undefined, record: { enabled } }
  })
}
