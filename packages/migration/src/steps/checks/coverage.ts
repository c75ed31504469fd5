/** Whether everything that is in use is covered: first of all, every key that licences were issued by. */
import { asJson } from '../../project/canonical-json.ts'
import { failed, named, noneOf, notApplicable, passed, warned, type Check } from '../check.ts'
import type { StepContext } from '../context.ts'
import { hostOf, urlInventory } from '../url-inventory.ts'

export interface UncoveredIssuer {
  readonly key: string
  readonly documents: number
  readonly requests: number
  readonly people: number
  readonly urls: readonly string[]
}

async function uncoveredIssuers(context: StepContext): Promise<readonly UncoveredIssuer[]> {
  const covered = await coveredKeys(context)
  const documents = context.documents()
  const { issuers } = await context.clusterLog()
  const urls = new Map(documents?.missingKeys.map((missing) => [missing.issuerKey, missing.urls]))
  const counts = new Map<string, number>([
    ...(documents?.keys.map((key) => [key.key, key.documents] as const) ?? []),
    ...(documents?.missingKeys.map((key) => [key.issuerKey, key.documents] as const) ?? []),
  ])
  const served = servedByReadOnly(context)
  return [...new Set([...counts.keys(), ...issuers.keys()])]
    .filter((key) => !covered.has(key))
    .map((key) => ({
      key,
      documents: counts.get(key) ?? 0,
      requests: issuers.get(key)?.requests ?? 0,
      people: issuers.get(key)?.users.size ?? 0,
      urls: urls.get(key) ?? [],
    }))
    .filter((issuer) => !(issuer.urls.length > 0 && issuer.urls.every((url) => served.has(hostOf(url)))))
    .sort((a, b) => b.documents - a.documents || b.requests - a.requests || (a.key < b.key ? -1 : 1))
}

/** Keys in the exports, in the tenant, and in clusters that stay for reading. */
async function coveredKeys(context: StepContext): Promise<ReadonlySet<string>> {
  const { plan, tenant } = context
  const exported = (await context.exports()).filter(
    ({ checked, planned }) => checked !== undefined || planned.keyReference !== undefined,
  )
  const staying = plan.clusters
    .filter(({ exportable }) => !exportable)
    .flatMap(({ name }) => context.clusterApi(name) ?? [])
  const inServices = await Promise.all([tenant, ...staying].map((api) => api.keys()))
  return new Set([
    ...exported.flatMap(({ publicKey }) => publicKey?.fingerprint ?? []),
    ...inServices.flat().map(({ id }) => id),
  ])
}

function servedByReadOnly({ plan }: StepContext): ReadonlySet<string> {
  const staying = plan.clusters.filter(({ exportable }) => !exportable)
  return new Set(staying.flatMap(({ licensingUrls }) => licensingUrls.map(hostOf)))
}

export const issuersCovered: Check = {
  id: 'issuers-covered',
  title: 'Every key that licences in use were issued by is exported',
  run: async (context) => {
    const missing = await uncoveredIssuers(context)
    if (missing.length === 0) return passed()
    const sentences = missing.map(
      ({ key, documents, requests, people }) =>
        `${key.slice(0, 16)} (${documents} documents, ${requests} requests of ${people} people)`,
    )
    return failed({
      code: 'issuer-not-covered',
      finding: `no export holds ${named(sentences)}`,
      cure: 'Export the trusted publishing domain of that key, archived and Mode 1 ones included, and of every licensing-only cluster.',
      data: asJson(missing),
    })
  },
}

export const logPresent: Check = {
  id: 'log-present',
  title: 'The clusters have kept a log of requests',
  run: async (context) => {
    const without = context.plan.clusters.filter(
      ({ name, requestLog }) => requestLog === undefined && context.clusterApi(name) === undefined,
    )
    const { requests } = await context.clusterLog()
    if (without.length === 0 && requests > 0) return passed({ requests })
    return warned({
      finding:
        requests === 0 ? 'no request was logged' : `there is no log of ${named(without.map(({ name }) => name))}`,
      cure: 'Turn on logging and wait for some weeks, or rely on the rehearsal over the documents alone.',
      data: { requests },
    })
  },
}

export const urlsInInventory: Check = {
  id: 'urls-in-inventory',
  title: 'Every address in licences is in the plan, letter by letter',
  run: async (context) => {
    const { classify } = urlInventory(context.plan)
    const seen = await seenUrls(context)
    // A plan cannot hold a blank at the end. Of rehearsed documents the client scripts take that spelling as it is.
    const rehearsed = new Set(context.documents()?.urls.map(({ url }) => url))
    const isTaken = (url: string): boolean => rehearsed.has(url) && classify(url.trimEnd()) === 'covered'
    const found = [...seen].filter(
      ([url, mapped]) =>
        !isTaken(url) && (classify(url) === 'other-spelling' || (mapped && classify(url) === 'unknown-host')),
    )
    return noneOf(
      found.map(([url]) => JSON.stringify(url)),
      (urls) => `licences carry ${urls}, for which no redirection would be made`,
      'Add the addresses to the cluster in the plan exactly as they are; remove blanks only at the source, never here.',
    )
  },
}

export const foreignUrls: Check = {
  id: 'foreign-urls',
  title: 'No address of an unknown service is in use',
  run: async (context) => {
    const { classify } = urlInventory(context.plan)
    const found = [...(await seenUrls(context))].filter(([url, mapped]) => !mapped && classify(url) === 'unknown-host')
    return noneOf(
      found.map(([url]) => JSON.stringify(url)),
      (urls) => `licences carry ${urls} of no cluster or partner in the plan`,
      'Find out whether it is a forgotten cluster (export its key) or a partner (name it in the plan).',
      { severity: 'warned' },
    )
  },
}

/** Addresses with whether their key is one of ours. */
async function seenUrls(context: StepContext): Promise<ReadonlyMap<string, boolean>> {
  const { urls } = await context.clusterLog()
  const documents = context.documents()?.urls ?? []
  return new Map([
    ...[...urls.keys()].map((url) => [url, true] as const),
    ...documents.map(({ url, mapped }) => [url, mapped] as const),
  ])
}

export const rehearsalPresent: Check = {
  id: 'rehearsal-present',
  title: 'The documents were rehearsed',
  run: (context) => {
    const documents = context.documents()
    if (documents === undefined) {
      return Promise.resolve(
        warned({
          finding: 'the plan names no rehearsal of the documents',
          cure: 'Run `sealward rehearse` with --json over the file shares and name the report in the plan.',
        }),
      )
    }
    const { opens, fails } = documents.summary
    if (fails === 0) return Promise.resolve(passed(documents.summary))
    return Promise.resolve(
      warned({
        finding: `${fails} of ${opens + fails} protected documents do not open`,
        cure: 'See the causes and cures in the report of the rehearsal.',
        data: documents.summary,
      }),
    )
  },
}

export const templatesExported: Check = {
  id: 'templates-exported',
  title: 'Every template that documents use is in an export',
  run: (context) => {
    const templates = context.documents()?.templates
    if (templates === undefined) return Promise.resolve(notApplicable('no rehearsal'))
    return Promise.resolve(
      noneOf(
        templates.filter(({ exported }) => !exported).map(({ name, id }) => (name === '' ? id : name)),
        (names) => `documents use ${names}, which no export holds; the copy in each licence decides`,
        'Restore the template on the cluster and export again if its current version shall decide.',
        { severity: 'warned' },
      ),
    )
  },
}
