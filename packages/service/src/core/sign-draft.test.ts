import assert from 'node:assert/strict'
import { before, suite, test } from 'node:test'
import { parsePublishingLicense, parseXrml, type KeyedPrincipal } from '@sealward/xrml'
import { createIdentity } from '../administration/create-identity.ts'
import { activateKey } from '../administration/keys.ts'
import { createTemplate } from '../administration/templates.ts'
import { publishedTemplates } from './configuration.ts'
import { signDraft } from './sign-draft.ts'
import { openAs, signUp } from './client.fixture.ts'
import { info, lastRecord, openTestCluster, type TestCluster } from './cluster.fixture.ts'
import { draftOf, freshKey } from './draft.fixture.ts'

const refused = (code: string) => ({ name: 'RightsError', code })
const contentKey = freshKey()

suite('sign a draft', () => {
  let cluster: TestCluster
  const sign = async (draft: string, name = 'alice') =>
    signDraft(cluster.context, { info, caller: await cluster.caller(name), draft })

  before(async () => {
    cluster = await openTestCluster()
  })

  test('gives a licence of this service that opens with the same key, data and rights', async () => {
    const { chain } = await sign(await draftOf(cluster, { contentKey }))
    const license = parsePublishingLicense(parseXrml(chain[0]!))
    assert.equal(license.kind, 'online')
    assert.deepEqual(license.applicationData, [{ name: 'app', value: 'harness' }])
    assert.equal(license.distributionPoints[0]!.url, cluster.context.cluster.licensingUrl)
    const use = await openAs(cluster, await signUp(cluster, 'ben'), chain)
    assert.deepEqual(use.rights, ['VIEW'])
    assert.deepEqual(use.contentKey.payload, contentKey.payload)
    assert.deepEqual((await openAs(cluster, await signUp(cluster, 'alice'), chain)).rights, ['OWNER'])
  })

  test('refuses an owner who is not the caller', async () => {
    await assert.rejects(sign(await draftOf(cluster), 'mallory'), refused('owner-not-publisher'))
    assert.equal((await lastRecord(cluster))['reason'], 'owner-not-publisher')
  })

  test('refuses a seal that was made for another licence', async () => {
    const draft = await draftOf(cluster, { contentKey })
    const other = await draftOf(cluster, { contentKey, server: await renamed(cluster) })
    const seal = /<ENABLINGBITS.*<\/ENABLINGBITS>/
    const moved = draft.replace(seal, seal.exec(other)![0])
    await assert.rejects(sign(moved), refused('draft-seal-mismatch'))
  })

  test('refuses a draft for another server, even one with the same identifier', async () => {
    const stranger = await openTestCluster({ keyOffset: 6 })
    const { activeKey } = await stranger.context.configuration()
    const own = (await cluster.context.configuration()).activeKey!.licensor.principal
    const foreign = activeKey!.licensor.principal
    const server = { ...foreign, content: foreign.content.replace(foreign.object.raw, own.object.raw) }
    await assert.rejects(sign(await draftOf(cluster, { server })), refused('draft-principal-unknown'))
  })

  test('refuses a draft for the own key under another identifier', async () => {
    const { principal } = (await cluster.context.configuration()).activeKey!.licensor
    const content = principal.content.replace(principal.object.id, '{0C0FFEE0-0000-4000-8000-00000000000D}')
    assert.notEqual(content, principal.content)
    const draft = await draftOf(cluster, { server: { ...principal, content } })
    await assert.rejects(sign(draft), refused('draft-principal-unknown'))
  })

  test('refuses DES', async () => {
    const payload = Buffer.alloc(20, 7)
    payload.writeUInt16LE(20, 0)
    payload.writeUInt16LE(0xffff, 2)
    payload.writeUInt16LE(8, 4)
    payload.writeUInt16LE(8, 6)
    const des = { ...contentKey, payload }
    await assert.rejects(sign(await draftOf(cluster, { contentKey: des })), refused('symmetric-key-unsupported'))
  })

  test('accepts a template that this service signed, and no other one', async () => {
    const names = [{ lcid: 1033, name: 'Staff', description: 'Staff' }]
    const grants = [{ to: 'ben@lakeside.example', rights: ['VIEW'] }]
    await createTemplate(cluster.administration, { names, grants, state: 'published' })
    const [template] = publishedTemplates(await cluster.context.configuration())
    const rightsData = template!.document.text
    await sign(await draftOf(cluster, { rightsData, contentKey: freshKey() }))
    const changed = rightsData.replace('<VIEW>', '<EDIT>').replace('</VIEW>', '</EDIT>')
    await assert.rejects(
      sign(await draftOf(cluster, { rightsData: changed, contentKey: freshKey() })),
      refused('template-signature-invalid'),
    )
  })

  test('moves a draft for an archived key to the active one', async () => {
    const draft = await draftOf(cluster, { contentKey: freshKey() })
    const { keyId } = await createIdentity(cluster.administration)
    await activateKey(cluster.administration, { keyId })
    const { chain } = await sign(draft)
    const license = parsePublishingLicense(parseXrml(chain[0]!))
    assert.equal(license.server.publicKey.fingerprint, keyId)
    await openAs(cluster, await signUp(cluster, 'ben'), chain)
  })

  test('is closed without caller, when the administrator has closed it, and after decommissioning', async () => {
    const draft = await draftOf(cluster)
    await assert.rejects(signDraft(cluster.context, { info, draft }), refused('unauthenticated'))
    const closed = { ...cluster.context, cluster: { ...cluster.context.cluster, onlinePublishing: false } }
    const caller = await cluster.caller('alice')
    await assert.rejects(signDraft(closed, { info, caller, draft }), refused('online-publishing-disabled'))
    const over = { ...cluster.context, cluster: { ...cluster.context.cluster, decommissioned: true } }
    await assert.rejects(signDraft(over, { info, caller, draft }), refused('cluster-decommissioned'))
  })

  test('refuses what is no licence', async () => {
    for (const draft of ['', '<XrML', '<XrML xmlns="" version="1.2"><BODY></BODY></XrML>']) {
      await assert.rejects(sign(draft), refused('publishing-license-invalid'))
    }
  })
})

/** The same key under another name: what a seal for another licence of this server looks like. */
async function renamed(cluster: TestCluster): Promise<KeyedPrincipal> {
  const { principal } = (await cluster.context.configuration()).activeKey!.licensor
  return { ...principal, content: principal.content.replace('Sealward', 'Elsewhere') }
}
