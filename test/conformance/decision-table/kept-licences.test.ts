/**
 * What a client decides with the licences that it kept and nobody to ask, where its own facts count: until when a licence
 * may be kept, whose it is and on which machine, one right and not another, and the revocation list that it saw last.
 */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import { listTemplates, publish, type Client } from '@sealward/client'
import { keptName, publishOffline, rightsDataOf, timeAt } from './document.ts'
import { askClient } from './doors.ts'
import type { Policy } from './model.ts'
import { openDecisionScene } from './scene.ts'

const day = 1_440
const unreachable = 'service-unreachable'
const toBen = (rights: readonly string[], until?: number): Policy => ({
  lines: [{ target: 'address', rights, ...(until === undefined ? {} : { span: { until } }) }],
})

suite('what a client kept', async () => {
  const scene = await openDecisionScene({}, ['alice', 'ben', 'clara'])
  const elsewhere = mkdtempSync(join(tmpdir(), 'sealward-machine-'))
  after(async () => {
    await scene.close()
    rmSync(elsewhere, { recursive: true })
  })
  const { lakeside } = scene
  const [alice, ben, clara] = (['alice', 'ben', 'clara'] as const).map((name) => scene.asker(name).client) as [
    Client,
    Client,
    Client,
  ]
  const documents = await publishAll()

  async function publishAll() {
    const data = (policy: Policy, more = {}) => publishOffline(alice, rightsDataOf(policy, more))
    const body = { names: [{ lcid: 1033, name: 'Listed', description: 'Listed' }], state: 'published' }
    const grants = [{ to: 'ben@lakeside.example', rights: ['VIEW'] }]
    const { id } = await lakeside.administer('createTemplate', { body: { ...body, grants } })
    await lakeside.administer('setTemplateRevocation', { parameters: { id }, body: { refreshDays: 1 } })
    await listTemplates(alice)
    const listed = async () =>
      (await publish(alice, { templateId: id }, { mode: 'cbc4k', keyBytes: 32 }, { publishing: 'offline' })).documents
    return {
      plain: await data(toBen(['VIEW'])),
      'rights data only': await data(toBen(['VIEWRIGHTSDATA'])),
      'for 1500 minutes': await data(toBen(['VIEW'], 1_500)),
      'not to be kept': await data(toBen(['VIEW']), { applicationData: [{ name: 'NOLICCACHE', value: '1' }] }),
      'for a day': await data(toBen(['VIEW'])),
      listed: await listed(),
      revoked: await listed(),
    }
  }
  type Document = keyof typeof documents

  function open(client: Client, document: Document, minute: number, wanted: readonly string[] = []) {
    scene.setTime(timeAt(minute))
    return askClient({ client }, documents[document], wanted)
  }

  test('with the service: everything is granted once, and kept where it may be', async () => {
    for (const document of Object.keys(documents) as Document[]) {
      if (document === 'for a day') continue
      const right = document === 'rights data only' ? 'VIEWRIGHTSDATA' : 'VIEW'
      assert.equal(await open(ben, document, 0), `granted ${right}`, document)
    }
  })

  test('an exclusion reaches what was kept no more than a lost network does', async () => {
    await lakeside.administer('addExclusion', { body: { kind: 'user', subject: 'ben@lakeside.example' } })
    assert.equal(await open(ben, 'plain', 10), 'granted VIEW')
    assert.equal(await open(ben, 'not to be kept', 10), 'account-excluded')
    assert.equal(await open(ben, 'for a day', 10), 'account-excluded')
    await lakeside.administer('removeExclusion', { body: { kind: 'user', subject: 'ben@lakeside.example' } })
  })

  test('the list that was seen last counts until it is too old, then the next one', async () => {
    await lakeside.administer('setMaxUseLicense', { body: { days: 1 } })
    assert.equal(await open(ben, 'for a day', 20), 'granted VIEW')
    const contentId = keptName(documents.revoked).contentId
    await lakeside.administer('revoke', { body: { kind: 'document', contentId } })
    assert.equal(await open(ben, 'revoked', day + 1), 'granted VIEW')
    assert.equal(await open(ben, 'revoked', day + 2), 'content-revoked')
    assert.equal(await open(ben, 'listed', day + 2), 'granted VIEW')
  })

  interface Row {
    readonly minute: number
    readonly document: Document
    readonly wanted?: string
    readonly expected: string
  }

  /** By time: a client remembers the highest one that it saw. */
  const rows: readonly Row[] = [
    { minute: day + 3, document: 'plain', expected: 'granted VIEW' },
    { minute: day + 3, document: 'plain', wanted: 'VIEW', expected: 'granted VIEW' },
    { minute: day + 3, document: 'plain', wanted: 'PRINT', expected: unreachable },
    // A right whose name begins with that of another one is not that one.
    { minute: day + 3, document: 'rights data only', wanted: 'VIEW', expected: unreachable },
    { minute: day + 3, document: 'rights data only', wanted: 'VIEWRIGHTSDATA', expected: 'granted VIEWRIGHTSDATA' },
    { minute: day + 3, document: 'not to be kept', expected: unreachable },
    { minute: day + 3, document: 'listed', expected: 'granted VIEW' },
    // Something may have been given free since, so only a new list could say that it is still revoked.
    { minute: day + 3, document: 'revoked', expected: 'revocation-list-stale' },
    { minute: day + 19, document: 'for a day', expected: 'granted VIEW' },
    { minute: day + 20, document: 'for a day', expected: unreachable },
    { minute: 1_499, document: 'for 1500 minutes', expected: 'granted VIEW' },
    { minute: 1_500, document: 'for 1500 minutes', expected: unreachable },
    { minute: 2 * day + 3, document: 'listed', expected: 'granted VIEW' },
    { minute: 2 * day + 4, document: 'listed', expected: 'revocation-list-stale' },
    // The clock is set back.
    { minute: 100, document: 'for a day', expected: unreachable },
    { minute: 100, document: 'for 1500 minutes', expected: unreachable },
    { minute: 100, document: 'listed', expected: 'revocation-list-stale' },
    { minute: 100, document: 'plain', expected: 'granted VIEW' },
  ]

  test('without the service: what holds at that time, and nothing else', async () => {
    await lakeside.stop()
    for (const { minute, document, wanted, expected } of rows) {
      const outcome = await open(ben, document, minute, wanted === undefined ? [] : [wanted])
      assert.equal(outcome, expected, `${document} for ${wanted ?? 'anything'} in minute ${minute}`)
    }
  })

  test('a licence opens for its user alone', async () => {
    const name = keptName(documents.plain)
    clara.store.writeUseLicense(name, ben.store.readUseLicense(name) ?? [])
    assert.equal(await open(clara, 'plain', day + 3), unreachable)
  })

  test('and with the key of its machine alone', async () => {
    const other = lakeside.client('ben@lakeside.example', { storeDirectory: join(elsewhere, 'store') })
    const name = keptName(documents.plain)
    other.store.writeChain('account', ben.store.readChain('account') ?? [])
    other.store.writeUseLicense(name, ben.store.readUseLicense(name) ?? [])
    other.store.writeMachineKey(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)
    assert.equal(await open(other, 'plain', day + 3), unreachable)
    const machineKey = ben.store.readMachineKey()
    assert.ok(machineKey !== undefined)
    other.store.writeMachineKey(machineKey)
    assert.equal(await open(other, 'plain', day + 3), 'granted VIEW')
  })

  test('the licence that an author made for himself is his alone', async () => {
    // In the document, and never asked for.
    assert.equal(await open(alice, 'listed', day + 3), 'granted OWNER')
    assert.equal(await open(alice, 'listed', day + 3, ['EDIT']), 'granted OWNER')
    assert.equal(await open(alice, 'plain', day + 3), unreachable)
    assert.equal(await open(clara, 'listed', day + 3), unreachable)
  })
})
