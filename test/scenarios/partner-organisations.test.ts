/**
 * Two organisations that trust each other's people migrate side by side, each with a project of its own. At every stage the people of each side, moved or not, open the other side's
 * documents, old and new, with the rights they had before; our client goes where the generated connection files lead it.
 *
 * Not here: the steps after the clients have moved (see nine-steps), Windows clients, and a re-key.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openDocument, protectFile, type Publishing } from '@sealward/client'
import { isRightsError } from '@sealward/xrml'
import { startNameServer, type NameServer } from './name-server.ts'
import {
  openPartnerServices,
  people,
  type ClientConnection,
  type PartnerServices,
  type Side,
} from './partner-services.ts'

const sides = ['lakeside', 'harbour'] as const
const otherOf = { lakeside: 'harbour', harbour: 'lakeside' } as const
const { moves: anna, stays: omar } = people.lakeside
const { moves: fritz, stays: gerda, unlisted: hanno } = people.harbour
const everybody = [anna, omar, fritz, gerda]

interface KnownDocument {
  readonly path: string
  readonly sha256: string
  readonly owner: string
}

let partners: PartnerServices
let names: NameServer
const keys = new Map<Side, { readonly id: string; readonly root: string }>()
const documents: KnownDocument[] = []

before(async () => {
  ;[partners, names] = await Promise.all([openPartnerServices(), startNameServer()])
  for (const side of sides) {
    const [key] = await partners.admin(`${side}-cluster`).keys()
    assert.ok(key !== undefined)
    keys.set(side, key)
  }
})
after(async () => {
  names.close()
  await partners.close()
})

function keyOf(side: Side): { readonly id: string; readonly root: string } {
  const key = keys.get(side)
  assert.ok(key !== undefined)
  return key
}

function licensing(side: Side): string {
  return `${partners.services[`${side}-cluster`].url}/_wmcs/licensing`
}

function sideOf(user: string): Side {
  return user.endsWith('@lakeside.example') ? 'lakeside' : 'harbour'
}

/** As an administrator writes it by hand before there is a migration. */
function connectionBefore(side: Side): ClientConnection {
  return {
    service: partners.services[`${side}-cluster`].url,
    anchors: sides.map((each) => keyOf(each).root),
    redirections: sides.map((each) => ({ from: licensing(each), to: licensing(each) })),
  }
}

/** A file that `client scripts` made from the plan of a batch, which a step of the migration has written. */
function generated(side: Side, kind: 'migrate' | 'prepare'): ClientConnection {
  const path = join(partners.folder, side, kind, 'client', `connection-${kind}.json`)
  return JSON.parse(readFileSync(path, 'utf8')) as ClientConnection
}

/** New keys and licences in each stage, so that nothing opens because it was opened before. */
async function assertEverythingOpens(stage: string, connectionOf: (user: string) => ClientConnection): Promise<void> {
  for (const user of everybody) {
    const client = partners.client(user, connectionOf(user), `store-${stage}`)
    for (const { path, sha256, owner } of documents) {
      const digest = createHash('sha256')
      const { rights } = await openDocument(client, path, { write: (bytes) => void digest.update(bytes) }).catch(
        (cause: unknown) => {
          throw new Error(`${stage}: ${user} opens what ${owner} wrote, ${path}`, { cause })
        },
      )
      assert.equal(digest.digest('hex'), sha256)
      assert.deepEqual([...rights].sort(), user === owner ? ['OWNER'] : ['PRINT', 'VIEW'], `${stage}: ${user}, ${path}`)
    }
  }
}

async function write(user: string, connection: ClientConnection, stage: string, publishing: Publishing): Promise<void> {
  const folder = join(partners.folder, 'documents')
  mkdirSync(folder, { recursive: true })
  const plain = join(folder, `note ${documents.length}.txt`)
  const text = `What ${user} wrote, number ${documents.length}.`
  writeFileSync(plain, text)
  const client = partners.client(user, connection, `store-${stage}`)
  const readers = [...everybody, hanno].filter((to) => to !== user)
  const policy = { grants: readers.map((to) => ({ to, rights: ['VIEW', 'PRINT'] })) }
  const { path } = await protectFile(client, plain, policy, { original: 'replace', publishing })
  documents.push({ path, sha256: createHash('sha256').update(text).digest('hex'), owner: user })
}

