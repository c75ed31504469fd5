/**
 * A desk: one author at one cluster in one year, with the account certificate and the client licensor certificate that
 * a Windows client would have fetched then. Everything that desk publishes must fall into that year.
 */
import {
  type AccountCertificate,
  type ClientLicensorCertificate,
  issueAccountCertificate,
  issueClientLicensorCertificate,
  parseAccountCertificate,
  parseClientLicensorCertificate,
  parseXrml,
} from '@sealward/xrml'
import { type SamplePerson, samplePerson } from '../people/people.ts'
import { type RandomBytes, randomGuid } from '../randomness.ts'
import type { KeyName, SampleCluster, SampleClusters } from './clusters.ts'
import { type KeyPair, newKeyPair } from './key-pair.ts'

const deskFacts = {
  'anna-2009': { author: 'anna.berg', cluster: 'rms-old', since: '2009-03-02T08:00Z', clientVersion: '6.0.6002.18005' },
  'jonas-2011': {
    author: 'jonas.weiss',
    cluster: 'rms-old',
    since: '2011-01-10T07:30Z',
    clientVersion: '6.1.7601.17514',
  },
  'emma-2013': { author: 'emma.lund', cluster: 'rms-old', since: '2012-12-03T09:10Z', clientVersion: '6.2.9200.16384' },
  'anna-2014': { author: 'anna.berg', cluster: 'rms', since: '2013-12-09T08:20Z', clientVersion: '6.1.7601.18409' },
  'li-2016': { author: 'li.chen', cluster: 'rms', since: '2016-01-04T11:00Z', clientVersion: '6.3.9600.17415' },
  'marta-2019': { author: 'marta.kowal', cluster: 'rms', since: '2019-02-18T10:45Z', clientVersion: '10.0.17763.1' },
  'emma-2024': { author: 'emma.lund', cluster: 'rms', since: '2023-09-11T06:55Z', clientVersion: '10.0.19041.1' },
  'ruth-2016': { author: 'ruth.adler', cluster: 'legal', since: '2015-11-02T09:00Z', clientVersion: '6.3.9600.17415' },
  'tomas-2021': { author: 'tomas.novak', cluster: 'legal', since: '2021-01-11T08:35Z', clientVersion: '10.0.18362.1' },
  'david-2015': {
    author: 'david.okafor',
    cluster: 'plant',
    since: '2015-04-07T12:25Z',
    clientVersion: '6.3.9600.17415',
  },
} as const satisfies Record<string, DeskFacts>

/** Desks of the archived keys, in a sample that has these keys. */
const archivedDeskFacts = {
  'ines-2015': {
    author: 'ines.duarte',
    cluster: 'ferries',
    since: '2015-01-12T08:05Z',
    clientVersion: '6.3.9600.17415',
  },
  'ruth-2011': {
    author: 'ruth.adler',
    cluster: 'legal-old',
    since: '2011-03-07T09:25Z',
    clientVersion: '6.1.7601.17514',
  },
} as const satisfies Record<string, DeskFacts>

interface DeskFacts {
  readonly author: string
  readonly cluster: KeyName
  readonly since: string
  readonly clientVersion: string
}

type FirstDeskName = keyof typeof deskFacts
type ArchivedDeskName = keyof typeof archivedDeskFacts
export type DeskName = FirstDeskName | ArchivedDeskName

export interface SampleDesk {
  readonly name: DeskName
  readonly author: SamplePerson
  readonly cluster: SampleCluster
  readonly since: Date
  readonly until: Date
  readonly clientVersion: string
  readonly account: AccountCertificate
  readonly accountKey: KeyPair
  /** Exact texts, leaf first. */
  readonly accountChain: readonly string[]
  readonly licensor: ClientLicensorCertificate
  readonly licensorKey: KeyPair
  readonly licensorChain: readonly string[]
}

export type SampleDesks = Readonly<Record<FirstDeskName, SampleDesk> & Partial<Record<ArchivedDeskName, SampleDesk>>>

const day = 86_400_000
const allFacts: Readonly<Record<DeskName, DeskFacts>> = { ...deskFacts, ...archivedDeskFacts }
const deskNames = Object.keys(allFacts) as readonly DeskName[]

export async function createDesks(clusters: SampleClusters, random: RandomBytes): Promise<SampleDesks> {
  const accountKeys = new Map<string, Promise<KeyPair>>()
  // The account key belongs to the person, not to the machine or the year.
  const accountKeyOf = (author: string, bits: number): Promise<KeyPair> => {
    const known = accountKeys.get(`${author} ${bits}`) ?? newKeyPair(bits)
    accountKeys.set(`${author} ${bits}`, known)
    return known
  }
  const desks = await Promise.all(
    deskNames.map(async (name) => {
      const { author, cluster: key } = allFacts[name]
      const cluster = clusters[key]
      if (cluster === undefined) return []
      const { keyBits } = cluster.facts.mode
      const [accountKey, licensorKey] = await Promise.all([accountKeyOf(author, keyBits), newKeyPair(keyBits)])
      return [[name, await createDesk({ name, cluster, clusters, accountKey, licensorKey, random })] as const]
    }),
  )
  return Object.fromEntries(desks.flat()) as unknown as SampleDesks
}

async function createDesk(input: {
  readonly name: DeskName
  readonly cluster: SampleCluster
  readonly clusters: SampleClusters
  readonly accountKey: KeyPair
  readonly licensorKey: KeyPair
  readonly random: RandomBytes
}): Promise<SampleDesk> {
  const { name, cluster, clusters, accountKey, licensorKey, random } = input
  const facts = allFacts[name]
  const author = samplePerson(`${facts.author}@lakeside.example`)
  const certifier = clusters[cluster.facts.certifiedBy] ?? cluster
  const since = new Date(facts.since)
  // Certificates begin a day before they are issued, to bear with clocks that are wrong.
  const validity = { from: new Date(since.getTime() - day), until: new Date(since.getTime() + 365 * day) }

  const accountText = await issueAccountCertificate({
    certificateId: randomGuid(random),
    issuedAt: since,
    validity,
    licensor: certifier.certificate.principal,
    identity: { idType: 'Windows', id: author.sid, address: author.address, aliases: [] },
    accountPublicKey: accountKey.handle.publicKey,
    sealTo: { machine: certifier.hierarchy.machine.certificate, accountKey: accountKey.privateKey },
    credentialType: 'Persistent',
    certificationUrl: `${certifier.facts.baseUrl}/certification`,
    key: certifier.key.handle,
    random,
  })
  const account = parseAccountCertificate(parseXrml(accountText))
  const { externalLicensingUrl } = cluster
  const licensorText = await issueClientLicensorCertificate({
    certificateId: randomGuid(random),
    issuedAt: since,
    licensor: cluster.certificate.principal,
    account,
    clientKey: licensorKey.privateKey,
    clientPublicKey: licensorKey.handle.publicKey,
    licensingUrl: cluster.licensingUrl,
    ...(externalLicensingUrl === undefined ? {} : { externalLicensingUrl }),
    key: cluster.key.handle,
    random,
  })
  return {
    name,
    author,
    cluster,
    since,
    until: validity.until,
    clientVersion: facts.clientVersion,
    account,
    accountKey,
    accountChain: [accountText, ...certifier.chain],
    licensor: parseClientLicensorCertificate(parseXrml(licensorText)),
    licensorKey,
    licensorChain: [licensorText, ...cluster.chain],
  }
}

export function deskOf(desks: SampleDesks, name: DeskName): SampleDesk {
  const desk = desks[name]
  if (desk === undefined) throw new RangeError(`no desk ${name} in the sample`)
  return desk
}
