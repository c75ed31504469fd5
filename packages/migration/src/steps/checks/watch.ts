/** Is anybody left? Verdicts of the watch, and whether the clusters may be switched off. */
import { asJson } from '../../project/canonical-json.ts'
import { askDecision } from '../ask-decision.ts'
import { failed, named, noneOf, notApplicable, passed, warned, type Check } from '../check.ts'
import type { StepContext } from '../context.ts'
import { isAnsweredFor } from '../former-sites.ts'
import { requestsOf } from '../sources/request-log.ts'
import type { WatchResult } from '../watch-port.ts'

const noWatch = 'no watch is connected'

async function watchResult(context: StepContext): Promise<WatchResult | undefined> {
  const { plan, ports, now } = context
  const { quietDays = 14 } = plan.watch ?? {}
  return ports.watch?.verdicts({
    cluster: context.clusterRows(),
    tenant: requestsOf(context.tenant),
    principals:
      context
        .people()
        ?.users.filter(({ disabled }) => !disabled)
        .map(({ address }) => address) ?? [],
    since: new Date(now.getTime() - quietDays * 86_400_000),
    now,
  })
}

export const silence: Check = {
  id: 'silence',
  title: 'Nobody has asked a cluster for as long as the plan demands',
  run: async (context) => {
    const watched = await watchResult(context)
    if (watched === undefined) return notApplicable(noWatch)
    const { quietDays = 14 } = context.plan.watch ?? {}
    const counts: Record<string, number> = {}
    for (const { verdict } of watched.principals) counts[verdict] = (counts[verdict] ?? 0) + 1
    const busy = watched.principals.filter(({ verdict }) => verdict === 'cluster-only' || verdict === 'both')
    if (busy.length === 0) return passed({ quietDays, counts })
    return failed({
      finding: `${named(busy.map(({ principal }) => principal))} asked a cluster within ${quietDays} days`,
      cure: 'Look at the leftover requests: each has a cause and a cure. Then wait.',
      data: { quietDays, counts, principals: asJson(busy) },
    })
  },
}

export const leftoversClassified: Check = {
  id: 'leftovers',
  title: 'Every request that still reached a cluster has a cause',
  run: async (context) => {
    const watched = await watchResult(context)
    if (watched === undefined) return notApplicable(noWatch)
    if (watched.leftovers.length === 0) return passed()
    return warned({
      finding: watched.leftovers.map(({ cause, requests }) => `${cause} (${requests})`).join('; '),
      cure: watched.leftovers.map(({ cure }) => cure).join(' '),
      data: asJson(watched.leftovers),
    })
  },
}

export const silentPeople: Check = {
  id: 'silent-people',
  title: 'It is known who uses neither service',
  run: async (context) => {
    const watched = await watchResult(context)
    if (watched === undefined) return notApplicable(noWatch)
    const silent = watched.principals.filter(({ verdict }) => verdict === 'silent')
    if (silent.length === 0) return passed()
    return warned({
      finding: `${silent.length} people and machines were seen on neither side: ${named(silent.map(({ principal }) => principal))}`,
      cure: 'They may come back from leave with the old settings: let the tenant take over the host names of the clusters.',
      data: asJson(silent),
    })
  },
}

export const scheduledTasks: Check = {
  id: 'scheduled-task',
  title: 'No machine fetches templates from a cluster on a schedule',
  run: (context) =>
    Promise.resolve(
      noneOf(
        context
          .collected('machines')
          .filter(({ scheduledTaskEnabled }) => scheduledTaskEnabled === true)
          .map(({ machine }) => machine),
        (names) => `the task "AD RMS Rights Policy Template Management (Automated)" is enabled on ${names}`,
        'Disable the task; templates come from the tenant.',
        { severity: 'warned' },
      ),
    ),
}

export const domainsSafe: Check = {
  id: 'domains-safe',
  title: 'The domains of all keys are in the tenant, and in files beside it',
  run: async (context) => {
    const inTenant = new Set((await context.tenant.keys()).map(({ id }) => id))
    const unsafe = (await context.exports()).filter(
      ({ publicKey, domain }) => domain === undefined || !inTenant.has(publicKey?.fingerprint ?? ''),
    )
    return noneOf(
      unsafe.map(({ name }) => name),
      (names) => `${names} does not open any more, or its key is not in the tenant`,
      'Bring the file back from its safe; keep it with the backup of the database and the password of the cluster key.',
    )
  },
}

export const samplesOpen: Check = {
  id: 'samples-open',
  title: 'Old content of every key and template opens through the tenant',
  run: async (context) => {
    const samples = context.samples()
    const people = context.people()
    if (samples.length === 0 || people === undefined) return notApplicable('the plan names no samples or no directory')
    const users = people.users.filter(({ disabled }) => !disabled)
    const closed: string[] = []
    for (const { name, serialized, owner } of samples) {
      let opens = false
      // The owner may always open; whoever else may is found by trying.
      for (const address of new Set([...(owner === undefined ? [] : [owner]), ...users.map((user) => user.address)])) {
        opens = (await askDecision(context.tenant, serialized, address)).granted
        if (opens) break
      }
      if (!opens) closed.push(name)
    }
    return noneOf(
      closed,
      (names) => `the tenant gives nobody a licence for ${names}`,
      'Find out which key or template they need; import it before the cluster goes.',
    )
  },
}

export const hostNamesTaken: Check = {
  id: 'host-names-taken',
  title: 'The tenant answers for the host names of the clusters',
  run: async (context) => {
    const { takeOver = [] } = context.plan
    if (takeOver.length === 0) return notApplicable('the plan takes over no host name')
    const { hostNames } = await context.tenantConfiguration()
    return noneOf(
      takeOver.filter((name) => !isAnsweredFor(hostNames, name)),
      (names) => `the tenant does not answer for ${names}`,
      'Run the step again, then point the names to the tenant in the domain name system.',
    )
  },
}

export const onboardingRemoved: Check = {
  id: 'onboarding-removed',
  title: 'Everybody may protect with the tenant',
  run: async ({ tenant }) => {
    const policy = await tenant.onboarding()
    if (policy === undefined) return passed()
    return failed({ finding: `only ${policy.group ?? 'licensed users'} may protect`, cure: 'Run the step again.' })
  },
}
