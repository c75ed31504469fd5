/**
 * A document is taken back: by its publisher and by an administrator, at every door with the next request, and on machines
 * that hold a licence already as soon as the list that they must have seen is too old.
 */
import assert from 'node:assert/strict'
import { globSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import {
  openDocument,
  openFileSource,
  protectFile,
  revokeDocument,
  type Client,
  type ClientOptions,
} from '@sealward/client'
import { openProtected } from '@sealward/formats'
import { operate, type AdminOperationName, type RawAdminInput } from '@sealward/service'
import { openLakeside, type Lakeside } from './lakeside.ts'

const [anna, li] = ['anna.berg', 'li.chen'].map((name) => `${name}@lakeside.example`) as [string, string]
const day = 86_400_000

const noAnswer = async () => ({ status: 503, header: () => undefined, body: new Uint8Array() })

suite('a document is taken back', () => {
  let lakeside: Lakeside
  let store = ''
  let path = ''
  let contentId = ''

  before(async () => {
    lakeside = await openLakeside({ documents: 1 })
    store = lakeside.newFolder()
    const { id } = (await administer('createTemplate', {
      body: {
        names: [{ lcid: 1033, name: 'Offer', description: 'Offers to partners' }],
        grants: [{ to: li, rights: ['VIEW'] }],
        licenseValidityDays: 30,
        state: 'published',
      },
    })) as { id: string }
    await administer('setTemplateRevocation', { parameters: { id }, body: { refreshDays: 1 } })
    const original = join(lakeside.newFolder(), 'offer.txt')
    writeFileSync(original, 'an offer')
    path = (await protectFile(lakeside.client(anna), original, { templateId: id }, { publishing: 'online' })).path
  })
  after(() => lakeside.close())

  function administer(name: AdminOperationName, input: RawAdminInput): Promise<unknown> {
    const service = lakeside.service()
    return operate({ administration: service.administration('ines'), core: service.context }, name, input)
  }

  const open = async (client: Client) => {
    const opened = await openDocument(client, path, { write: () => undefined })
    contentId = opened.contentId
    return [opened.from, ...opened.rights]
  }
  /** The machine on which li has opened it. */
  const desk = (options: Partial<ClientOptions> = {}) =>
    lakeside.client(li, 'soap', { storeDirectory: store, ...options })
  const newMachine = (door: 'soap' | 'rest' = 'soap') =>
    lakeside.client(li, door, { storeDirectory: lakeside.newFolder() })

  function licenseText(): string {
    const source = openFileSource(path)
    try {
      return openProtected(source).licenseText
    } finally {
      source.close()
    }
  }

  test('before: it opens for its reader, and from then on without the service', async () => {
    assert.deepEqual(await open(desk()), ['service', 'VIEW'])
    assert.deepEqual(await open(desk()), ['store', 'VIEW'])
    assert.deepEqual(await open(newMachine('rest')), ['service', 'VIEW'])
  })

  test('by its publisher: no licence at any door, and it is said when the last copy dies', async () => {
    await assert.rejects(revokeDocument(desk(), licenseText()), { code: 'owner-not-publisher' })
    const { lastUse } = await revokeDocument(lakeside.client(anna), licenseText())
    // The licence lives for thirty days, but not beside a list that is older than one.
    assert.ok(lastUse !== undefined && Math.abs(lastUse.getTime() - Date.now() - day) < 10 * 60_000, String(lastUse))
    await assert.rejects(open(newMachine()), { code: 'content-revoked' })
    await assert.rejects(open(newMachine('rest')), { code: 'no-rights' })
    assert.deepEqual((await open(lakeside.client(anna))).slice(1), ['OWNER'])
    await revokeDocument(lakeside.client(anna), licenseText(), true)
    assert.deepEqual(await open(newMachine()), ['service', 'VIEW'])
  })

  test('by an administrator: also where a licence is at hand, once the list is fetched again', async () => {
    const horizon = (await administer('revoke', { body: { kind: 'document', contentId } })) as {
      readonly licenses: number
      readonly holders: readonly { readonly address: string }[]
    }
    assert.deepEqual(
      horizon.holders.map(({ address }) => address),
      [li],
    )
    // What was said: the list of this morning is good for a day.
    assert.deepEqual(await open(desk()), ['store', 'VIEW'])
    for (const list of globSync(join(store, '*', 'revocation-*.xrml'))) rmSync(list)
    await assert.rejects(open(desk()), { code: 'content-revoked' })
    await assert.rejects(open(newMachine()), { code: 'content-revoked' })
    assert.deepEqual((await open(lakeside.client(anna))).slice(1), ['OWNER'])
    await administer('unrevoke', { body: { kind: 'document', contentId } })
    assert.deepEqual(await open(desk()), ['store', 'VIEW'])
  })

  test('a person who is excluded gets nothing with the next request, and everything after that again', async () => {
    await administer('addExclusion', { body: { kind: 'user', subject: li } })
    await assert.rejects(open(newMachine()), { code: 'account-excluded' })
    await assert.rejects(open(newMachine('rest')), { code: 'no-rights' })
    await administer('removeExclusion', { body: { kind: 'user', subject: li } })
    assert.deepEqual(await open(newMachine()), ['service', 'VIEW'])
  })

  test('where no list can be fetched any more, a licence that is good for a month opens nothing', async () => {
    assert.deepEqual(await open(desk()), ['store', 'VIEW'])
    const cutOff = { ...desk({ now: () => new Date(Date.now() + 2 * day) }), transport: { send: noAnswer } }
    await assert.rejects(open(cutOff), { code: 'revocation-list-stale' })
  })
})
