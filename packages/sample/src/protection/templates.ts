/** The sample's rights policy templates, signed by their clusters. */
import { type Grant, issueRightsTemplate, type LocalizedName } from '@sealward/xrml'
import type { ClusterName, SampleCluster, SampleClusters } from '../authorities/clusters.ts'
import { type RandomBytes, randomGuid } from '../randomness.ts'
import {
  type TemplateDefinition,
  templateDefinitions,
  type TemplateEdition,
  type TemplateName,
} from './template-definitions.ts'

export interface SignedTemplate {
  /** Exact text. */
  readonly text: string
  readonly grants: readonly Grant[]
}

export interface SampleTemplate {
  readonly key: TemplateName
  readonly cluster: ClusterName
  /** Braced GUID; all editions share it. */
  readonly id: string
  readonly state: 'published' | 'archived' | 'deleted'
  readonly names: readonly LocalizedName[]
  readonly current: SignedTemplate
  /** What documents were protected with before an administrator edited the template; otherwise the current one. */
  readonly earlier: SignedTemplate
}

export type SampleTemplates = Readonly<Record<TemplateName, SampleTemplate>>

const templateNames = Object.keys(templateDefinitions) as readonly TemplateName[]

export async function createTemplates(clusters: SampleClusters, random: RandomBytes): Promise<SampleTemplates> {
  const templates = await Promise.all(
    templateNames.map(async (key) => {
      const definition = templateDefinitions[key]
      const id = randomGuid(random)
      const cluster = clusters[definition.cluster]
      const current = await signTemplate(cluster, id, definition, definition.current)
      const earlier =
        definition.earlier === undefined ? current : await signTemplate(cluster, id, definition, definition.earlier)
      const { state, names } = definition
      return [key, { key, cluster: cluster.name, id, state, names, current, earlier }] as const
    }),
  )
  return Object.fromEntries(templates) as unknown as SampleTemplates
}

/** The templates that a cluster's export holds, in stable order. */
export function exportedTemplates(templates: SampleTemplates, cluster: ClusterName): readonly SampleTemplate[] {
  return templateNames
    .map((key) => templates[key])
    .filter((template) => template.cluster === cluster && template.state !== 'deleted')
}

async function signTemplate(
  cluster: SampleCluster,
  id: string,
  definition: TemplateDefinition,
  edition: TemplateEdition,
): Promise<SignedTemplate> {
  const { referral, noCaching, names } = definition
  const text = await issueRightsTemplate({
    id,
    names,
    grants: edition.grants,
    issuedAt: edition.issuedAt,
    licensor: cluster.certificate.principal,
    publishingUrl: cluster.licensingUrl,
    key: cluster.key.handle,
    ...(referral === undefined ? {} : { referral }),
    ...(noCaching === true ? { applicationData: [{ name: 'NOLICCACHE', value: '1' }] } : {}),
  })
  return { text, grants: edition.grants }
}
