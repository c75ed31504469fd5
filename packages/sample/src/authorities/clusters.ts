/**
 * The four clusters of Lakeside. Two of them stood at the same address, one after the other; one only licensed; and one
 * belonged to a plant whose server was scrapped before anybody exported its key.
 */
import { type CryptographicMode, mode1, mode2, type PublicKey } from '@sealward/xrml'
import { type RandomBytes, randomGuid } from '../randomness.ts'
import { type Authority, issueAuthority, signerOf } from './authority.ts'
import type { SampleHierarchy } from './hierarchy.ts'
import { newKeyPair } from './key-pair.ts'

export type ClusterName = 'rms-old' | 'rms' | 'legal' | 'plant'

/**
 * Keys that a cluster of a larger sample keeps archived: `rms` that of a company that was taken over, `legal` its own one
 * of Cryptographic Mode 1. Each has an export of its own.
 */
export type ArchivedKeyName = 'ferries' | 'legal-old'

/** In the order in which a larger sample gets them. */
export const archivedKeyNames: readonly ArchivedKeyName[] = ['ferries', 'legal-old']

export type KeyName = ClusterName | ArchivedKeyName

export interface ClusterFacts {
  readonly mode: CryptographicMode
  readonly shortHost: string
  readonly extranetHost?: string
  /** As typed at set-up; it stands in the server licensor certificate like this for ever. */
  readonly baseUrl: string
  readonly serverVersion: string
  readonly installedAt: Date
  /** The cluster that certifies accounts for this one. */
  readonly certifiedBy: KeyName
}

export const clusterFacts: Readonly<Record<KeyName, ClusterFacts>> = {
  'rms-old': {
    mode: mode1,
    shortHost: 'rms',
    extranetHost: 'rights.lakeside.example',
    baseUrl: 'HTTP://rms:80/_wmcs',
    serverVersion: '6.1.0.0',
    installedAt: new Date('2009-02-16T08:30Z'),
    certifiedBy: 'rms-old',
  },
  rms: {
    mode: mode2,
    shortHost: 'rms',
    extranetHost: 'rights.lakeside.example',
    baseUrl: 'https://rms.lakeside.example/_wmcs',
    serverVersion: '6.3.0.0',
    installedAt: new Date('2013-11-04T07:45Z'),
    certifiedBy: 'rms',
  },
  legal: {
    mode: mode2,
    shortHost: 'legalrms',
    baseUrl: 'https://legalrms.lakeside.example:443/_wmcs',
    serverVersion: '6.3.0.0',
    installedAt: new Date('2015-02-09T10:10Z'),
    certifiedBy: 'rms',
  },
  plant: {
    mode: mode1,
    shortHost: 'plantsrv2',
    baseUrl: 'http://plantsrv2.lakeside.example/_wmcs',
    serverVersion: '6.1.0.0',
    installedAt: new Date('2010-03-22T13:05Z'),
    certifiedBy: 'plant',
  },
  ferries: {
    mode: mode2,
    shortHost: 'ferryrms',
    baseUrl: 'https://ferryrms.lakeside.example/_wmcs',
    serverVersion: '6.3.0.0',
    installedAt: new Date('2014-05-12T09:40Z'),
    certifiedBy: 'ferries',
  },
  'legal-old': {
    mode: mode1,
    shortHost: 'legalrms',
    baseUrl: 'http://legalrms.lakeside.example/_wmcs',
    serverVersion: '6.1.0.0',
    installedAt: new Date('2010-06-07T08:15Z'),
    certifiedBy: 'rms-old',
  },
}

export interface SampleCluster extends Authority {
  readonly name: KeyName
  readonly facts: ClusterFacts
  readonly publicKey: PublicKey
  readonly hierarchy: SampleHierarchy
  readonly licensingUrl: string
  readonly externalLicensingUrl: string | undefined
}

export type SampleClusters = Readonly<
  Record<ClusterName, SampleCluster> & Partial<Record<ArchivedKeyName, SampleCluster>>
>

export async function createClusters(
  hierarchies: { readonly mode1: SampleHierarchy; readonly mode2: SampleHierarchy },
  random: RandomBytes,
  archivedKeys: readonly ArchivedKeyName[],
): Promise<SampleClusters> {
  const service1 = hierarchies.mode1.enrolmentService
  const service2 = hierarchies.mode2.enrolmentService
  const rms = await createCluster('rms', service2, hierarchies.mode2, random)
  const [old, legal, plant] = await Promise.all([
    createCluster('rms-old', service1, hierarchies.mode1, random),
    // Licensing-only servers were enrolled by their root cluster: one more server certificate in the chain.
    createCluster('legal', rms, hierarchies.mode2, random),
    createCluster('plant', service1, hierarchies.mode1, random),
  ])
  const issuers = { ferries: service2, 'legal-old': old }
  const more = await Promise.all(
    archivedKeys.map(async (name) => {
      const hierarchy = clusterFacts[name].mode.number === 1 ? hierarchies.mode1 : hierarchies.mode2
      return [name, await createCluster(name, issuers[name], hierarchy, random)] as const
    }),
  )
  return { 'rms-old': old, rms, legal, plant, ...Object.fromEntries(more) }
}

async function createCluster(
  name: KeyName,
  above: Authority,
  hierarchy: SampleHierarchy,
  random: RandomBytes,
): Promise<SampleCluster> {
  const facts = clusterFacts[name]
  const key = await newKeyPair(facts.mode.keyBits)
  const authority = await issueAuthority(signerOf(above), key, {
    kind: 'Server-Licensor-Certificate',
    issuedAt: facts.installedAt,
    subject: {
      type: 'MS-DRM-Server',
      idType: 'MS-GUID',
      id: randomGuid(random),
      name: `Lakeside ${name}`,
      addresses: [{ type: 'URL', value: facts.baseUrl }],
    },
    securityLevels: [
      { name: 'Server-Version', value: facts.serverVersion },
      { name: 'Server-SKU', value: 'RMS 2.0' },
    ],
    issueRange: above.certificate.issueRange,
    hash: facts.mode.hash,
    random,
  })
  const { extranetHost } = facts
  return {
    ...authority,
    name,
    facts,
    publicKey: key.handle.publicKey,
    hierarchy,
    licensingUrl: `${facts.baseUrl}/licensing`,
    externalLicensingUrl: extranetHost === undefined ? undefined : `https://${extranetHost}/_wmcs/licensing`,
  }
}
