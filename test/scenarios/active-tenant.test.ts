/**
 * A move into a tenant that was active already: people protect with the key that it made itself, and it has a template of
 * its own. The checks find these people (problem 6 of the known ones), their computers are cleaned up, and in the end new
 * certificates come from the imported key while everything that was ever protected opens.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Client } from '@sealward/client'
import {
  anna,
  assertDocumentsOpen,
  clientOf,
  documentsBefore,
  marta,
  noteFor,
  omar,
  protectNew,
  remembered,
  rightsOf,
  sofia,
  type KnownDocument,
} from './known-documents.ts'
import { openLakesideServices, type ServiceName } from './lakeside-services.ts'
import { migrationProject } from './migration-project.ts'
import { plannedMove, rehearseDocuments } from './planned-move.ts'

const lakeside = await openLakesideServices({ clusters: ['rms'] })
after(() => lakeside.close())
const { plan, step, findings, approve, exportLogs, setBackLogs } = migrationProject(lakeside)

const { rms, tenant } = lakeside.services
const everybody = remembered((service, user) => clientOf(lakeside, service as ServiceName, user))
const atCluster = (_: KnownDocument, user: string): Client => everybody('rms', user)
const atTenant = (_: KnownDocument, user: string): Client => everybody('tenant', user)
let old: readonly KnownDocument[] = []
/** Made with the generated key of the tenant. */
const early: KnownDocument[] = []
let byTemplate: Awaited<ReturnType<typeof protectNew>>
let generated = ''
let template = ''

/** Who has protected: opening, as Anna did, leaves no certificate to protect with. */
const holders = [omar, sofia]

/** Keys that issued the newest certificates of a person. */
async function licensorKeys(user: string): Promise<ReadonlySet<string>> {
  const issued = await lakeside.admin('tenant').issuedLicensors()
  return new Set(issued.filter((each) => each.user === user).map(({ keyId }) => keyId))
}

