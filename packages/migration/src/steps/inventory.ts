/** The inventory: addresses in every spelling, keys with what depends on them, clients, servers, partners, templates. */
import type { Json } from '../project/canonical-json.ts'
import type { StepContext } from './context.ts'
import { keyPathOf } from './key-path.ts'
import type { Counted } from './sources/log-summary.ts'
import { anyoneRights, sourceTemplates } from './template-rights.ts'
import { urlInventory } from './url-inventory.ts'

export async function inventoryOf(context: StepContext): Promise<Json> {
  const { plan } = context
  const log = await context.clusterLog()
  const documents = context.documents()
  const exports = await context.exports()
  const { classify } = urlInventory(plan)
  const documentUrls = new Map(documents?.urls.map(({ url, documents: count }) => [url, count]))
  const urls = [
    ...new Set([
      ...log.urls.keys(),
      ...documentUrls.keys(),
      ...plan.clusters.flatMap(({ licensingUrls }) => licensingUrls),
    ]),
  ]
  return {
    urls: urls.sort().map((url) => ({
      url,
      belongsTo: classify(url),
      documents: documentUrls.get(url) ?? 0,
      requests: log.urls.get(url)?.requests ?? 0,
    })),
    keys: exports.map(({ name, planned, publicKey, checked, urls: ownUrls, refusal }) => ({
      file: name,
      cluster: planned.cluster,
      key: publicKey?.fingerprint ?? null,
      mode: checked?.mode.number ?? null,
      refusal: refusal?.code ?? null,
      urls: [...ownUrls].sort(),
      documents: documents?.keys.find(({ key }) => key === publicKey?.fingerprint)?.documents ?? 0,
      requests: log.issuers.get(publicKey?.fingerprint ?? '')?.requests ?? 0,
      people: log.issuers.get(publicKey?.fingerprint ?? '')?.users.size ?? 0,
    })),
    paths: Object.fromEntries(
      plan.clusters.map((cluster) => [cluster.name, keyPathOf(cluster, plan.tenant.target).path]),
    ),
    templates: sourceTemplates(exports).map(({ id, name, policy }) => ({
      id,
      name,
      anyone: anyoneRights(policy),
      documents: documents?.templates.find((template) => template.id === id)?.documents ?? 0,
    })),
    agents: counted(log.agents),
    servers: counted(log.servers),
    requestTypes: counted(log.types),
    people: log.users.size,
    partners: (plan.partners ?? []).map(({ name, domains, licensingUrls = [], tenantUrl }) => ({
      name,
      domains: [...domains],
      licensingUrls: [...licensingUrls],
      tenantUrl: tenantUrl ?? null,
    })),
  }
}

function counted(map: ReadonlyMap<string, Counted>): Json {
  return [...map]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { requests, users, last }]) => ({ name, requests, people: users.size, last }))
}
