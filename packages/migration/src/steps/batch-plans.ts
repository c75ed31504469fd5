/** The plan of redirections for each batch, from which the client scripts are made. */
import type { PlannedAction } from '../project/journal.ts'
import type { StepContext } from './context.ts'
import { artefact, fileNamePart } from './planned.ts'
import { urlInventory } from './url-inventory.ts'

export function batchPlans(
  context: StepContext,
  step: string,
  batches: readonly { readonly name: string }[],
): readonly PlannedAction[] {
  const { plan, now } = context
  const { classify } = urlInventory(plan)
  const inLicences = context.documents()?.urls.filter(({ url, mapped }) => mapped && classify(url) !== 'tenant') ?? []
  const typed = plan.clusters.flatMap(({ licensingUrls }) => licensingUrls)
  const common = {
    tenantUrl: plan.tenant.url,
    clusterUrls: [
      ...typed.map((url) => ({ url, source: 'typed' })),
      ...inLicences.filter(({ url }) => !typed.includes(url)).map(({ url }) => ({ url, source: 'licence' })),
    ],
    version: now.toISOString().slice(0, 10).replaceAll('-', ''),
    ...(plan.onboarding === undefined ? {} : { stayingUrl: plan.onboarding.extranetUrl }),
    mailDomains: plan.dns?.mailDomains ?? [],
    anchors: plan.trustedRoots,
  }
  return batches.map(({ name }, index) =>
    artefact(
      step,
      `${index + 1}-${fileNamePart(name)}.json`,
      `${JSON.stringify({ ...common, batch: fileNamePart(name) }, null, 2)}\n`,
    ),
  )
}