test('before: the tenant is active, and people protect with its own key and a template of its own', async () => {
  const before = await documentsBefore(lakeside, ['rms'])
  old = before.filter((_, index) => index < 3 || index % 5 === 0)
  await assertDocumentsOpen(atCluster, old)
  await lakeside.done('tenant', 'enable', '--data', 'tenant', '--yes')
  await lakeside.trustTenant()
  generated = (await lakeside.admin('tenant').configuration()).activeKey ?? ''
  const made = await fetch(`${tenant.url}/admin/v1/templates`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${readFileSync(join(lakeside.folder, 'tenant', 'admin-token'), 'utf8').trim()}`,
      'content-type': 'application/json',
      'x-sealward-actor': 'ines',
    },
    body: JSON.stringify({
      names: [{ lcid: 1033, name: 'Tenant trial', description: 'Made before the move' }],
      grants: [{ to: omar, rights: ['VIEW', 'PRINT'] }],
      state: 'published',
    }),
  })
  template = ((await made.json()) as { id: string }).id
  early.push(
    await noteFor(lakeside, everybody('tenant', omar), sofia),
    await noteFor(lakeside, everybody('tenant', sofia), omar, { publishing: 'offline' }),
  )
  byTemplate = await protectNew(lakeside, everybody('tenant', sofia), { templateId: template })
  await assertDocumentsOpen(atTenant, early)
  assert.deepEqual(await rightsOf(everybody('tenant', omar), byTemplate), ['PRINT', 'VIEW'])
})

test('the first check names who protects with the generated key; the usage log says the same', async () => {
  const move = await plannedMove(lakeside, await rehearseDocuments(lakeside, ['rms']))
  await exportLogs(['rms'])
  await plan({
    ...move,
    exports: ['rms', 'rms-old'].map((name) => ({
      file: `../lakeside/tpd/${name}.xml`,
      cluster: 'rms',
      active: name === 'rms',
    })),
    rekey: { key: 'oldest' },
  })
  const found = (await findings('0')).get('tenant-not-active')
  assert.match(found?.finding ?? '', new RegExp(`^the tenant is enabled already; ${holders.join(', ')} may protect`))
  assert.match(found?.cure ?? '', /clean-up script on their computers, and export and import templates/)
  await lakeside.done('log', 'export', 'usage', '--data', 'tenant', '--output', 'usage.log')
  const usage = readFileSync(join(lakeside.folder, 'usage.log'), 'utf8').split('\n')
  const asked = [anna, marta, omar, sofia].filter((user) =>
    usage.some((line) => line.includes('GetClientLicensorCert') && line.includes(user)),
  )
  assert.deepEqual(asked, holders)
})

test('the imported key becomes the active one; the generated key is kept in a file, with the template', async () => {
  const backup = await lakeside.admin('tenant').exportKey(generated, 'the key that the tenant made')
  await step('1', 'Prepared')
  await step('2', 'Imported')
  const keys = await lakeside.admin('tenant').keys()
  assert.equal(keys.find(({ id }) => id === generated)?.state, 'archived')
  const cluster = (await lakeside.admin('rms').configuration()).activeKey
  assert.equal(keys.find(({ state }) => state === 'active')?.id, cluster)
  // The template and what was made with it before are as they were, under the new key.
  const kept = (await lakeside.admin('tenant').templates()).find(
    ({ id, origin }) => id === template && origin === 'own',
  )
  assert.deepEqual([kept?.state, kept?.grants], ['published', [{ to: omar, rights: ['VIEW', 'PRINT'] }]])
  // The cluster takes the file: those who stay open what the others made before.
  const root = keys.find(({ id }) => id === generated)?.root ?? ''
  const password = 'the key that the tenant made'
  const taken = await lakeside
    .admin('rms')
    .importDomain({ file: backup, password, trustedRoots: [root], active: false })
  assert.ok(taken.templates.some(({ name }) => name === 'Tenant trial'))
  await assertDocumentsOpen((_, user) => clientOf(lakeside, 'rms', user), early)
})

test('people with certificates of the generated key are named until their computers are cleaned up', async () => {
  const before = (await findings('3')).get('tenant-not-active')
  assert.match(before?.finding ?? '', new RegExp(`${holders.join(', ')} may protect`))
  await approve('3')
  const { checks } = await step('3', 'Activated')
  const found = checks.find(({ id }) => id === 'foreign-licensors')
  assert.match(found?.finding ?? '', new RegExp(`^${holders.join(', ')} can still protect with another key`))
  const active = (await lakeside.admin('tenant').configuration()).activeKey ?? ''
  for (const user of holders) {
    // What the clean-up script does: the certificates go, and the next use brings new ones.
    everybody('tenant', user).store.forgetCertificates()
    await clientOf(lakeside, 'tenant', user).publishingIdentity()
    assert.ok((await licensorKeys(user)).has(active), user)
  }
  const after3 = await findings('3', 'after')
  assert.ok(!after3.has('foreign-licensors'), after3.get('foreign-licensors')?.finding)
})

test('to the end: the cluster is gone; what was made with every key opens through the tenant', async () => {
  await step('4', 'TemplatesReady')
  await step('5', 'ClientsMoving')
  await step('7', 'ServicesMoved', 'no mail, collaboration or file server uses the clusters')
  await step('8', 'Draining')
  await exportLogs(['rms'])
  setBackLogs(['rms'])
  await approve('8d')
  await step('8d', 'Decommissioned')
  await rms.stop()
  const fresh = remembered((_, user) => clientOf(lakeside, 'tenant', user))
  const anew = await noteFor(lakeside, fresh('', omar), sofia, { publishing: 'offline' })
  await assertDocumentsOpen((_, user) => fresh('', user), [...early, anew, ...old])
  assert.deepEqual(await rightsOf(fresh('', omar), byTemplate), ['PRINT', 'VIEW'])
  const later = await protectNew(lakeside, fresh('', sofia), { templateId: template })
  assert.deepEqual(await rightsOf(fresh('', omar), later), ['PRINT', 'VIEW'])
})
