/** Who uses the clusters: kinds of clients, and servers. */
import { noneOf, notApplicable, passed, warned, type Check } from '../check.ts'
import type { MachineReport } from '../sources/collected.ts'

/** The versions from which a client reads with a cluster and protects with a tenant. */
const leastVersions: Readonly<Record<string, string>> = {
  '15-msi': '15.0.4849.1000',
  '15-click-to-run': '15.0.4849.1000',
  '16-msi': '16.0.4496.1000',
  '16-click-to-run': '16.0.7407.1000',
}

export const clientsKnown: Check = {
  id: 'clients-known',
  title: 'The kinds of clients are known',
  run: async (context) => {
    const { agents } = await context.clusterLog()
    if (agents.size === 0) {
      return warned({
        finding: 'the log names no client',
        cure: 'Collect reports of the machines, or look into the log after some days.',
      })
    }
    return passed(
      Object.fromEntries(
        [...agents].sort(([a], [b]) => (a < b ? -1 : 1)).map(([agent, { requests }]) => [agent, requests]),
      ),
    )
  },
}

export const clientVersions: Check = {
  id: 'client-versions',
  title: 'The clients can read from a cluster and protect with the tenant',
  run: (context) => {
    const machines = context.collected('machines')
    if (machines.length === 0) return Promise.resolve(notApplicable('no machine has reported'))
    return Promise.resolve(
      noneOf(
        machines.filter(isTooOld).map(({ machine, officeVersion = '' }) => `${machine} (${officeVersion})`),
        (names) => `Office is too old on ${names}`,
        'Update Office there first: 15.0.4849.1000, 16.0.4496.1000 (MSI) or 16.0.7407.1000 (click-to-run) at least.',
      ),
    )
  },
}

function isTooOld({ officeVersion, officeEdition = 'msi' }: MachineReport): boolean {
  if (officeVersion === undefined || officeEdition === 'none') return false
  const [major = ''] = officeVersion.split('.')
  const least = leastVersions[`${major}-${officeEdition}`]
  return least === undefined ? Number(major) < 15 : compareVersions(officeVersion, least) < 0
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number))
  for (let part = 0; part < 4; part++) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

export const serversPlanned: Check = {
  id: 'servers-planned',
  title: 'Every server that certifies itself at a cluster is in the plan',
  run: async (context) => {
    const { servers } = await context.clusterLog()
    const planned = new Set(context.plan.connector?.servers.map(({ name }) => name.toLowerCase()))
    return noneOf(
      [...servers.keys()].filter((server) => !planned.has(server.toLowerCase())),
      (names) => `${names} use the clusters as servers`,
      'Add them to connector.servers in the plan: mail, collaboration or file servers move in a step of their own.',
      { severity: 'warned' },
    )
  },
}
