import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { issuerKeyOf, parseIssuingCertificate, parseXrml, validateChain } from '@sealward/xrml'
import { lastRecord, openTestCluster, start } from '../core/cluster.fixture.ts'
import { createIdentity } from './create-identity.ts'
import { activateKey, archiveKey, listKeys } from './keys.ts'

suite('the keys of the service', () => {
  test('a second identity waits below the same root until it is activated', async () => {
    const { administration, context } = await openTestCluster()
    const { keyId, state } = await createIdentity(administration)
    assert.equal(state, 'pending')
    const [first, second] = await listKeys(administration)
    assert.equal(first!.root, second!.root)
    assert.notEqual(first!.licensorId, second!.licensorId)
    const { replaced } = await activateKey(administration, { keyId: keyId.slice(0, 8) })
    const before = [first!, second!].find((key) => key.id !== keyId)!
    assert.equal(replaced, before.id)
    const states = new Map((await listKeys(administration)).map((key) => [key.id, key.state]))
    assert.deepEqual([states.get(keyId), states.get(before.id)], ['active', 'archived'])
    assert.equal((await context.configuration()).activeKey!.id, keyId)
  })

  test('the chain of an identity holds, and names the address of the service', async () => {
    for (const mode of [1, 2] as const) {
      const { context } = await openTestCluster({ mode })
      const documents = (await context.configuration()).activeKey!.chain.map((text) => parseXrml(text))
      validateChain({ documents, anchors: [issuerKeyOf(documents[documents.length - 1]!)], now: start })
      assert.equal(parseIssuingCertificate(documents[0]!).url, context.cluster.baseUrl)
    }
  })

  test('the active key cannot be archived, and unknown keys are named', async () => {
    const cluster = await openTestCluster()
    const [active] = await listKeys(cluster.administration)
    await assert.rejects(archiveKey(cluster.administration, { keyId: active!.id }), { code: 'key-state-refused' })
    await assert.rejects(activateKey(cluster.administration, { keyId: 'abcdef' }), { code: 'key-unknown' })
    await assert.rejects(activateKey(cluster.administration, { keyId: active!.id.slice(0, 7) }), {
      code: 'key-unknown',
    })
    const { keyId } = await createIdentity(cluster.administration)
    await archiveKey(cluster.administration, { keyId })
    const record = await lastRecord(cluster, 'administration')
    assert.deepEqual([record['operation'], record['key']], ['archive-key', keyId])
  })

  test('a refused change leaves neither change nor record', async () => {
    const cluster = await openTestCluster()
    const version = await cluster.context.store.configurationVersion()
    await assert.rejects(activateKey(cluster.administration, { keyId: 'unknown' }), { code: 'key-unknown' })
    assert.equal(await cluster.context.store.configurationVersion(), version)
    assert.equal((await lastRecord(cluster, 'administration'))['operation'], 'create-identity')
  })
})
