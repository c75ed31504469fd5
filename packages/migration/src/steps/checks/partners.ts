/**
 * Organisations that move side by side with this one and keep reading each other's documents. Nothing about them is
 * believed: the tenant says whom it trusts, their tenant says with which key it works, and machines say what they have.
 */
import { licensingUrlOf } from '@sealward/protocol'
import type { PlannedPartner } from '../../project/plan.ts'
import { named, noneOf, notApplicable, warned, type Check } from '../check.ts'
import type { StepContext } from '../context.ts'
import { batchClients } from './clients.ts'
import { partnerSpellings, urlInventory } from '../url-inventory.ts'

const noPartners = 'the plan has no partners'

export const partnersPlanned: Check = {
  id: 'partners-planned',
  title: 'Every partner is in the plan, with its addresses, its tenant and its keys',
  run: async (context) => {
    const { plan } = context
    const partners = plan.partners ?? []
    const { users } = await context.clusterLog()
    const known = [...plan.tenant.domains, ...partners.flatMap(({ domains }) => domains)].map((domain) =>
      domain.toLowerCase(),
    )
    const foreign = [...users.keys()]
      .map((address) => address.split('@')[1] ?? '')
      .filter((domain) => !known.includes(domain))
    if (foreign.length > 0) {
      return warned({
        finding: `people of ${named(foreign)} open content, and no partner of the plan has these domains`,
        cure: 'Name the partner in the plan, and agree on keys and redirections before either side moves its users.',
        data: [...new Set(foreign)].sort(),
      })
    }
    return noneOf(
      partners.flatMap((partner) => missingOf(partner).map((field) => `${partner.name} (${field})`)),
      (names) => `the plan does not say everything of ${names}`,
      'Ask the partner: both sides import their keys before either moves users, and redirect each other’s addresses.',
      { severity: 'warned' },
    )
  },
}

function missingOf({ licensingUrls = [], tenantUrl, accountIssuers = [] }: PlannedPartner): readonly string[] {
  return [
    ...(licensingUrls.length === 0 ? ['licensingUrls'] : []),
    ...(tenantUrl === undefined ? ['tenantUrl'] : []),
    ...(accountIssuers.length === 0 ? ['accountIssuers'] : []),
  ]
}

export const partnerUrlsListed: Check = {
  id: 'partner-urls-listed',
  title: 'Every address of a partner in documents is in the plan, letter by letter',
  run: (context) => {
    const { partners = [] } = context.plan
    if (partners.length === 0) return Promise.resolve(notApplicable(noPartners))
    const { classify } = urlInventory(context.plan)
    const urls = context.documents()?.urls.map(({ url }) => url) ?? []
    return Promise.resolve(
      noneOf(
        urls.filter((url) => classify(url) === 'partner-not-listed').map((url) => JSON.stringify(url)),
        (texts) => `documents carry ${texts} of a partner, for which no redirection would be made`,
        'Add the addresses to licensingUrls of the partner exactly as they are.',
        { severity: 'warned' },
      ),
    )
  },
}

/** A check of each partner; all findings together. */
function ofPartners(
  check: Pick<Check, 'id' | 'title'> & {
    readonly missing: (context: StepContext, partner: PlannedPartner) => Promise<readonly string[]>
    readonly finding: (named: string) => string
    readonly cure: string
  },
): Check {
  return {
    id: check.id,
    title: check.title,
    run: async (context) => {
      const { partners = [] } = context.plan
      if (partners.length === 0) return notApplicable(noPartners)
      const found: string[] = []
      for (const partner of partners) {
        for (const each of await check.missing(context, partner)) found.push(`${partner.name} (${each})`)
      }
      return noneOf(found, check.finding, check.cure)
    },
  }
}

/** Accounts of a tenant are of type Federation: without that flag people are refused when they have moved. */
export const partnersTrusted: Check = ofPartners({
  id: 'partners-trusted',
  title: 'The tenant accepts the people of each partner, before and after they move',
  missing: async (context, { accountIssuers = [], domains }) => {
    if (accountIssuers.length === 0) return ['accountIssuers is missing in the plan']
    const trusted = await context.tenant.userDomains()
    return accountIssuers.flatMap((issuer) => {
      const domain = trusted.find(({ id, own }) => id === issuer && !own)
      if (domain === undefined) return [`key ${issuer.slice(0, 16)}`]
      const others = trusted.filter(({ id }) => id !== issuer).flatMap(({ mailDomains }) => mailDomains)
      const refused = domains.filter((name) => !isAccepted(name.toLowerCase(), domain.mailDomains, others))
      return [...refused, ...(domain.federatedUsers ? [] : ['accounts of its tenant'])]
    })
  },
  finding: (names) => `the tenant does not accept ${names}`,
  cure: 'Import the trusted user domains of the partner into the tenant: sealward trust user-domain import --federated.',
})

/** An asterisk means all that are not listed for somebody else. */
function isAccepted(name: string, mailDomains: readonly string[], others: readonly string[]): boolean {
  return isWithin(name, mailDomains) || (mailDomains.includes('*') && !isWithin(name, others))
}

function isWithin(name: string, domains: readonly string[]): boolean {
  return domains.some((each) => name === each || name.endsWith(`.${each}`))
}

export const partnersReachable: Check = ofPartners({
  id: 'partners-tenant-answers',
  title: 'The tenant of each partner answers',
  missing: async ({ ports }, { tenantUrl }) => {
    if (tenantUrl === undefined) return ['tenantUrl is missing in the plan']
    const status = await ports.probe(licensingUrlOf(tenantUrl))
    return status !== undefined && status < 500 ? [] : [tenantUrl]
  },
  finding: (names) => `nobody answers at the tenant of ${names}`,
  cure: 'Ask the partner for the address of its tenant; redirected people would open nothing of the partner.',
})

/** Its licensor certificate is public, so that the import on the other side can be seen from here. */
export const partnersKeysImported: Check = ofPartners({
  id: 'partners-keys-imported',
  title: 'The tenant of each partner works with the key of its cluster',
  missing: async ({ ports }, { tenantUrl, accountIssuers = [] }) => {
    if (tenantUrl === undefined) return ['tenantUrl is missing in the plan']
    const key = await ports.licensorKey(tenantUrl)
    if (key === undefined) return ['no certificate']
    return accountIssuers.includes(key) ? [] : [`key ${key.slice(0, 16)}`]
  },
  finding: (names) => `the tenant works with none of the keys in the plan: ${names}`,
  cure: 'Both sides import their keys before either moves users. Wait for the partner, or correct accountIssuers.',
})

export const partnersRedirected: Check = {
  id: 'partners-redirected',
  title: 'Every machine leads the addresses of partners to their tenants',
  run: (context) => {
    const { partners = [] } = context.plan
    if (partners.length === 0) return Promise.resolve(notApplicable(noPartners))
    const clients = batchClients(context)
    if (clients.length === 0) return Promise.resolve(notApplicable('no machine has reported'))
    const wanted = partners.flatMap((partner) => [...partnerSpellings(partner)])
    const missing = clients.flatMap(({ computer, redirected }) =>
      wanted.filter((url) => !redirected.includes(url)).map((url) => `${computer}: ${url}`),
    )
    return Promise.resolve(
      noneOf(
        missing,
        (texts) => `addresses of partners are not redirected: ${texts}`,
        'Make the scripts of the batch again with the present plan, raise their version, and roll them out.',
      ),
    )
  },
}
