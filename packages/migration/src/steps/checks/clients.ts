/** Clients that moved: every address redirected on every side, stores cleaned, and what the logs say of them. */
import { failed, named, noneOf, notApplicable, passed, warned, type Check } from '../check.ts'
import type { CollectedClient } from '../../client-scripts/collected-checks.ts'
import type { StepContext } from '../context.ts'

const noReport = 'no machine of a batch has reported'

/** Reports of the machines and users in the batches of the plan; of all if there are no batches. */
export function batchClients(context: StepContext): readonly CollectedClient[] {
  const { clients } = context.clients()
  const { batches = [] } = context.plan
  if (batches.length === 0) return clients
  const machines = new Set(batches.flatMap((batch) => batch.machines.map((name) => name.toLowerCase())))
  return clients.filter(({ computer }) => machines.has(computer.toLowerCase()))
}

export const batchReported: Check = {
  id: 'batch-reported',
  title: 'Every machine of the batches has reported',
  run: (context) => {
    const reported = new Set(context.clients().clients.map(({ computer }) => computer.toLowerCase()))
    const planned = (context.plan.batches ?? []).flatMap(({ machines }) => machines)
    if (planned.length === 0) return Promise.resolve(notApplicable('the plan has no batches'))
    return Promise.resolve(
      noneOf(
        planned.filter((name) => !reported.has(name.toLowerCase())),
        (names) => `${names} have not reported`,
        'Run the check script there and put its answer into collected/clients.',
        { severity: 'warned' },
      ),
    )
  },
}

export const redirectionsComplete: Check = {
  id: 'redirections-complete',
  title: 'Every spelling of every old address is redirected on every machine',
  run: (context) => {
    const clients = batchClients(context)
    if (clients.length === 0) return Promise.resolve(notApplicable(noReport))
    const wrong = clients.flatMap(({ computer, wrong: values }) =>
      values.filter(({ name }) => /^https?:/i.test(name)).map(({ name, side }) => `${computer}: ${name} (${side})`),
    )
    return Promise.resolve(
      noneOf(
        wrong,
        (texts) => `not redirected: ${texts}`,
        'Run the scripts of the batch again there; 32-bit Office reads the Wow6432Node side.',
      ),
    )
  },
}

export const officeServersSet: Check = {
  id: 'office-servers-set',
  title: 'Office 2013, 2016 and later know the tenant as their default server',
  run: (context) => {
    const clients = batchClients(context)
    if (clients.length === 0) return Promise.resolve(notApplicable(noReport))
    const wrong = clients.filter(({ wrong: values }) => values.some(({ software }) => software === 'office'))
    return Promise.resolve(
      noneOf(
        wrong.map(({ computer }) => computer),
        (names) => `the settings of Office 15.0 or 16.0 are missing on ${names}`,
        'Early scripts left them out: run the user script of the batch again.',
      ),
    )
  },
}

export const scriptOrder: Check = {
  id: 'script-order',
  title: 'The machine script ran before the user script, in the same version',
  run: (context) => {
    const clients = batchClients(context)
    if (clients.length === 0) return Promise.resolve(notApplicable(noReport))
    const wrong = clients.filter(({ machineVersion, userVersion }) => userVersion > machineVersion)
    return Promise.resolve(
      noneOf(
        wrong.map(({ computer, user }) => `${computer} (${user})`),
        (names) => `the machine script is older than the user script on ${names}`,
        'Run the machine script of the batch there, then the user script.',
      ),
    )
  },
}

export const storesCleaned: Check = {
  id: 'stores-cleaned',
  title: 'Stored certificates of the old service were deleted',
  run: (context) =>
    Promise.resolve(
      noneOf(
        context
          .collected('machines')
          .filter(({ storesCleaned: cleaned }) => cleaned === false)
          .map(({ machine }) => machine),
        (names) => `the stores on ${names} still hold certificates of the cluster`,
        'Run the clean-up of the batch again, elevated and in the name of the user.',
      ),
    ),
}

function movedUsers({ plan }: StepContext): readonly string[] {
  return [...new Set((plan.batches ?? []).flatMap(({ users }) => users.map((address) => address.toLowerCase())))]
}

export const tenantLicensors: Check = {
  id: 'tenant-licensors',
  title: 'Everybody who moved protects with a certificate of the tenant',
  run: async (context) => {
    const users = movedUsers(context)
    if (users.length === 0) return notApplicable('the plan has no batches')
    const now = context.now.toISOString()
    const valid = (await context.tenant.issuedLicensors()).filter(({ validUntil }) => validUntil > now)
    const holders = new Set(valid.map(({ user }) => user.toLowerCase()))
    return noneOf(
      users.filter((user) => !holders.has(user)),
      (names) => `${names} have no certificate of the tenant yet`,
      'Let them open a protected document; if they are refused, look at the onboarding policy and its group cache.',
      { severity: 'warned' },
    )
  },
}

export const movedUsersQuiet: Check = {
  id: 'moved-users-quiet',
  title: 'Nobody who moved still asks a cluster',
  run: async (context) => {
    const users = movedUsers(context)
    if (users.length === 0) return notApplicable('the plan has no batches')
    const since = new Date(context.now.getTime() - (context.plan.watch?.quietDays ?? 14) * 86_400_000).toISOString()
    const log = await context.clusterLog()
    const still = users.filter((user) => (log.users.get(user)?.last ?? '') > since)
    return noneOf(
      still,
      (names) => `${names} still asked a cluster`,
      'Look at the addresses they asked for: a spelling is missing in their redirections, or the scripts did not run.',
      { severity: 'warned' },
    )
  },
}

export const macWindow: Check = {
  id: 'mac-window',
  title: 'The quiet time covers what Macs remember',
  run: async (context) => {
    const macs = context.collected('machines').some(({ kind }) => kind === 'mac')
    const inLog = [...(await context.clusterLog()).agents.keys()].some((agent) => /mac ?os|macintosh/i.test(agent))
    const { quietDays = 14, macs: planned = false } = context.plan.watch ?? {}
    if (!macs && !inLog && !planned) return passed()
    if (quietDays >= 30) return passed({ quietDays })
    return failed({
      finding: `there are Macs, which remember the cluster for up to 30 days, and the quiet time is ${quietDays} days`,
      cure: 'Set watch.quietDays to 30, or clear the caches on the Macs.',
    })
  },
}

export const unreadableReports: Check = {
  id: 'reports-readable',
  title: 'Every report of a machine can be read',
  run: (context) => {
    const { unreadable } = context.clients()
    if (unreadable.length === 0) return Promise.resolve(passed())
    return Promise.resolve(
      warned({
        finding: `${named(unreadable.map(({ file }) => file))} cannot be read`,
        cure: 'Run the check script there again.',
        data: unreadable.map(({ file, code }) => ({ file, code })),
      }),
    )
  },
}
