/** The sample organisation in memory: authorities, clusters, authors and templates, all keys made for this one run. */
import { type KeyHandle, mode1, mode2, noTimes } from '@sealward/xrml'
import { archivedKeyNames, type ClusterName, createClusters, type SampleClusters } from './authorities/clusters.ts'
import { createDesks, deskOf, type DeskName, type SampleDesks } from './authorities/desks.ts'
import { createHierarchy, type SampleHierarchy } from './authorities/hierarchy.ts'
import type { PlannedRow } from './documents/document-plan.ts'
import { planFor } from './documents/larger-plan.ts'
import { licenseUrls, type UrlSpelling } from './documents/url-spellings.ts'
import { type SampleGroup, sampleGroups } from './people/groups.ts'
import { type SamplePerson, samplePeople } from './people/people.ts'
import { numberedTemplates } from './protection/numbered-templates.ts'
import { type PolicyName, policyOf, type SamplePolicy } from './protection/policies.ts'
import {
  protectDocument,
  type ProtectDocumentInput,
  type ProtectedDocument,
  type SampleContainer,
} from './protection/protect-document.ts'
import { createTemplates, namedTemplatesExported, type SampleTemplates } from './protection/templates.ts'
import type { RandomBytes } from './randomness.ts'

/** A document to protect, in the words of the sample. What is left out is what the author's client would have chosen. */
export interface ProtectSpec {
  readonly desk: DeskName
  readonly content: Uint8Array
  /** Office Open XML by default. */
  readonly container?: SampleContainer
  readonly policy?: PolicyName | SamplePolicy
  readonly spelling?: UrlSpelling
  /** Within the year of the desk; its first working day by default. */
  readonly issuedAt?: Date
  readonly signedBy?: ProtectDocumentInput['signedBy']
  /** AES-128: ECB in Office documents, CBC4K in PFILEs. */
  readonly cipher?: ProtectDocumentInput['cipher']
  readonly cacheForOwner?: boolean | undefined
  /** Another desk of the same certifying cluster, whose person gets the right to view. */
  readonly cacheFor?: DeskName | undefined
  readonly contentName?: string | undefined
  readonly labels?: ProtectDocumentInput['labels']
  readonly alterLicense?: ProtectDocumentInput['alterLicense']
}

export interface SampleOrganisation {
  readonly people: readonly SamplePerson[]
  readonly groups: readonly SampleGroup[]
  readonly hierarchies: { readonly mode1: SampleHierarchy; readonly mode2: SampleHierarchy }
  readonly clusters: SampleClusters
  readonly desks: SampleDesks
  readonly templates: SampleTemplates
  /** What documents are made of, over and over. */
  readonly plan: readonly PlannedRow[]
  /** The private key operations of a cluster, also of the one whose key was never exported. */
  keyOf(cluster: ClusterName): KeyHandle
  protectDocument(spec: ProtectSpec): Promise<ProtectedDocument>
}

/** How many keys and templates the exports of a sample hold; more of them come with documents of their own. */
export interface OrganisationSize {
  /** `sampleKeys.least` unless told otherwise, at most `sampleKeys.most`: the further ones are archived keys of clusters. */
  readonly keys?: number
  /** `sampleTemplates.least` unless told otherwise. */
  readonly templates?: number
}

const exportedClusters = ['rms-old', 'rms', 'legal'] as const

export const sampleKeys = { least: exportedClusters.length, most: exportedClusters.length + archivedKeyNames.length }
export const sampleTemplates = { least: namedTemplatesExported, most: 1000 }

export interface CreateOrganisationInput extends OrganisationSize {
  readonly random: RandomBytes
}

export async function createSampleOrganisation(input: CreateOrganisationInput): Promise<SampleOrganisation> {
  const { random, keys = sampleKeys.least, templates: templateCount = sampleTemplates.least } = input
  const archivedKeys = archivedKeyNames.slice(0, keys - sampleKeys.least)
  const [first, second] = await Promise.all([createHierarchy(mode1, random), createHierarchy(mode2, random)])
  const hierarchies = { mode1: first, mode2: second }
  const clusters = await createClusters(hierarchies, random, archivedKeys)
  const numbered = numberedTemplates(templateCount - sampleTemplates.least, [...exportedClusters, ...archivedKeys])
  const [desks, templates] = await Promise.all([
    createDesks(clusters, random),
    createTemplates(clusters, random, numbered),
  ])
  return {
    people: samplePeople,
    groups: sampleGroups,
    hierarchies,
    clusters,
    desks,
    templates,
    plan: planFor(
      desks,
      Object.values(templates).filter(({ key }) => key in numbered),
    ),
    keyOf: (cluster) => clusters[cluster].key.handle,
    protectDocument: (spec) => protectDocument(completeSpec(spec, desks), templates, random),
  }
}

const firstDay = 86_400_000

function completeSpec(spec: ProtectSpec, desks: SampleDesks): ProtectDocumentInput {
  const desk = deskOf(desks, spec.desk)
  const container = spec.container ?? { kind: 'office' }
  const policy = spec.policy ?? 'staff reads'
  return {
    desk,
    signedBy: spec.signedBy ?? 'client',
    policy: policyOf(policy),
    issuedAt: spec.issuedAt ?? new Date(desk.since.getTime() + firstDay),
    ...licenseUrls(desk.cluster, spec.spelling ?? 'as configured'),
    cipher: spec.cipher ?? { mode: container.kind === 'office' ? 'ecb' : 'cbc4k', keyBytes: 16 },
    contentName: spec.contentName,
    container,
    content: spec.content,
    cacheForOwner: spec.cacheForOwner,
    cacheFor:
      spec.cacheFor === undefined
        ? undefined
        : { reader: deskOf(desks, spec.cacheFor), rights: [{ right: 'VIEW', times: noTimes }] },
    labels: spec.labels,
    alterLicense: spec.alterLicense,
  }
}
