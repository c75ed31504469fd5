/** Documents whose content and rights are known, and clients that show who opens them at which service. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  openDocument,
  protectFile,
  type Client,
  type Door,
  type ProtectionPolicy,
  type Publishing,
} from '@sealward/client'
import { samplePeople } from '@sealward/sample'
import { isRightsError } from '@sealward/xrml'
import type { ClusterName, LakesideServices, ServiceName } from './lakeside-services.ts'

/** The people whom the stories tell of. */
export const [anna, marta, li, omar, sofia, ines] = [
  'anna.berg',
  'marta.kowal',
  'li.chen',
  'omar.haddad',
  'sofia.rossi',
  'ines.duarte',
].map((name) => `${name}@lakeside.example`) as [string, string, string, string, string, string]

export interface KnownDocument {
  readonly path: string
  readonly sha256: string
  /** Rights by address; nobody else opens it. */
  readonly people: ReadonlyMap<string, readonly string[]>
  /** The cluster that gave licences for it. */
  readonly cluster: ClusterName
}

/** One client for each person and service, so that certificates are asked for once. */
export function remembered(clientFor: (service: string, user: string) => Client): typeof clientFor {
  const clients = new Map<string, Client>()
  return (service, user) => {
    const known = clients.get(`${service} ${user}`) ?? clientFor(service, user)
    clients.set(`${service} ${user}`, known)
    return known
  }
}

/** A client that asks this service whatever address a licence names. */
export function clientOf(lakeside: LakesideServices, service: ServiceName, user: string, door: Door = 'soap'): Client {
  return lakeside.client(service, user, door, { redirectEverything: true })
}

/** Nothing for those who are refused. */
export async function rightsOf(
  client: Client,
  { path, sha256 }: Pick<KnownDocument, 'path' | 'sha256'>,
): Promise<readonly string[]> {
  const digest = createHash('sha256')
  try {
    const { rights } = await openDocument(client, path, { write: (bytes) => void digest.update(bytes) })
    assert.equal(digest.digest('hex'), sha256, path)
    return [...rights].sort()
  } catch (error) {
    if (isRightsError(error, 'no-rights', 'content-expired', 'right-missing')) return []
    throw new Error(`${path} as ${client.user}`, { cause: error })
  }
}

/** @param asked how many of the people who may open a document try it; one who may not tries each */
export async function assertDocumentsOpen(
  clientFor: (document: KnownDocument, user: string) => Client,
  documents: readonly KnownDocument[],
  asked = 2,
): Promise<void> {
  const enabled = samplePeople.filter(({ disabled }) => !disabled).map(({ address }) => address)
  for (const [index, document] of documents.entries()) {
    const may = enabled.filter((user) => document.people.has(user))
    // Not always the first ones of the list.
    const some = may.map((_, at) => may[(at + index) % may.length] ?? '').slice(0, asked)
    const refused = enabled.filter((user) => !document.people.has(user)).slice(0, 1)
    for (const user of [...some, ...refused]) {
      const rights = await rightsOf(clientFor(document, user), document)
      assert.deepEqual(rights, document.people.get(user) ?? [], `${document.path} for ${user}`)
    }
  }
}

let made = 0

export async function protectNew(
  lakeside: LakesideServices,
  client: Client,
  policy: ProtectionPolicy,
  publishing: Publishing = 'online',
): Promise<Pick<KnownDocument, 'path' | 'sha256'>> {
  const folder = join(lakeside.folder, 'new')
  mkdirSync(folder, { recursive: true })
  const plain = join(folder, `note ${made++}.txt`)
  const text = `What ${client.user} wrote, number ${made}.`
  writeFileSync(plain, text)
  const { path } = await protectFile(client, plain, policy, { original: 'replace', publishing })
  return { path, sha256: createHash('sha256').update(text).digest('hex') }
}

/** A note of this client for one reader. */
export async function noteFor(
  lakeside: LakesideServices,
  client: Client,
  reader: string,
  { cluster = 'rms', publishing = 'online' }: { readonly cluster?: ClusterName; readonly publishing?: Publishing } = {},
): Promise<KnownDocument> {
  const copy = await protectNew(lakeside, client, { grants: [{ to: reader, rights: ['VIEW', 'PRINT'] }] }, publishing)
  const people = new Map([
    [client.user, ['OWNER']],
    [reader, ['PRINT', 'VIEW']],
  ])
  return { ...copy, cluster, people }
}

/** What was protected at the clusters before the move: documents of the sample, and notes made through every door. */
export async function documentsBefore(
  lakeside: LakesideServices,
  clusters: readonly ClusterName[],
): Promise<readonly KnownDocument[]> {
  const documents: KnownDocument[] = []
  const keys = new Map<string, ClusterName>()
  for (const cluster of clusters) {
    keys.set((await lakeside.admin(cluster).configuration()).activeKey ?? '', cluster)
    for (const [door, publishing] of [
      ['soap', 'online'],
      ['soap', 'offline'],
      ['rest', 'online'],
    ] as const) {
      documents.push(await noteFor(lakeside, clientOf(lakeside, cluster, anna, door), li, { cluster, publishing }))
    }
  }
  for (const { outcome, path, contentSha256 = '', key = '', license } of lakeside.expected) {
    const cluster = keys.get(key)
    if (outcome !== 'opens' || cluster === undefined || license === undefined) continue
    documents.push({
      path: join(lakeside.folder, 'lakeside', 'documents', path),
      sha256: contentSha256,
      people: new Map(license.people.map(({ principal, rights }) => [principal, [...rights].sort()])),
      cluster,
    })
  }
  return documents
}
