/** Settings of a service that a step changes and an undo puts back: state, onboarding, host names, read-only rule. */
import type { AdminApi, OnboardingPolicy, ServiceState } from '../../admin-api.ts'
import { anyText, flag, listOf, oneOf, record, type Shape } from '../../project/shape.ts'
import { RightsError } from '@sealward/xrml'
import type { StepContext } from '../context.ts'
import { actionKind } from './action-kind.ts'

const stateShape: Shape<ServiceState> = oneOf(
  'serving',
  'read-only',
  'decommissioned',
  'not-activated',
  'enabled',
  'disabled',
)

/** The tenant, or a cluster that has an administration here. */
function serviceOf(context: StepContext, name: string | undefined): AdminApi {
  const api = name === undefined ? context.tenant : context.clusterApi(name)
  if (api === undefined) throw new RightsError('service-missing', { detail: name ?? '' })
  return api
}

export const setState = actionKind(record({ state: stateShape }, { cluster: anyText }), record({ state: stateShape }), {
  describe: ({ state, cluster }) => `set ${cluster ?? 'the tenant'} to ${state}`,
  before: async (context, { cluster }) => ({ state: (await serviceOf(context, cluster).configuration()).state }),
  apply: async (context, { state, cluster }) => {
    await toState(serviceOf(context, cluster), state, false)
    return { state }
  },
  // A tenant that was active once does not become new again.
  revert: (context, { cluster }, { state }) =>
    toState(serviceOf(context, cluster), state === 'not-activated' ? 'disabled' : state, true),
  remains: (_input, { state }) =>
    state === 'not-activated'
      ? 'the tenant stays disabled, with the default templates that its activation made: nobody sees them'
      : undefined,
})

async function toState(service: AdminApi, state: ServiceState, force: boolean): Promise<void> {
  const current = (await service.configuration()).state
  if (current === state || (state === 'disabled' && current === 'not-activated')) return
  await service.setState(state, force ? { force } : {})
}

const policyShape: Shape<OnboardingPolicy> = record(
  { useLicense: flag, scope: oneOf('All', 'WindowsApp', 'MobileApp') },
  { group: anyText },
)
const policyField = record({}, { policy: policyShape })

/** Without a policy in its input it removes the one there is. */
export const setOnboarding = actionKind(policyField, policyField, {
  describe: ({ policy }) =>
    policy === undefined ? 'remove the onboarding policy' : `let only ${policy.group ?? 'licensed users'} protect`,
  before: async ({ tenant }) => fieldOf(await tenant.onboarding()),
  apply: async ({ tenant }, { policy }) => {
    await tenant.setOnboarding(policy)
    return { group: policy?.group ?? null }
  },
  revert: ({ tenant }, _input, { policy }) => tenant.setOnboarding(policy),
})

interface PolicyField {
  readonly policy?: OnboardingPolicy
}

function fieldOf(policy: OnboardingPolicy | undefined): PolicyField {
  if (policy === undefined) return {}
  const { useLicense, scope, group } = policy
  return { policy: { useLicense, scope, ...(group === undefined ? {} : { group }) } }
}

const hostNames = record({ hostNames: listOf(anyText) })

export const takeOverHostNames = actionKind(hostNames, hostNames, {
  describe: (input) => `let the tenant answer for ${input.hostNames.join(', ')}`,
  before: async ({ tenant }) => ({ hostNames: (await tenant.configuration()).hostNames }),
  apply: async ({ tenant }, input, before) => {
    const all = [...new Set([...before.hostNames, ...input.hostNames])]
    await tenant.setHostNames(all)
    return { hostNames: all }
  },
  revert: ({ tenant }, _input, before) => tenant.setHostNames(before.hostNames),
})

const ruleField = record({}, { rule: record({}, { everyone: flag, group: anyText }) })

export const setReadOnly = actionKind(
  record({ cluster: anyText, rule: record({}, { everyone: flag, group: anyText }) }),
  ruleField,
  {
    describe: ({ cluster, rule }) => `refuse protecting on ${cluster} to ${rule.group ?? 'everyone'}`,
    before: async (context, { cluster }) => {
      const { everyone, group } = (await serviceOf(context, cluster).configuration()).readOnly ?? {}
      // Services name an empty rule where nobody is refused.
      if (everyone !== true && group === undefined) return {}
      return { rule: { ...(everyone === undefined ? {} : { everyone }), ...(group === undefined ? {} : { group }) } }
    },
    apply: async (context, { cluster, rule }) => {
      await serviceOf(context, cluster).setReadOnly(rule)
      return { cluster }
    },
    revert: (context, { cluster }, { rule }) => serviceOf(context, cluster).setReadOnly(rule),
  },
)
