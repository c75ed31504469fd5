/** The plan of redirections for each batch, from which the client scripts are made. */
import type { PlannedAction } from '../project/journal.ts'
import type { PartnerRedirection } from '../client-scripts/redirection-plan.ts'
import type { PlannedPartner } from '../project/plan.ts'
import type { StepContext } from './context.ts'
import { artefact, fileNamePart } from './planned.ts'
import { partnerSpellings, urlInventory } from './url-inventory.ts'

export function batchPlans(
  context: StepContext,
  step: string,
  batches: readonly { readonly name: string }[],
): readonly PlannedAction[] {
  const { plan, now } = context
  const { classify } = urlInventory(plan)
  const inLicences =
    context.documents()?.urls.filter(({ url, mapped }) => mapped && !['tenant', 'partner'].includes(classify(url))) ??
    []
  const { partners = [] } = plan
  const seenAtPartners = (context.documents()?.urls ?? [])
    .map(({ url }) => url)
    .filter((url) => classify(url) === 'partner')
  // A cluster whose key cannot leave goes on opening (section 9): nobody else can be asked for its content.
  const typed = plan.clusters.flatMap(({ exportable, licensingUrls }) => (exportable ? licensingUrls : []))
  const common = {
    tenantUrl: plan.tenant.url,
    clusterUrls: [
      ...typed.map((url) => ({ url, source: inLicences.some((seen) => seen.url === url) ? 'licence' : 'typed' })),
      ...inLicences.filter(({ url }) => !typed.includes(url)).map(({ url }) => ({ url, source: 'licence' })),
    ],
    version: now.toISOString().slice(0, 10).replaceAll('-', ''),
    ...(plan.onboarding === undefined ? {} : { stayingUrl: plan.onboarding.extranetUrl }),
    mailDomains: plan.dns?.mailDomains ?? [],
    anchors: [...new Set([...plan.trustedRoots, ...partners.flatMap(({ trustedRoots = [] }) => trustedRoots)])],
    ...(partners.length === 0
      ? {}
      : { partners: partners.flatMap((partner) => partnerRedirection(partner, seenAtPartners)) }),
  }
  return batches.map(({ name }, index) =>
    artefact(
      step,
      `${index + 1}-${fileNamePart(name)}.json`,
      `${JSON.stringify({ ...common, batch: fileNamePart(name) }, null, 2)}\n`,
    ),
  )
}

/** The spellings that documents carry count as those of the plan. Without a tenant there is nowhere to lead to yet. */
function partnerRedirection(
  { tenantUrl, licensingUrls = [] }: PlannedPartner,
  seen: readonly string[],
): readonly PartnerRedirection[] {
  if (tenantUrl === undefined || licensingUrls.length === 0) return []
  const spellings = partnerSpellings({ licensingUrls })
  const inDocuments = seen.filter((url) => spellings.has(url.toLowerCase()) && !licensingUrls.includes(url))
  return [
    {
      tenantUrl,
      clusterUrls: [
        ...licensingUrls.map((url) => ({ url, source: 'typed' as const })),
        ...inDocuments.map((url) => ({ url, source: 'licence' as const })),
      ],
    },
  ]
}
