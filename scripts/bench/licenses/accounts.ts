/**
 * People with account and client licensor certificates of one cluster, as its certification service would have issued them.
 * Many certificates share a few key pairs, because making a thousand pairs would take minutes and change nothing.
 */
import { generateKeyPair, randomBytes, randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import type { SampleCluster } from '@sealward/sample'
import {
  issueAccountCertificate,
  issueClientLicensorCertificate,
  parseAccountCertificate,
  parseClientLicensorCertificate,
  parseXrml,
  softwareKeyHandle,
  type AccountCertificate,
  type ClientLicensorCertificate,
  type KeyHandle,
} from '@sealward/xrml'

export interface Person {
  readonly id: string
  readonly sid: string
  readonly address: string
}

export interface Account {
  readonly person: Person
  readonly certificate: AccountCertificate
  readonly key: KeyHandle
  /** Exact texts, leaf first. */
  readonly chain: readonly string[]
  readonly licensor: ClientLicensorCertificate
  readonly licensorKey: KeyHandle
  readonly licensorChain: readonly string[]
}

const keyPairs = 20
const day = 86_400_000

export function createPeople(count: number): readonly Person[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `reader-${index}`,
    sid: `S-1-5-21-4100200-4100201-4100202-${10_000 + index}`,
    address: `reader-${index}@lakeside.example`,
  }))
}

export async function createAccounts(cluster: SampleCluster, people: readonly Person[]): Promise<readonly Account[]> {
  const make = promisify(generateKeyPair)
  const pairs = await Promise.all(
    Array.from({ length: keyPairs }, async () => {
      const { privateKey } = await make('rsa', { modulusLength: cluster.facts.mode.keyBits })
      return { privateKey, handle: softwareKeyHandle(privateKey) }
    }),
  )
  type Pair = (typeof pairs)[number]
  const pairOf = (index: number): Pair => pairs[index % keyPairs] as Pair
  const accounts: Account[] = []
  for (const [index, person] of people.entries()) {
    accounts.push(await createAccount(cluster, person, pairOf(index), pairOf(index + 1)))
  }
  return accounts
}

interface KeyPair {
  readonly privateKey: Parameters<typeof softwareKeyHandle>[0]
  readonly handle: KeyHandle
}

async function createAccount(
  cluster: SampleCluster,
  person: Person,
  accountKey: KeyPair,
  licensorKey: KeyPair,
): Promise<Account> {
  const issuedAt = new Date()
  const common = {
    issuedAt,
    licensor: cluster.certificate.principal,
    key: cluster.key.handle,
    random: randomBytes,
  }
  const accountText = await issueAccountCertificate({
    ...common,
    certificateId: `{${randomUUID()}}`,
    validity: { from: new Date(issuedAt.getTime() - day), until: new Date(issuedAt.getTime() + 365 * day) },
    identity: { idType: 'Windows', id: person.sid, address: person.address, aliases: [] },
    accountPublicKey: accountKey.handle.publicKey,
    sealTo: { machine: cluster.hierarchy.machine.certificate, accountKey: accountKey.privateKey },
    credentialType: 'Persistent',
    certificationUrl: `${cluster.facts.baseUrl}/certification`,
  })
  const certificate = parseAccountCertificate(parseXrml(accountText))
  const licensorText = await issueClientLicensorCertificate({
    ...common,
    certificateId: `{${randomUUID()}}`,
    account: certificate,
    clientKey: licensorKey.privateKey,
    clientPublicKey: licensorKey.handle.publicKey,
    licensingUrl: cluster.licensingUrl,
  })
  return {
    person,
    certificate,
    key: accountKey.handle,
    chain: [accountText, ...cluster.chain],
    licensor: parseClientLicensorCertificate(parseXrml(licensorText)),
    licensorKey: licensorKey.handle,
    licensorChain: [licensorText, ...cluster.chain],
  }
}
