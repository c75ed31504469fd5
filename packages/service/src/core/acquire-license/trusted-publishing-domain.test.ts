/** Documents of an older cluster under the service that has its keys: the reason for this product. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { readTpd, writeTpd } from '@sealward/keys'
import { noTimes, parseXrml, samePublicKey, verifySignature, type RightsError } from '@sealward/xrml'
import { activateKey, listKeys } from '../../administration/keys.ts'
import { createTemplate, editTemplate, publishTemplate } from '../../administration/templates.ts'
import {
  exportTrustedPublishingDomain,
  importTrustedPublishingDomain,
} from '../../administration/trusted-publishing-domain.ts'
import { publishedTemplates } from '../configuration.ts'
import { openAs, publishOffline, signUp, type OfflineLicense, type TestAccount } from '../client.fixture.ts'
import { openTestCluster, pooledKey, type TestCluster } from '../cluster.fixture.ts'

const password = 'a long enough password'
const refused = (code: string) => ({ name: 'RightsError', code })

/** Everything that is stored, whatever tables there are. */
function rowsOf(file: string): Readonly<Record<string, readonly unknown[]>> {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const tables = database.prepare("select name from sqlite_master where type = 'table'").all()
    return Object.fromEntries(
      tables.map(({ name }) => [String(name), database.prepare(`select * from "${String(name)}"`).all()]),
    )
  } finally {
    database.close()
  }
}

