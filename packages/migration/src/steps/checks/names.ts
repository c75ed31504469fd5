/** Names in the domain name system that still lead clients to a cluster. */
import { named, noneOf, notApplicable, passed, warned, type Check } from '../check.ts'
import type { StepContext } from '../context.ts'
import { nameOfEntry } from '../former-sites.ts'
import { hostOf } from '../url-inventory.ts'

/** Records by which mobile clients and Macs find a cluster (`_rmsdisco`), per mail domain. */
async function mobileRecords({ plan, ports }: StepContext): Promise<readonly string[]> {
  const names = (plan.dns?.mailDomains ?? []).map((domain) => `_rmsdisco._http._tcp.${domain}`)
  const answers = await Promise.all(names.map((name) => ports.dns.services(name)))
  return names.filter((_, index) => (answers[index]?.length ?? 0) > 0)
}

export const mobileRecordsKnown: Check = {
  id: 'mobile-records-known',
  title: 'It is known which mail domains lead mobile clients to a cluster',
  run: async (context) => {
    if (context.plan.dns === undefined) return notApplicable('the plan names no mail domains')
    const found = await mobileRecords(context)
    if (found.length === 0) return passed()
    return warned({
      finding: `${named(found)} lead mobile clients and Macs to a cluster`,
      cure: 'Remove the records, inside and outside, when these people move; Macs remember the answer for up to 30 days.',
      data: [...found],
    })
  },
}

export const mobileRecordsGone: Check = {
  id: 'mobile-records-gone',
  title: 'No record leads mobile clients to a cluster any more',
  run: async (context) => {
    if (context.plan.dns === undefined) return notApplicable('the plan names no mail domains')
    return noneOf(
      await mobileRecords(context),
      (names) => `${names} still answer`,
      'Remove the records in every zone, inside and outside, and wait until they have expired.',
    )
  },
}

async function dnsRedirections({ plan, ports }: StepContext): Promise<readonly string[]> {
  const hosts = [...new Set(plan.clusters.flatMap(({ licensingUrls }) => licensingUrls.map(hostOf)))]
  const names = hosts.map((host) => `_rmsredir._http._tcp.${host}`)
  const answers = await Promise.all(names.map((name) => ports.dns.services(name)))
  return names.filter((_, index) => (answers[index]?.length ?? 0) > 0)
}

export const noDnsRedirection: Check = {
  id: 'no-dns-redirection',
  title: 'No client depends on a redirection by DNS, which needs the cluster',
  run: async (context) => {
    const taken = new Set(context.plan.takeOver?.map(nameOfEntry))
    const records = (await dnsRedirections(context)).filter(
      (name) => !taken.has(name.replace('_rmsredir._http._tcp.', '')),
    )
    const machines = context.collected('machines').filter(({ redirectedByDns }) => redirectedByDns === true)
    return noneOf(
      [...records, ...machines.map(({ machine }) => machine)],
      (names) => `${names}: the redirection is triggered by the refusal of the cluster and ends with it`,
      'Redirect these clients by registry, or let the tenant take over the host names of the cluster.',
      { severity: context.progress.state === 'Draining' ? 'failed' : 'warned' },
    )
  },
}