function refusedAsStranger(stage: string, connection: ClientConnection): Promise<void> {
  const client = partners.client(hanno, connection, `store-${stage}`)
  const [ofLakeside] = documents.filter(({ owner }) => sideOf(owner) === 'lakeside')
  return assert.rejects(openDocument(client, ofLakeside?.path ?? '', { write: () => undefined }), (error) =>
    isRightsError(error, 'account-certificate-untrusted'),
  )
}

async function trust(at: `${Side}-${'cluster' | 'tenant'}`, partner: Side): Promise<void> {
  const { root } = keyOf(partner)
  const words = ['--name', partner, '--mail-domain', `${partner}.example`, '--federated', '--trust', root, '--yes']
  await partners.done('trust', 'user-domain', 'import', `${partner}.bin`, '--data', at, ...words)
}

test('before: user domains are exchanged; people of both sides open the other’s documents, others are refused', async () => {
  for (const side of sides) {
    await partners.done('trust', 'user-domain', 'export', '--output', `${side}.bin`, '--data', `${side}-cluster`)
  }
  await write(anna, connectionBefore('lakeside'), 'before', 'online')
  await write(omar, connectionBefore('lakeside'), 'before', 'offline')
  await write(fritz, connectionBefore('harbour'), 'before', 'offline')
  await write(gerda, connectionBefore('harbour'), 'before', 'online')
  await assert.rejects(assertEverythingOpens('untrusted', (user) => connectionBefore(sideOf(user))))
  for (const side of sides) await trust(`${side}-cluster`, otherOf[side])
  await assertEverythingOpens('trusted', (user) => connectionBefore(sideOf(user)))
  await refusedAsStranger('trusted', connectionBefore('harbour'))
})

function planOf(side: Side): object {
  const partner = otherOf[side]
  const tenant = partners.services[`${side}-tenant`].url
  return {
    organisation: side,
    numbering: '2016',
    clusters: [
      {
        name: `${side}-cluster`,
        role: 'root',
        system: 'sealward',
        mode: 2,
        keyStorage: 'database',
        exportable: true,
        licensingUrls: [licensing(side)],
        adminUrl: partners.services[`${side}-cluster`].url,
      },
    ],
    tenant: { adminUrl: tenant, url: tenant, target: 'service-managed', domains: [`${side}.example`] },
    exports: [{ file: '../cluster.xml', cluster: `${side}-cluster`, active: true }],
    trustedRoots: [keyOf(side).root],
    onboarding: {
      group: `moved@${side}.example`,
      groupKind: 'security',
      scope: 'All',
      extranetUrl: licensing(side),
    },
    batches: [{ name: 'First', users: [people[side].moves], machines: [] }],
    partners: [
      {
        name: partner,
        domains: [`${partner}.example`],
        licensingUrls: [licensing(partner)],
        tenantUrl: partners.services[`${partner}-tenant`].url,
        accountIssuers: [keyOf(partner).id],
        trustedRoots: [keyOf(partner).root],
      },
    ],
    readOnly: { clusters: [`${side}-cluster`] },
    directory: '../directory.json',
    dns: { mailDomains: [`${side}.example`], servers: [names.address] },
    approvals: 'none',
  }
}

const projectOf = (side: Side) => ['--project', `${side}/migration`, '--as', 'Ines Duarte']
const secretsOf = (side: Side) => ['--credentials', `${side}/secrets`]

async function steps(side: Side, ...ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await partners.done('migrate', 'run', '--step', id, ...projectOf(side), ...secretsOf(side), '--yes')
  }
}

