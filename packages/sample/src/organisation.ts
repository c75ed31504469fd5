/** The sample organisation in memory: authorities, clusters, authors and templates, all keys made for this one run. */
import { type KeyHandle, mode1, mode2, noTimes } from '@sealward/xrml'
import { type ClusterName, createClusters, type SampleClusters } from './authorities/clusters.ts'
import { createDesks, type DeskName, type SampleDesks } from './authorities/desks.ts'
import { createHierarchy, type SampleHierarchy } from './authorities/hierarchy.ts'
import { licenseUrls, type UrlSpelling } from './documents/url-spellings.ts'
import { type SampleGroup, sampleGroups } from './people/groups.ts'
import { type SamplePerson, samplePeople } from './people/people.ts'
import { type PolicyName, samplePolicies, type SamplePolicy } from './protection/policies.ts'
import {
  protectDocument,
  type ProtectDocumentInput,
  type ProtectedDocument,
  type SampleContainer,
} from './protection/protect-document.ts'
import { createTemplates, type SampleTemplates } from './protection/templates.ts'
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
  /** The private key operations of a cluster, also of the one whose key was never exported. */
  keyOf(cluster: ClusterName): KeyHandle
  protectDocument(spec: ProtectSpec): Promise<ProtectedDocument>
}

export async function createSampleOrganisation(input: { readonly random: RandomBytes }): Promise<SampleOrganisation> {
  const { random } = input
  const [first, second] = await Promise.all([createHierarchy(mode1, random), createHierarchy(mode2, random)])
  const hierarchies = { mode1: first, mode2: second }
  const clusters = await createClusters(hierarchies, random)
  const [desks, templates] = await Promise.all([createDesks(clusters, random), createTemplates(clusters, random)])
  return {
    people: samplePeople,
    groups: sampleGroups,
    hierarchies,
    clusters,
    desks,
    templates,
    keyOf: (cluster) => clusters[cluster].key.handle,
    protectDocument: (spec) => protectDocument(completeSpec(spec, desks), templates, random),
  }
}

const firstDay = 86_400_000

function completeSpec(spec: ProtectSpec, desks: SampleDesks): ProtectDocumentInput {
  const desk = desks[spec.desk]
  const container = spec.container ?? { kind: 'office' }
  const policy = spec.policy ?? 'staff reads'
  return {
    desk,
    signedBy: spec.signedBy ?? 'client',
    policy: typeof policy === 'string' ? samplePolicies[policy] : policy,
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
        : { reader: desks[spec.cacheFor], rights: [{ right: 'VIEW', times: noTimes }] },
    labels: spec.labels,
    alterLicense: spec.alterLicense,
  }
}
