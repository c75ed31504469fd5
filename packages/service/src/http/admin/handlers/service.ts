/** The service as a whole. */
import { describeService } from '../../../administration/describe-service.ts'
import { setMaxUseLicense } from '../../../administration/max-use-license.ts'
import { setOnboarding } from '../../../administration/onboarding.ts'
import { flushDirectory } from '../../../administration/flush-directory.ts'
import { setReadOnly } from '../../../administration/read-only.ts'
import { setHostNames, setMigrationHost } from '../../../administration/service-names.ts'
import { setState } from '../../../administration/set-state.ts'
import type { OnboardingSetting } from '../../../core/settings.ts'
import type { AdminHandlers } from '../handler.ts'
import type { serviceOperations } from '../operations/service.ts'

export const serviceHandlers: AdminHandlers<typeof serviceOperations> = {
  async getConfiguration({ administration }) {
    const { configuration, cluster, settings, ...described } = await describeService(administration)
    const { externalLicensingUrl } = cluster
    const { migrationHost: migrationUrl } = settings
    const activeKey = configuration.activeKey?.id
    return {
      personality: cluster.personality,
      serviceId: described.serviceId,
      state: described.state,
      publicUrl: described.publicUrl,
      licensingUrl: cluster.licensingUrl,
      ...(externalLicensingUrl === undefined ? {} : { externalLicensingUrl }),
      certificationUrl: cluster.certificationUrl,
      hostNames: settings.hostNames,
      ...(activeKey === undefined ? {} : { activeKey }),
      keys: configuration.keys.size,
      templates: configuration.templates.size,
      superUsersEnabled: configuration.superUsers.enabled,
      onboarding: onboardingAnswer(settings.onboarding),
      ...daysAnswer(described.maxUseLicenseDays, 'maxUseLicenseDays'),
      ...(migrationUrl === undefined ? {} : { migrationUrl }),
      readOnly: settings.readOnly ?? {},
      version: String(configuration.version),
    }
  },
  setState: ({ administration }, { body }) => setState(administration, body),
  async flushDirectory({ administration, core: { directory } }) {
    await flushDirectory(administration, { directory })
    return {}
  },
  async setReadOnly({ administration, core: { directory } }, { body }) {
    return (await setReadOnly(administration, { ...body, directory })) ?? {}
  },
  async setHostNames({ administration }, { body }) {
    return { hostNames: [...(await setHostNames(administration, body))] }
  },
  async getOnboarding({ administration }) {
    return onboardingAnswer((await administration.store.settings.read()).onboarding)
  },
  async setOnboarding({ administration, core: { directory } }, { body: { group, scope } }) {
    return onboardingAnswer(await setOnboarding(administration, { group, scope, directory }))
  },
  async getMaxUseLicense({ administration }) {
    return daysAnswer((await describeService(administration)).maxUseLicenseDays, 'days')
  },
  async setMaxUseLicense({ administration }, { body: { days } }) {
    await setMaxUseLicense(administration, { days })
    return daysAnswer((await describeService(administration)).maxUseLicenseDays, 'days')
  },
  async getMigrationUrl({ administration }) {
    return hostAnswer((await administration.store.settings.read()).migrationHost)
  },
  async setMigrationUrl({ administration }, { body: { host, force } }) {
    return hostAnswer(await setMigrationHost(administration, { host, force }))
  },
}

function onboardingAnswer(setting: OnboardingSetting | undefined) {
  return { useLicense: false as const, ...(setting ?? { scope: 'All' as const }) }
}

function daysAnswer<Name extends string>(days: number | undefined, name: Name): { [Key in Name]?: number } {
  return days === undefined ? {} : ({ [name]: days } as { [Key in Name]?: number })
}

function hostAnswer(host: string | undefined): { host?: string } {
  return host === undefined ? {} : { host }
}
