/** Whether the tenant is in operation, and how it is set. */
import { canonicalGuid } from '@sealward/xrml'
import { bothFamilies, defineCmdlet, type Cmdlet } from '../cmdlet.ts'
import type { Row } from '../shown.ts'

export const serviceStateCmdlets: readonly Cmdlet[] = [
  defineCmdlet({
    names: bothFamilies('Get', ''),
    synopsis: 'Say whether the tenant is enabled',
    run: async (_, { administration }) => {
      const { state } = await (await administration()).call('getConfiguration')
      return state === 'enabled' ? 'Enabled' : 'Disabled'
    },
  }),
  defineCmdlet({
    names: bothFamilies('Enable', ''),
    synopsis: 'Activate the tenant: people may protect and open',
    changes: true,
    run: async (_, context) => {
      const administration = await context.administration()
      if (!(await context.agreed([`enable the tenant at ${administration.where}`]))) return undefined
      await administration.call('setState', { body: { state: 'enabled' } })
      return 'The rights management service is enabled.'
    },
  }),
  defineCmdlet({
    names: bothFamilies('Disable', ''),
    synopsis: 'Deactivate the tenant: nobody may protect or open until it is enabled again',
    changes: true,
    run: async (_, context) => {
      const administration = await context.administration()
      const steps = [`disable the tenant at ${administration.where}: nothing can be protected or opened through it`]
      if (!(await context.agreed(steps))) return undefined
      const { force } = context
      await administration.call('setState', { body: { state: 'disabled', ...(force ? { force } : {}) } })
      return 'The rights management service is disabled.'
    },
  }),
  defineCmdlet({
    names: bothFamilies('Get', 'Configuration'),
    synopsis: 'Show identity, addresses, keys and settings of the tenant',
    run: async (_, context): Promise<Row> => {
      const administration = await context.administration()
      const [configuration, keys, templates, superUsers] = [
        await administration.call('getConfiguration'),
        await administration.call('listKeys'),
        await administration.call('listTemplates', { query: {} }),
        await administration.call('getSuperUsers'),
      ]
      const { licensingUrl, externalLicensingUrl, certificationUrl } = configuration
      return {
        RightsManagementServiceId: configuration.serviceId,
        LicensingIntranetDistributionPointUrl: licensingUrl,
        LicensingExtranetDistributionPointUrl: externalLicensingUrl ?? licensingUrl,
        CertificationIntranetDistributionPointUrl: certificationUrl,
        CertificationExtranetDistributionPointUrl:
          externalLicensingUrl?.replace(/licensing$/, 'certification') ?? certificationUrl,
        AdminConnectionUrl: `${configuration.publicUrl}/admin/v1`,
        OnPremiseDomainName: configuration.migrationUrl,
        Keys: keys.map(({ id }) => id),
        CurrentLicensorCertificateGuid: configuration.activeKey,
        Templates: templates.map(({ id }) => canonicalGuid(id)),
        FunctionalState: configuration.state === 'enabled' ? 'Enabled' : 'Disabled',
        SuperUsersEnabled: superUsers.enabled ? 'Enabled' : 'Disabled',
        SuperUsers: superUsers.users,
      }
    },
  }),
]
