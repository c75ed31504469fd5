/** Batches: who may protect with the tenant, and whether those who stay can open it. */
import { failed, named, noneOf, notApplicable, passed, warned, type Check } from '../check.ts'
import type { MigrationPlan } from '../../project/plan.ts'
import { clusterOf } from '../../client-scripts/url-variants.ts'
import { readServiceUrl } from '../../client-scripts/cluster-url.ts'

const noBatches = 'the plan moves everybody at once'

export const groupIsSecurity: Check = {
  id: 'onboarding-group-security',
  title: 'The group of those who have moved is a security group',
  run: (context) => {
    const { onboarding } = context.plan
    if (onboarding === undefined) return Promise.resolve(notApplicable(noBatches))
    const kind = context.people()?.findGroup(onboarding.group)?.kind ?? onboarding.groupKind
    if (kind === 'security') return Promise.resolve(passed())
    return Promise.resolve(
      failed({
        finding: `${onboarding.group} is a ${kind} group`,
        cure: 'Use a security group of the directory of the tenant.',
      }),
    )
  },
}

export const extranetUrlKnown: Check = {
  id: 'staying-url-known',
  title: 'The address for those who stay is one of a cluster of the plan',
  run: ({ plan }) => {
    const { onboarding } = plan
    if (onboarding === undefined) return Promise.resolve(notApplicable(noBatches))
    // Refuses blanks and typing errors, which nobody would find on thousands of computers.
    const staying = clusterOf(readServiceUrl(onboarding.extranetUrl))
    const known = plan.clusters.flatMap(({ licensingUrls }) =>
      licensingUrls.map((url) => clusterOf(readServiceUrl(url))),
    )
    if (known.includes(staying)) return Promise.resolve(passed())
    return Promise.resolve(
      failed({
        finding: `${onboarding.extranetUrl} is no address of a cluster in the plan`,
        cure: 'Give the extranet licensing URL of the cluster exactly as the cluster shows it.',
      }),
    )
  },
}

export const policyReadsBack: Check = {
  id: 'onboarding-policy',
  title: 'The onboarding policy reads back',
  run: async ({ plan, tenant }) => {
    if (plan.onboarding === undefined) return notApplicable(noBatches)
    const policy = await tenant.onboarding()
    const { group, scope } = plan.onboarding
    if (policy?.group === group && policy.scope === scope && !policy.useLicense) return passed({ group, scope })
    return failed({
      finding:
        policy === undefined
          ? 'the tenant has no policy'
          : `the policy names ${policy.group ?? 'no group'} and ${policy.scope}`,
      cure: 'Run the step again; look into the administration log of the tenant for who changed it.',
    })
  },
}

export const onboardingExcludes: Check = {
  id: 'onboarding-accounts',
  title: 'The policy does not refuse those who must protect',
  run: async (context) => {
    const { onboarding, connector } = context.plan
    if (onboarding === undefined) return notApplicable(noBatches)
    const members = membersOf(context.plan, context.people()?.findGroup(onboarding.group)?.members ?? [])
    const needed = [...movedUsers(context.plan), ...(connector === undefined ? [] : [connector.account])]
    const refused = needed.filter((address) => !members.has(address.toLowerCase()))
    const { users } = await context.tenantLog()
    return noneOf(
      refused,
      (names) => `${names} would get "RMS service is disabled for publishing for this user"`,
      `Add them to ${onboarding.group}; the account that installs the connector needs it too. The group cache lasts three hours.`,
      {
        severity: members.size === 0 ? 'warned' : 'failed',
        data: { refused: [...refused].sort(), seenOnTenant: users.size },
      },
    )
  },
}

function membersOf({ onboarding }: MigrationPlan, inDirectory: readonly string[]): ReadonlySet<string> {
  return new Set([...(onboarding?.members ?? []), ...inDirectory].map((address) => address.toLowerCase()))
}

function movedUsers({ batches = [] }: MigrationPlan): readonly string[] {
  return batches.slice(0, 1).flatMap(({ users }) => users)
}

export const prepareScripts: Check = {
  id: 'prepare-scripts',
  title: 'Computers of those who stay are prepared to open content of those who moved',
  run: (context) => {
    if (context.plan.onboarding === undefined) return Promise.resolve(notApplicable(noBatches))
    const { clients } = context.clients()
    if (clients.length === 0) return Promise.resolve(notApplicable('no machine has reported'))
    const without = clients.filter(({ state }) => state === 'untouched')
    const data = { prepared: clients.length - without.length, clients: clients.length }
    if (without.length === 0) return Promise.resolve(passed(data))
    return Promise.resolve(
      warned({
        finding: `the preparation is missing on ${named(without.map(({ computer }) => computer))}`,
        cure: 'Roll out the preparation script there before the first batch moves.',
        data,
      }),
    )
  },
}
