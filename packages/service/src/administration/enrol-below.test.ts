/** What a new cluster below a root cluster accepts, and that it stores nothing else. */
import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import type { SubEnrollRequest } from '@sealward/protocol'
import { info, lastRecord, openTestCluster, pooledKey, type TestCluster } from '../core/cluster.fixture.ts'
import { subEnrol } from '../core/sub-enrol.ts'
import { admit } from './admission.ts'
import { enrolBelow, type EnrolBelowInput } from './enrol-below.ts'
import { listKeys } from './keys.ts'

const baseUrl = 'https://legal.lakeside.example/_wmcs'

const otherKey = (): Uint8Array => createPublicKey(pooledKey(2048, 30)).export({ format: 'der', type: 'pkcs1' })

suite('a cluster below a root cluster', () => {
  let root: TestCluster
  let below: TestCluster
  let trustedRoot = ''
  before(async () => {
    root = await openTestCluster()
    below = await openTestCluster({ create: false, settings: { baseUrl }, keyOffset: 10 })
    trustedRoot = (await listKeys(root.administration))[0]?.root ?? ''
    const { directory } = root.context
    await admit(root.administration, { door: 'sub-enrolment', member: 'ben@lakeside.example', directory })
  })
  after(async () => {
    await root.context.store.close()
    await below.context.store.close()
  })

  const ask = async (request: SubEnrollRequest) => {
    const { chain } = await subEnrol(root.context, { ...request, info, caller: await root.caller('ben') })
    return { licensorChain: chain }
  }
  const enrol = (change: Partial<EnrolBelowInput> = {}) =>
    enrolBelow(below.administration, { name: 'Legal', trustedRoots: [trustedRoot], ask, ...change })

  const refused: readonly (readonly [string, () => Partial<EnrolBelowInput>])[] = [
    ['another root', () => ({ trustedRoots: ['0'.repeat(64)] })],
    ['another key', () => ({ ask: (request) => ask({ ...request, publicKey: otherKey() }) })],
    ['another address', () => ({ ask: (request) => ask({ ...request, url: 'https://other.example/_wmcs' }) })],
    [
      'a changed certificate',
      () => ({
        ask: async (request) => {
          const { licensorChain } = await ask(request)
          return { licensorChain: licensorChain.map((text) => text.replace('Legal', 'Regal')) }
        },
      }),
    ],
    [
      'the chain of the root alone',
      () => ({ ask: async (request) => ({ licensorChain: (await ask(request)).licensorChain.slice(1) }) }),
    ],
    ['nothing', () => ({ ask: () => Promise.resolve({ licensorChain: [] }) })],
    ['no certificate', () => ({ ask: () => Promise.resolve({ licensorChain: ['<x/>'] }) })],
  ]
  for (const [name, change] of refused) {
    test(`does not accept ${name}`, async () => {
      await assert.rejects(enrol(change()), { code: 'root-cluster-refused' })
      assert.deepEqual(await listKeys(below.administration), [])
    })
  }

  test('gets one active key, whose certificate the root recorded', async () => {
    const { keyId, accountIssuer } = await enrol()
    const [key] = await listKeys(below.administration)
    const [above] = await listKeys(root.administration)
    assert.deepEqual([key?.id, key?.state, key?.root, key?.url], [keyId, 'active', trustedRoot, baseUrl])
    assert.equal(accountIssuer, above?.id)
    const { operation, subjectKey, clusterUrl } = await lastRecord(root)
    assert.deepEqual([operation, subjectKey, clusterUrl], ['sub-enrol', keyId, baseUrl])
    await assert.rejects(enrol(), { code: 'key-state-refused' })
  })
})