suite('a Mode 2 service with the key of a Mode 1 cluster', () => {
  let old: TestCluster
  let present: TestCluster
  let folder: string
  let database: string
  let file: Uint8Array
  let root: string
  let keyId: string
  let templateId: string
  let license: OfflineLicense
  let fromTemplate: OfflineLicense
  let ben: TestAccount

  before(async () => {
    old = await openTestCluster({ mode: 1 })
    const alice = await signUp(old, 'alice')
    license = await publishOffline(old, alice, { grants: [{ to: 'ben@lakeside.example', rights: ['VIEW', 'EDIT'] }] })
    templateId = (
      await createTemplate(old.administration, {
        names: [{ lcid: 1033, name: 'Staff only', description: 'For staff' }],
        grants: [{ to: 'ben@lakeside.example', rights: ['VIEW'] }],
        state: 'published',
      })
    ).id
    const [template] = publishedTemplates(await old.context.configuration())
    fromTemplate = await publishOffline(old, alice, { grants: [], rightsData: template!.document.text })
    const [key] = await listKeys(old.administration)
    keyId = key!.id
    root = key!.root
    file = await exportTrustedPublishingDomain(old.administration, { keyId, password })
    folder = mkdtempSync(join(tmpdir(), 'sealward-tpd-'))
    database = join(folder, 'present.db')
    present = await openTestCluster({ keyOffset: 4, file: database })
    ben = await signUp(present, 'ben')
  })
  after(async () => {
    await present.context.store.close()
    rmSync(folder, { recursive: true })
  })

  test('does not know the document before the import', async () => {
    await assert.rejects(openAs(present, ben, license.chain), refused('no-matching-key'))
  })

  test('an export that any check refuses stores nothing: no table of the database changes', async () => {
    const { administration } = present
    const domain = readTpd({ file, password })
    const spoiled = (change: Partial<typeof domain>): Uint8Array =>
      writeTpd({ ...domain, ...change }, { password, derivation: 'B' })
    const [licensor = '', ...authorities] = domain.licensorChain
    const changed = [licensor.replace(/<ISSUEDTIME>\d{4}/, '<ISSUEDTIME>1999'), ...authorities]
    const sound = { file, password, trustedRoots: [root] }
    const refusals: readonly (readonly [code: string, input: Parameters<typeof importTrustedPublishingDomain>[1]])[] = [
      ['tpd-not-opened', { ...sound, password: 'another password!' }],
      ['chain-anchor-untrusted', { ...sound, trustedRoots: ['0'.repeat(64)] }],
      ['tpd-key-mismatch', { ...sound, file: spoiled({ privateKey: pooledKey(1024, 8) }) }],
      ['tpd-key-mismatch', { ...sound, file: spoiled({ privateKey: undefined }), privateKey: pooledKey(1024, 8) }],
      ['tpd-key-missing', { ...sound, file: spoiled({ privateKey: undefined }) }],
      ['xrml-digest-mismatch', { ...sound, file: spoiled({ licensorChain: changed }) }],
      ['tpd-mode-refused', { ...sound, refuseMode1: true }],
    ]
    const untouched = rowsOf(database)
    for (const [code, input] of refusals) {
      await assert.rejects(importTrustedPublishingDomain(administration, input), refused(code), code)
      assert.deepEqual(rowsOf(database), untouched, code)
    }
    assert.equal((await listKeys(administration)).length, 1)
  })

  test('imports the key as archived, with its templates archived', async () => {
    const { administration } = present
    const result = await importTrustedPublishingDomain(administration, { file, password, trustedRoots: [root] })
    assert.deepEqual([result.keyId, result.mode, result.templates], [keyId, 1, [templateId]])
    const states = (await listKeys(administration)).map(({ id, state, mode }) => ({ known: id === keyId, state, mode }))
    assert.deepEqual(
      states.find((key) => key.known),
      { known: true, state: 'archived', mode: 1 },
    )
    assert.deepEqual(publishedTemplates(await present.context.configuration()), [])
    const again = importTrustedPublishingDomain(administration, { file, password, trustedRoots: [root] })
    await assert.rejects(again, refused('key-already-imported'))
  })

  test('licenses the old document: signed by the present key, header and content key unchanged', async () => {
    const use = await openAs(present, ben, license.chain)
    assert.deepEqual(use.rights, ['VIEW', 'EDIT'])
    assert.deepEqual(use.contentKey.payload, license.contentKey.payload)
    const { activeKey } = await present.context.configuration()
    assert.ok(samePublicKey(use.license.issuer.publicKey, activeKey!.handle.publicKey))
    verifySignature(use.license.document)
    assert.match(use.license.document.text, /sealed-key-v2/)
  })

  test('decides by its own template version as soon as there is one', async () => {
    assert.deepEqual((await openAs(present, ben, fromTemplate.chain)).rights, ['VIEW'])
    await publishTemplate(present.administration, { id: templateId })
    assert.deepEqual((await openAs(present, ben, fromTemplate.chain)).rights, ['VIEW'])
    await editTemplate(present.administration, {
      id: templateId,
      names: [{ lcid: 1033, name: 'Staff only', description: 'For staff' }],
      grants: [
        { to: 'ben@lakeside.example', rights: ['VIEW', 'PRINT'], times: { ...noTimes, intervals: [86_400_000] } },
      ],
    })
    assert.deepEqual((await openAs(present, ben, fromTemplate.chain)).rights, ['VIEW', 'PRINT'])
    await editTemplate(present.administration, {
      id: templateId,
      names: [{ lcid: 1033, name: 'Staff only', description: 'For staff' }],
      grants: [{ to: 'clara@lakeside.example', rights: ['VIEW'] }],
    })
    await assert.rejects(openAs(present, ben, fromTemplate.chain), refused('no-rights'))
  })

  test('issues templates again under a key that becomes active', async () => {
    const { administration, context } = present
    const former = (await context.configuration()).activeKey!
    await activateKey(administration, { keyId })
    const configuration = await context.configuration()
    assert.equal(configuration.activeKey!.id, keyId)
    assert.equal(configuration.keys.get(former.id)!.state, 'archived')
    const [template] = publishedTemplates(configuration)
    verifySignature(template!.document)
    assert.match(template!.document.text, /<ALGORITHM>SHA1<\/ALGORITHM>/)
    await activateKey(administration, { keyId: former.id.slice(0, 12) })
    assert.equal((await context.configuration()).activeKey!.id, former.id)
  })

  test('a Mode 1 service does not open what was made for a Mode 2 key', async () => {
    const clara = await signUp(present, 'clara')
    const modern = await publishOffline(present, clara, { grants: [{ to: 'ANYONE', rights: ['VIEW'] }] })
    const { administration, context } = present
    const back = (await context.configuration()).activeKey!.id
    await activateKey(administration, { keyId })
    const oldBen = await signUp(present, 'ben')
    await assert.rejects(openAs(present, oldBen, modern.chain), refused('no-matching-key'))
    await assert.rejects(openAs(present, ben, modern.chain), refused('cryptographic-mode-mismatch'))
    await activateKey(administration, { keyId: back })
    assert.deepEqual((await openAs(present, ben, modern.chain)).rights, ['VIEW'])
  })

  test('a template that nobody here signed does not decide', async () => {
    const stranger = await openTestCluster({ keyOffset: 9 })
    await createTemplate(stranger.administration, {
      names: [{ lcid: 1033, name: 'Everything', description: 'For all' }],
      grants: [{ to: 'ANYONE', rights: ['OWNER'] }],
      state: 'published',
    })
    const [foreign] = publishedTemplates(await stranger.context.configuration())
    const alice = await signUp(present, 'alice')
    const forged = await publishOffline(present, alice, { grants: [], rightsData: foreign!.document.text })
    await assert.rejects(openAs(present, ben, forged.chain), refused('template-signature-invalid'))
  })

  test('an unknown template of a key that is held decides with the copy in the licence', async () => {
    const alone = await openTestCluster({ keyOffset: 4 })
    const bare = await openTestCluster({ mode: 1 })
    const alice = await signUp(bare, 'alice')
    await createTemplate(bare.administration, {
      names: [{ lcid: 1033, name: 'Gone', description: 'Gone' }],
      grants: [{ to: 'ben@lakeside.example', rights: ['PRINT'] }],
      state: 'published',
    })
    const [gone] = publishedTemplates(await bare.context.configuration())
    const orphan = await publishOffline(bare, alice, { grants: [], rightsData: gone!.document.text })
    const [key] = await listKeys(bare.administration)
    const exported = await exportTrustedPublishingDomain(bare.administration, { keyId: key!.id, password })
    const domain = readTpd({ file: exported, password })
    const without = writeTpd({ ...domain, templates: [] }, { password, derivation: 'B' })
    await importTrustedPublishingDomain(alone.administration, { file: without, password, trustedRoots: [key!.root] })
    const reader = await signUp(alone, 'ben')
    assert.deepEqual((await openAs(alone, reader, orphan.chain)).rights, ['PRINT'])
  })

  test('the export can be refused for a short password, and is logged', async () => {
    await assert.rejects(
      exportTrustedPublishingDomain(old.administration, { keyId, password: 'short' }),
      (error: RightsError) => error.code === 'tpd-password-too-short',
    )
    const rows = await old.context.store.logs.read('administration', 0, 100)
    const operations = rows.map((row) => (JSON.parse(row.record) as { operation: string }).operation)
    assert.deepEqual(operations, ['create-identity', 'create-template', 'export-trusted-publishing-domain'])
  })

  test('the certificate of the key stays what it was', async () => {
    const { keys } = await present.context.configuration()
    const original = (await old.context.configuration()).activeKey!
    assert.deepEqual(keys.get(keyId)!.chain, original.chain)
    assert.equal(parseXrml(original.chain[0]!).type, 'server-licensor-certificate')
  })
})
