/**
 * Licences per CPU-second of the service over real HTTP, in both cryptographic modes and both protocols, with the audit log
 * and full durability, against the bare RSA operations of the same licences.
 */
import { randomBytes } from 'node:crypto'
import { createSampleOrganisation, type ClusterName, type SampleOrganisation } from '@sealward/sample'
import type { Effort } from '../effort.ts'
import { compare, show, type Party } from '../measure.ts'
import { createAccounts, createPeople, type Account } from './accounts.ts'
import { bareRsa } from './bare-rsa.ts'
import { requireLoadGenerator } from './load-generator.ts'
import { prepareLoad, type Load } from './load.ts'
import { grantedRights, policySizes, publish, type Publication } from './publications.ts'
import { restRequest, soapRequest, type LicenseRequest } from './requests.ts'
import { startService } from './service.ts'

/** Clusters of the sample whose key signs: one of each cryptographic mode. */
const clusters: readonly ClusterName[] = ['rms-old', 'rms']

export async function benchLicenses(effort: Effort): Promise<void> {
  requireLoadGenerator()
  const organisation = await createSampleOrganisation({ random: randomBytes })
  for (const cluster of clusters) await benchCluster(organisation, cluster, effort)
}

async function benchCluster(organisation: SampleOrganisation, name: ClusterName, effort: Effort): Promise<void> {
  const { seconds, rounds } = effort
  const cluster = organisation.clusters[name]
  const { mode } = cluster.facts
  const people = createPeople(effort.licenses + 1)
  const readers = await createReaders(await createAccounts(cluster, people))
  const service = await startService(organisation, name, people)
  const load = (title: string, requests: readonly LicenseRequest[]): Promise<Load> =>
    prepareLoad(service, title, requests, seconds)

  const soap = await load(
    'SOAP',
    readers.map(({ account, publication }) => soapRequest(account, publication)),
  )
  const storm = await load(
    'SOAP, one publishing licence for all',
    readers.map(({ account, forAll }) => soapRequest(account, forAll)),
  )
  const bareSoap = { decrypt: 1, sign: 1, encrypt: grantedRights.length, verify: 2 }
  await showLoads(`Mode ${mode.number}, SOAP`, bareRsa(mode, bareSoap, seconds), [soap, storm], rounds)

  const rest = await load(
    'REST',
    readers.map(({ account, publication }) => restRequest(service.tokens.get(account.person) ?? '', publication)),
  )
  // The key goes to the caller in the answer itself, so nothing is sealed or signed for anybody.
  const bareRest = { decrypt: 1, sign: 0, encrypt: 0, verify: 2 }
  await showLoads(`Mode ${mode.number}, REST`, bareRsa(mode, bareRest, seconds), [rest], rounds)
  await service.close()
}

async function showLoads(title: string, bare: Party, loads: readonly Load[], rounds: number): Promise<void> {
  const results = await compare([bare, ...loads], rounds)
  show(title, 'licences', results)
  for (const load of loads) for (const line of load.describe()) console.log(`  ${line}`)
}

interface Reader {
  readonly account: Account
  /** A licence that only this reader asks for. */
  readonly publication: Publication
  /** A licence that everybody asks for. */
  readonly forAll: Publication
}

/** Everybody but the first reads what the one before has published, and all read what the first has. */
async function createReaders([first, ...others]: readonly Account[]): Promise<readonly Reader[]> {
  if (first === undefined) throw new RangeError('a load needs people')
  const forAll = await publish({ author: first, reader: 'ANYONE', policySize: policySizes[1] })
  const readers: Reader[] = []
  let author = first
  for (const [index, account] of others.entries()) {
    const policySize = policySizes[index % policySizes.length] ?? policySizes[0]
    const publication = await publish({ author, reader: account.person.address, policySize })
    readers.push({ account, publication, forAll })
    author = account
  }
  return readers
}