async function planAndImport(side: Side): Promise<void> {
  const exported = join(side, 'secrets', 'cluster.txt')
  writeFileSync(join(partners.folder, exported), 'a long password for this file\n')
  const words = ['--output', `${side}/cluster.xml`, '--password-file', exported, '--yes']
  await partners.done('tpd', 'export', keyOf(side).id, '--data', `${side}-cluster`, ...words)
  writeFileSync(join(partners.folder, side, 'plan.json'), JSON.stringify(planOf(side)))
  await partners.done('migrate', 'plan', `${side}/plan.json`, ...projectOf(side), '--yes')
  await steps(side, '0', '1', '1b', '2')
  await scripts(side, '1b/1-preparation.json', 'prepare')
}

function scripts(side: Side, batch: string, kind: 'migrate' | 'prepare'): Promise<unknown> {
  const plan = `${side}/migration/artefacts/${batch}`
  return partners.done('client', 'scripts', '--plan', plan, '--output', `${side}/${kind}`)
}

async function moveFirstBatch(side: Side): Promise<void> {
  await steps(side, '5')
  await scripts(side, '5/1-first.json', 'migrate')
}

test('Lakeside imports and activates; its people do not move while Harbour is not ready', async () => {
  await planAndImport('lakeside')
  await steps('lakeside', '3', '4')
  const refused = await partners.run(
    'migrate',
    'run',
    '--step',
    '5',
    ...projectOf('lakeside'),
    ...secretsOf('lakeside'),
    '--yes',
  )
  assert.equal(refused.code, 1, refused.stderr)
  assert.match(refused.stderr, /partners-trusted: FAILED: the tenant does not accept harbour/)
  assert.match(
    refused.stderr,
    /partners-keys-imported: FAILED: the tenant works with none of the keys in the plan: harbour/,
  )
})

test('whoever turns anonymous access off is told which partners that concerns', async () => {
  const { stdout, stderr } = await partners.run(
    'migrate',
    'check',
    '--step',
    'ro',
    ...projectOf('lakeside'),
    ...secretsOf('lakeside'),
  )
  assert.match(stdout + stderr, /read-only-partners.*(fritz|gerda)@harbour\.example/s)
})

test('both have imported and trust each other; Lakeside moves first, Harbour stays', async () => {
  await planAndImport('harbour')
  await steps('harbour', '3', '4')
  for (const side of sides) await trust(`${side}-tenant`, otherOf[side])
  await assertEverythingOpens('prepared', (user) => generated(sideOf(user), 'prepare'))
  await moveFirstBatch('lakeside')
  const connectionOf = (user: string) => generated(sideOf(user), user === anna ? 'migrate' : 'prepare')
  await write(anna, connectionOf(anna), 'first', 'offline')
  await write(gerda, connectionOf(gerda), 'first', 'online')
  await assertEverythingOpens('first', connectionOf)
})

test('Harbour moves: those who stay on either side read what both sides write', async () => {
  await moveFirstBatch('harbour')
  const connectionOf = (user: string) =>
    generated(sideOf(user), user === anna || user === fritz ? 'migrate' : 'prepare')
  await write(fritz, connectionOf(fritz), 'second', 'online')
  await write(omar, connectionOf(omar), 'second', 'offline')
  await assertEverythingOpens('second', connectionOf)
})

function asMoved(user: string): ClientConnection {
  return generated(sideOf(user), 'migrate')
}

test('the clusters are off: every document of both sides opens through the tenants, with equal rights', async () => {
  for (const side of sides) {
    // What step 8 does: everybody may protect with the tenant.
    await partners.done('onboarding', 'remove', '--data', `${side}-tenant`, '--yes')
    await partners.services[`${side}-cluster`].stop()
  }
  await write(anna, asMoved(anna), 'last', 'online')
  await write(fritz, asMoved(fritz), 'last', 'offline')
  await assertEverythingOpens('last', asMoved)
  await refusedAsStranger('last', asMoved(hanno))
})
