/** The sample's rights policy templates, signed by their clusters. */
import { type Grant, issueRightsTemplate, type LocalizedName } from '@sealward/xrml'
import type { KeyName, SampleCluster, SampleClusters } from '../authorities/clusters.ts'
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
  readonly key: string
  readonly cluster: KeyName
  /** Braced GUID; all editions share it. */
  readonly id: string
  readonly state: 'published' | 'archived' | 'deleted'
  readonly names: readonly LocalizedName[]
  readonly definition: TemplateDefinition
  readonly current: SignedTemplate
  /** What documents were protected with before an administrator edited the template; otherwise the current one. */
  readonly earlier: SignedTemplate
}

/** Those of the story by name, and numbered ones in a larger sample. */
export type SampleTemplates = Readonly<Record<TemplateName, SampleTemplate> & Record<string, SampleTemplate>>

/** How many templates the exports of every sample hold. */
export const namedTemplatesExported = Object.values(templateDefinitions).filter(
  ({ state }) => state !== 'deleted',
).length

export async function createTemplates(
  clusters: SampleClusters,
  random: RandomBytes,
  numbered: Readonly<Record<string, TemplateDefinition>>,
): Promise<SampleTemplates> {
  const templates = await Promise.all(
    Object.entries({ ...templateDefinitions, ...numbered }).map(async ([key, definition]) => {
      const id = randomGuid(random)
      const cluster = clusters[definition.cluster]
      if (cluster === undefined) throw new RangeError(`no cluster ${definition.cluster} in the sample`)
      const current = await signTemplate(cluster, id, definition, definition.current)
      const earlier =
        definition.earlier === undefined ? current : await signTemplate(cluster, id, definition, definition.earlier)
      const { state, names } = definition
      return [key, { key, cluster: cluster.name, id, state, names, definition, current, earlier }] as const
    }),
  )
  return Object.fromEntries(templates) as unknown as SampleTemplates
}

/** The templates that a cluster's export holds, in stable order. */
export function exportedTemplates(templates: SampleTemplates, cluster: KeyName): readonly SampleTemplate[] {
  return Object.values(templates).filter((template) => template.cluster === cluster && template.state !== 'deleted')
}

export function templateOf(templates: SampleTemplates, key: string): SampleTemplate {
  const template = templates[key]
  if (template === undefined) throw new RangeError(`no template ${key} in the sample`)
  return template
}

async function signTemplate(
  cluster: SampleCluster,
  id: string,
  definition: TemplateDefinition,
  edition: TemplateEdition,
): Promise<SignedTemplate> {
  const { referral, noCaching, names, expires } = definition
  const text = await issueRightsTemplate({
    id,
    names,
    grants: edition.grants,
    issuedAt: edition.issuedAt,
    licensor: cluster.certificate.principal,
    publishingUrl: cluster.licensingUrl,
    key: cluster.key.handle,
    ...(expires === undefined ? {} : { preconditions: expires }),
    ...(referral === undefined ? {} : { referral }),
    ...(noCaching === true ? { applicationData: [{ name: 'NOLICCACHE', value: '1' }] } : {}),
  })
  return { text, grants: edition.grants }
}
