/** Who opens a sample of the documents with which rights, asked at the clusters and at the tenant: nobody gains or loses. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createClient, openDocument, type Client } from '@sealward/client'
import { samplePeople, type ExpectedDocument } from '@sealward/sample'
import { isRightsError } from '@sealward/xrml'
import { readPasswords } from '../lakeside.ts'
import type { Program } from '../program.ts'
import {
  clusterNames,
  importedKeys,
  keysOf,
  readExpected,
  type ClusterName,
  type FullSizeServices,
  type ServiceName,
} from './services.ts'

export interface SampledDocument {
  readonly path: string
  readonly sha256: string
  /** Rights by address; nobody else opens it. */
  readonly people: ReadonlyMap<string, readonly string[]>
  /** The cluster that gives licences for it. */
  readonly cluster: ClusterName
}

/** Documents that open, spread evenly over all folders, and the first one of every key. */
export async function sampleDocuments(
  program: Program,
  services: FullSizeServices,
  count: number,
): Promise<readonly SampledDocument[]> {
  const clusters = new Map<string, ClusterName>()
  for (const name of clusterNames) for (const { id } of await importedKeys(services, name)) clusters.set(id, name)
  assert.equal(clusters.size, clusterNames.flatMap((name) => keysOf[name]).length)
  const { documents } = readExpected(program)
  const opening = documents.filter(({ outcome, key = '' }) => outcome === 'opens' && clusters.has(key))
  const step = Math.max(1, Math.floor(opening.length / count))
  const firsts = new Set([...clusters.keys()].map((key) => opening.find((document) => document.key === key)))
  return opening
    .filter((document, index) => index % step === 0 || firsts.has(document))
    .map((document) => sampledOf(document, join(program.folder, 'lakeside', 'documents'), clusters))
}

function sampledOf(
  { path, contentSha256 = '', key = '', license }: ExpectedDocument,
  folder: string,
  clusters: ReadonlyMap<string, ClusterName>,
): SampledDocument {
  return {
    path: join(folder, path),
    sha256: contentSha256,
    people: new Map(license?.people.map(({ principal, rights }) => [principal, [...rights].sort()])),
    cluster: clusters.get(key) ?? assert.fail(path),
  }
}

export interface Readers {
  /** @returns how many answers were compared; of two people who may open a document and one who may not */
  compare(documents: readonly SampledDocument[], serviceOf: (document: SampledDocument) => ServiceName): Promise<number>
}

/** @param store where their clients keep certificates; @param anchors fingerprints of the roots that they trust */
export function readersOf(
  program: Program,
  services: FullSizeServices,
  { store, anchors }: { readonly store: string; readonly anchors: readonly string[] },
): Readers {
  const passwords = readPasswords(join(program.folder, 'lakeside'))
  const clients = new Map<string, Client>()
  const clientOf = (service: ServiceName, user: string): Client => {
    const known =
      clients.get(`${service} ${user}`) ??
      createClient({
        serviceUrl: services.urls[service],
        user,
        door: 'soap',
        password: () => Buffer.from(passwords.get(user) ?? ''),
        storeDirectory: join(program.folder, store),
        anchors,
        // Whatever address a licence names.
        redirectEverything: true,
      })
    clients.set(`${service} ${user}`, known)
    return known
  }
  const enabled = samplePeople.filter(({ disabled }) => !disabled).map(({ address }) => address)
  return {
    compare: async (documents, serviceOf) => {
      let compared = 0
      for (const [index, document] of documents.entries()) {
        const may = enabled.filter((user) => document.people.has(user))
        // Not always the first ones of the list.
        const some = may.map((_, at) => may[(at + index) % may.length] ?? '').slice(0, 2)
        const refused = enabled.filter((user) => !document.people.has(user)).slice(0, 1)
        for (const user of [...some, ...refused]) {
          const rights = await rightsOf(clientOf(serviceOf(document), user), document)
          assert.deepEqual(rights, document.people.get(user) ?? [], `${document.path} for ${user}`)
          compared++
        }
      }
      return compared
    },
  }
}

/** Nothing for those who are refused. */
async function rightsOf(client: Client, { path, sha256 }: SampledDocument): Promise<readonly string[]> {
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
