/**
 * A move with the newer numbering in which nobody activates the imported keys: they stay archived, and the tenant protects
 * with a key of its own that the cluster does not hold. What that does to those who stay, what a check says of it before
 * (problem 7 of the known ones), how to go back, and the way to the end.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Client } from '@sealward/client'
import { isRightsError } from '@sealward/xrml'
import {
  anna,
  assertDocumentsOpen,
  clientOf,
  documentsBefore,
  marta,
  noteFor,
  omar,
  remembered,
  sofia,
  type KnownDocument,
} from './known-documents.ts'
import { openLakesideServices, type ServiceName } from './lakeside-services.ts'
import { migrationProject } from './migration-project.ts'
import { plannedMove, rehearseDocuments } from './planned-move.ts'

const lakeside = await openLakesideServices({ clusters: ['rms'] })
after(() => lakeside.close())
const { plan, step, undo, findings, approve, exportLogs, setBackLogs } = migrationProject(lakeside)

const { rms, tenant } = lakeside.services
const licensing = (url: string): string => `${url}/_wmcs/licensing`
const everybody = remembered((service, user) => clientOf(lakeside, service as ServiceName, user))
const atCluster = (_: KnownDocument, user: string): Client => everybody('rms', user)
const atTenant = (_: KnownDocument, user: string): Client => everybody('tenant', user)
/** The preparation of those who stay: what names the tenant is asked of the cluster. */
const prepared = remembered((_, user) =>
  lakeside.client('rms', user, 'soap', { redirections: [{ from: licensing(tenant.url), to: licensing(rms.url) }] }),
)
let old: readonly KnownDocument[] = []
let byMoved: KnownDocument

async function assertNobodyOpens(clientFor: typeof atCluster, ...codes: Parameters<typeof isRightsError>[1][]) {
  await assert.rejects(assertDocumentsOpen(clientFor, [byMoved]), ({ cause }: Error) => isRightsError(cause, ...codes))
}

test('the keys of the cluster are imported and stay archived; the tenant is activated with a key of its own', async () => {
  const before = await documentsBefore(lakeside, ['rms'])
  old = before.filter((_, index) => index < 3 || index % 5 === 0)
  await assertDocumentsOpen(atCluster, old)
  await exportLogs(['rms'])
  const move = await plannedMove(lakeside, await rehearseDocuments(lakeside, ['rms']))
  await plan({
    ...move,
    numbering: 'newer',
    // The cluster was in Mode 1 once: its former key is an export of its own.
    exports: ['rms', 'rms-old'].map((name) => ({ file: `../lakeside/tpd/${name}.xml`, cluster: 'rms', active: false })),
    onboarding: {
      group: 'finance@lakeside.example',
      groupKind: 'security',
      scope: 'All',
      extranetUrl: licensing(rms.url),
    },
    batches: [
      { name: 'Finance', users: [anna, marta], machines: [] },
      { name: 'Everybody else', users: [omar, sofia], machines: [] },
    ],
    rekey: { key: 'oldest' },
  })
  await step('1', 'Prepared')
  await step('1b', 'Prepared')
})

test('before the import a check says what will happen to those who stay', async () => {
  const found = (await findings('2')).get('active-during-batches')
  assert.match(found?.finding ?? '', /those who stay cannot open what the others protect/)
  assert.match(found?.cure ?? '', /current key of the cluster active, or import the key of the tenant into the cluster/)
  await step('2', 'Imported')
  await approve('3')
  await step('3', 'Activated')
  const keys = await lakeside.admin('tenant').keys()
  assert.deepEqual(keys.map(({ state, origin }) => `${state} ${origin}`).sort(), [
    'active created',
    'archived imported',
    'archived imported',
  ])
  await lakeside.trustTenant()
  await step('4', 'TemplatesReady')
  assert.ok((await findings('5')).has('active-during-batches'))
})

test('people who work together move together; those who stay cannot open what they protect now', async () => {
  await step('5', 'ClientsMoving')
  byMoved = await noteFor(lakeside, everybody('tenant', anna), marta)
  await assertDocumentsOpen(atTenant, [byMoved])
  await assertDocumentsOpen(atTenant, old)
  await assertDocumentsOpen(atCluster, old)
  // Without the preparation a client that stays asks the tenant, which it does not know; with it the cluster, which lacks the key.
  await assertNobodyOpens((_, user) => lakeside.client('rms', user), 'service-host-not-allowed')
  await assertNobodyOpens((_, user) => prepared('', user), 'no-matching-key')
})

test('back: with the key of the tenant imported, the cluster opens what was made meanwhile', async () => {
  const { byHand } = await undo('5', 'TemplatesReady')
  assert.match(byHand.join(' '), /undo scripts.*Export the active key of the tenant and import it into the cluster/)
  await assertNobodyOpens(atCluster, 'no-matching-key')
  const active = (await lakeside.admin('tenant').keys()).find(({ state }) => state === 'active')
  assert.ok(active !== undefined)
  const password = 'the export of the key of the tenant'
  const file = await lakeside.admin('tenant').exportKey(active.id, password)
  await lakeside.admin('rms').importDomain({ file, password, trustedRoots: [active.root], active: false })
  await assertDocumentsOpen(atCluster, [byMoved, ...old])
})

test('forward again: prepared computers of those who stay open everything, and the check is content', async () => {
  assert.ok(!(await findings('5')).has('active-during-batches'))
  await step('5', 'ClientsMoving')
  byMoved = await noteFor(lakeside, everybody('tenant', anna), sofia)
  await assertDocumentsOpen((_, user) => prepared('', user), [byMoved])
  await assertNobodyOpens((_, user) => lakeside.client('rms', user), 'service-host-not-allowed')
})

test('to the end: the cluster is gone, and everything opens through the tenant', async () => {
  await step('7', 'ServicesMoved', 'no mail, collaboration or file server uses the clusters')
  await step('8', 'Draining')
  await exportLogs(['rms'])
  setBackLogs(['rms'])
  await approve('8d')
  await step('8d', 'Decommissioned')
  await rms.stop()
  await assertDocumentsOpen(atTenant, [byMoved, await noteFor(lakeside, everybody('tenant', omar), sofia), ...old])
  await approve('9')
  const { checks } = await step('9', 'Rekeyed')
  assert.equal(checks.find(({ id }) => id === 'rekey-needed')?.outcome, 'passed')
})
