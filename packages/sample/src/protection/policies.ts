/** The policies that people of the sample chose: custom ones, and templates in the edition that they saw at the time. */
import type { Grant, TimeConditions } from '@sealward/xrml'
import type { TemplateName } from './template-definitions.ts'

export interface CustomPolicy {
  readonly kind: 'custom'
  readonly grants: readonly Grant[]
  readonly expires?: TimeConditions
  readonly referral?: string
  /** The owner forbids storing use licences in or beside the document. */
  readonly noCaching?: boolean
}

export interface TemplatePolicy {
  readonly kind: 'template'
  /** Key of a template of the sample. */
  readonly template: string
  readonly edition: 'current' | 'earlier'
}

export type SamplePolicy = CustomPolicy | TemplatePolicy

const day = 86_400_000
const at = (name: string): string => `${name}@lakeside.example`
const read = ['VIEW', 'VIEWRIGHTSDATA'] as const
const change = [...read, 'DOCEDIT', 'EDIT', 'EXTRACT'] as const

const custom = (...grants: readonly Grant[]): CustomPolicy => ({ kind: 'custom', grants })
const template = (name: TemplateName, edition: 'current' | 'earlier' = 'current'): TemplatePolicy => ({
  kind: 'template',
  template: name,
  edition,
})

export const samplePolicies = {
  'finance changes': custom({ to: at('finance'), rights: change }),
  'staff reads': custom({ to: at('all-staff'), rights: read }),
  'staff by alias': custom({ to: at('everyone'), rights: [...read, 'PRINT'] }),
  'heron team': custom({ to: at('project-heron'), rights: change }, { to: at('board'), rights: read }),
  'engineering changes': custom({ to: at('engineering'), rights: change }),
  anyone: custom({ to: 'ANYONE', rights: ['VIEW'] }),
  'owner only': custom({ to: 'OWNER', rights: ['OWNER'] }),
  // The licence names the address that Ruth had then; today it is an alias.
  'two people': custom({ to: at('emma.lund'), rights: [...change, 'PRINT'] }, { to: at('ruth.meier'), rights: read }),
  partner: custom({ to: 'nina.brandt@riverbank.example', rights: read }, { to: at('legal'), rights: change }),
  'left the company': custom({ to: at('peter.stone'), rights: change }, { to: at('li.chen'), rights: read }),
  expired: {
    ...custom({ to: at('all-staff'), rights: read }),
    expires: { ranges: [{ from: new Date('2014-01-01T00:00Z'), until: new Date('2015-07-01T00:00Z') }], intervals: [] },
  },
  'expired after days': {
    ...custom({ to: at('finance'), rights: read }),
    expires: { ranges: [], intervals: [90 * day] },
  },
  'valid for a century': {
    ...custom({ to: at('finance'), rights: change }),
    expires: { ranges: [], intervals: [36_500 * day] },
  },
  'licence for a month': custom({
    to: at('legal'),
    rights: read,
    times: { ranges: [], intervals: [30 * day] },
  }),
  'not cached': {
    ...custom({ to: at('board'), rights: read }),
    noCaching: true,
    referral: 'mailto:board@lakeside.example',
  },
  'old staff template': template('old-staff'),
  'old finance template': template('old-finance'),
  'staff template': template('staff'),
  'staff template before its edit': template('staff', 'earlier'),
  'board template': template('board'),
  'partners template': template('partners'),
  'forgotten heron template': template('heron'),
  'privileged template': template('privileged'),
  'hold template': template('hold'),
} as const satisfies Readonly<Record<string, SamplePolicy>>

export type PolicyName = keyof typeof samplePolicies

export function policyOf(policy: PolicyName | SamplePolicy): SamplePolicy {
  return typeof policy === 'string' ? samplePolicies[policy] : policy
}
