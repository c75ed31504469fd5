/** Settings of the tenant: who may protect during a migration, how long licences live, which address new content names. */
import { RightsError } from '@sealward/xrml'
import { bothFamilies, defineCmdlet, type Cmdlet } from '../cmdlet.ts'
import type { Row } from '../shown.ts'

const scopes = ['All', 'WindowsApp', 'MobileApp'] as const

export const policyCmdlets: readonly Cmdlet[] = [
  defineCmdlet({
    names: bothFamilies('Set', 'OnboardingControlPolicy'),
    synopsis: 'Let only the members of a group protect; without a group everybody may',
    changes: true,
    parameters: {
      UseRmsUserLicense: {
        kind: 'boolean',
        required: true,
        says: '$false: licences of a product are no condition here',
      },
      SecurityGroupObjectId: { kind: 'text', says: 'the group, by address or identifier' },
      Scope: { kind: 'text', values: scopes, says: 'the clients that are asked about' },
    },
    examples: [
      "-UseRmsUserLicense '$false' -SecurityGroupObjectId migrated@lakeside.example -Scope WindowsApp",
      '-UseRmsUserLicense false -Force',
    ],
    run: async ({ UseRmsUserLicense, SecurityGroupObjectId: group, Scope: scope = 'All' }, context) => {
      if (UseRmsUserLicense) {
        throw new RightsError('option-invalid', {
          detail: '-UseRmsUserLicense takes $false: there are no product licences',
        })
      }
      const administration = await context.administration()
      const step =
        group === undefined
          ? 'remove the onboarding policy: everybody may protect'
          : `only members of ${group} may protect (${scope})`
      if (!(await context.agreed([step]))) return undefined
      const body = { useLicense: false as const, scope, ...(group === undefined ? {} : { group }) }
      return policyRow(await administration.call('setOnboarding', { body }))
    },
  }),
  defineCmdlet({
    names: bothFamilies('Get', 'OnboardingControlPolicy'),
    synopsis: 'Show who may protect while a migration is under way',
    run: async (_, { administration }) => policyRow(await (await administration()).call('getOnboarding')),
  }),
  defineCmdlet({
    names: bothFamilies('Get', 'MaxUseLicenseValidityTime'),
    synopsis: 'Show how many days a use licence lives at most',
    run: async (_, { administration }) => (await (await administration()).call('getMaxUseLicense')).days,
  }),
  defineCmdlet({
    names: bothFamilies('Set', 'MaxUseLicenseValidityTime'),
    synopsis: 'Limit the life of use licences that are issued from now on',
    changes: true,
    parameters: { MaxUseLicenseValidityTime: { kind: 'number', required: true, says: 'days, 0 to 65535' } },
    examples: ['-MaxUseLicenseValidityTime 7', '-MaxUseLicenseValidityTime 30 -Force'],
    run: async ({ MaxUseLicenseValidityTime: days }, context) => {
      const administration = await context.administration()
      if (!(await context.agreed([`use licences live ${days} days at most from now on`]))) return undefined
      await administration.call('setMaxUseLicense', { body: { days } })
      return days
    },
  }),
  defineCmdlet({
    names: bothFamilies('Get', 'MigrationUrl'),
    synopsis: 'Show the host that newly protected content names instead of the tenant',
    run: async (_, { administration }) => (await (await administration()).call('getMigrationUrl')).host ?? '',
  }),
  defineCmdlet({
    names: bothFamilies('Set', 'MigrationUrl'),
    synopsis: 'Let newly protected content name another host, for the way out',
    changes: true,
    parameters: { Domain: { kind: 'text', required: true, says: 'host name of the cluster' } },
    examples: ['-Domain rms.lakeside.example', '-Domain rms.lakeside.example -Force'],
    run: async ({ Domain: host }, context) => {
      const administration = await context.administration()
      if (!(await context.agreed([`newly protected content names ${host}`]))) return undefined
      const { force } = context
      await administration.call('setMigrationUrl', { body: { host, ...(force ? { force } : {}) } })
      return host
    },
  }),
]

function policyRow({
  useLicense,
  group,
  scope,
}: {
  readonly useLicense: boolean
  readonly group?: string | undefined
  readonly scope: string
}): Row {
  return { UseRmsUserLicense: useLicense, SecurityGroupObjectId: group, Scope: scope }
}
