/** Clusters that only read: protecting refused on every node and path, opening goes on. */
import { usualBasePath } from '@sealward/protocol'
import { failed, named, noneOf, notApplicable, passed, warned, type Check } from '../check.ts'
import type { StepContext } from '../context.ts'
import { operationOf } from '../../watch/request-event.ts'

const noReport = 'no node has reported'
const noneReadOnly = 'the plan has no read-only cluster'

const isDenied = (denied: readonly string[], group: string): boolean =>
  denied.some((who) => ['everyone', group.toLowerCase()].includes(who.toLowerCase()))

/** As administrators of the web server know it; on another web site something may stand before it. */
const folderOf = (node: string, name: string): string => `${node}${usualBasePath}/${name}`

export const nodesDenied: Check = {
  id: 'nodes-denied',
  title: 'Every node refuses Publish.asmx, on the external path too',
  run: (context) => {
    const { readOnly } = context.plan
    if (readOnly === undefined) return Promise.resolve(notApplicable(noneReadOnly))
    const nodes = context.collected('nodes')
    if (nodes.length === 0) return Promise.resolve(notApplicable(noReport))
    const open = nodes.flatMap(({ node, folders }) =>
      folders.filter(({ denied }) => !isDenied(denied, readOnly.group ?? '')).map(({ name }) => folderOf(node, name)),
    )
    return Promise.resolve(
      noneOf(
        open,
        (names) => `publishing is still allowed at ${names}`,
        'Deny Full Control on Publish.asmx there; the published procedure forgets licensingexternal.',
      ),
    )
  },
}

export const nodesNotAnonymous: Check = {
  id: 'nodes-not-anonymous',
  title: 'Nobody publishes without a name',
  run: (context) => {
    if (context.plan.readOnly === undefined) return Promise.resolve(notApplicable(noneReadOnly))
    const open = context
      .collected('nodes')
      .flatMap(({ node, folders }) =>
        folders.filter(({ anonymous }) => anonymous).map(({ name }) => folderOf(node, name)),
      )
    return Promise.resolve(
      noneOf(
        open,
        (names) => `anonymous access is on at ${names}`,
        'Turn it off on Publish.asmx; a denied group means nothing to those without a name.',
      ),
    )
  },
}

export const partnersBlocked: Check = {
  id: 'read-only-partners',
  title: 'It is known which partners lose anonymous access',
  run: async (context) => {
    if (context.plan.readOnly === undefined) return notApplicable(noneReadOnly)
    const domains = context.plan.tenant.domains.map((domain) => domain.toLowerCase())
    const foreign = [...(await context.clusterLog()).users.keys()].filter(
      (address) => !domains.includes(address.split('@')[1] ?? ''),
    )
    if (foreign.length === 0) return passed()
    return warned({
      finding: `${named(foreign)} of trusted organisations rely on anonymous access and are blocked from protecting`,
      cure: 'Agree with the partners first; they can still open content.',
      data: [...foreign].sort(),
    })
  },
}

export const clustersReadOnly: Check = {
  id: 'clusters-read-only',
  title: 'The clusters refuse protecting by their own settings',
  run: async (context) => {
    const { readOnly } = context.plan
    if (readOnly === undefined) return notApplicable(noneReadOnly)
    const wrong: string[] = []
    for (const name of readOnly.clusters) {
      const api = context.clusterApi(name)
      if (api === undefined) continue
      const rule = (await api.configuration()).readOnly
      const isRight =
        readOnly.group === undefined
          ? rule?.everyone === true
          : rule?.everyone === true || rule?.group === readOnly.group
      if (!isRight) wrong.push(name)
    }
    return noneOf(wrong, (names) => `${names} does not refuse protecting`, 'Run the step again.')
  },
}

/** A fresh client opened something after somebody was refused: both halves of the rule work. */
export const readOnlyProved: Check = {
  id: 'read-only-proved',
  title: 'Since the change protecting was refused and opening succeeded',
  run: async (context) => {
    const { readOnly } = context.plan
    if (readOnly === undefined) return notApplicable(noneReadOnly)
    const { published, opened, refused } = await outcomes(context)
    if (published > 0) {
      return failed({
        finding: `${published} requests to protect succeeded since the change`,
        cure: 'Look at the nodes and paths in the log; one of them does not refuse.',
      })
    }
    if (refused > 0 && opened > 0) return passed({ refused, opened })
    return warned({
      finding: refused === 0 ? 'nobody has tried to protect yet' : 'nobody has opened anything yet',
      cure: 'Try both with a fresh client: opening old content must succeed, protecting must be refused.',
      data: { refused, opened },
    })
  },
}

async function outcomes(context: StepContext): Promise<{ published: number; opened: number; refused: number }> {
  const counts = { published: 0, opened: 0, refused: 0 }
  for (const name of context.plan.readOnly?.clusters ?? []) {
    const api = context.clusterApi(name)
    if (api === undefined) continue
    const { group } = context.plan.readOnly ?? {}
    const members = group === undefined ? undefined : new Set(context.people()?.findGroup(group)?.members)
    for (let after = 0; ; ) {
      const { rows, next } = await api.requests(after, 5_000)
      for (const row of rows) {
        if (row.requestTime < (context.startedAt('ro') ?? '')) continue
        if (members !== undefined && !members.has(row.authenticatedId.toLowerCase())) continue
        const operation = operationOf(row.requestType)
        const succeeded = row.successOrFailure === 'Succeeded'
        if (operation === 'Publish' || operation === 'GetClientLicensorCert')
          counts[succeeded ? 'published' : 'refused']++
        if (operation === 'AcquireLicense' && succeeded) counts.opened++
      }
      if (next === undefined || next <= after) break
      after = next
    }
  }
  return counts
}
