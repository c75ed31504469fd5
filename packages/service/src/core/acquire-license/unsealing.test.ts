/** The licensing door is a decryption service; it must not answer questions about what it decrypted. */
import assert from 'node:assert/strict'
import { createPublicKey, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { isRightsError, publicKeyFromKeyObject, writeContentKey, type ContentKey } from '@sealward/xrml'
import {
  importTrustedPublishingDomain,
  exportTrustedPublishingDomain,
} from '../../administration/trusted-publishing-domain.ts'
import { listKeys } from '../../administration/keys.ts'
import { openAs, publishOffline, signUp, type OfflinePolicy } from '../client.fixture.ts'
import { lastRecord, openTestCluster, pooledKey, start } from '../cluster.fixture.ts'

const keyBytes = randomBytes(16)
const intact = writeContentKey('ecb', keyBytes)

function payload(change: (bytes: Buffer) => void): ContentKey {
  const bytes = Buffer.from(intact.payload)
  change(bytes)
  return { ...intact, payload: bytes }
}

const malformed: Readonly<Record<string, (bits: number) => Partial<OfflinePolicy>>> = {
  'sealed to another key': (bits) => ({ sealTo: publicKeyFromKeyObject(createPublicKey(pooledKey(bits, 15))) }),
  'an empty payload': () => ({ contentKey: { ...intact, payload: Buffer.alloc(0) } }),
  'a header alone': () => ({ contentKey: payload((bytes) => bytes.writeUInt16LE(12, 0)) }),
  'a size beyond the payload': () => ({ contentKey: payload((bytes) => bytes.writeUInt16LE(44, 0)) }),
  'another key than that of the rights data': () => ({ contentKey: payload((bytes) => bytes.fill(9, 12)) }),
  'rights data that is no policy': () => ({ rightsData: '<XrML xmlns="" version="1.2"><BODY>x</BODY></XrML>' }),
}

for (const mode of [1, 2] as const) {
  test(`in mode ${mode} every malformed seal gives the same answer`, async () => {
    const cluster = await openTestCluster({ mode })
    const alice = await signUp(cluster, 'alice')
    const answers = new Set<string>()
    for (const [name, change] of Object.entries(malformed)) {
      const policy = { grants: [{ to: 'ANYONE', rights: ['VIEW'] }], ...change(mode === 1 ? 1024 : 2048) }
      const { chain } = await publishOffline(cluster, alice, policy)
      await assert.rejects(
        openAs(cluster, alice, chain),
        (error) => {
          assert.ok(isRightsError(error), name)
          answers.add(`${error.code} ${error.message} ${error.detail ?? ''}`)
          return true
        },
        name,
      )
      assert.equal((await lastRecord(cluster))['reason'], 'publishing-license-invalid', name)
    }
    assert.equal(answers.size, 1, [...answers].join())
  })
}

test('who keeps sending what cannot be opened is slowed down; others are not', async () => {
  const cluster = await openTestCluster()
  const mallory = await signUp(cluster, 'mallory')
  const alice = await signUp(cluster, 'alice')
  const genuine = await publishOffline(cluster, alice, { grants: [{ to: 'ANYONE', rights: ['VIEW'] }] })
  const broken = await publishOffline(cluster, mallory, {
    grants: [],
    contentKey: { ...intact, payload: Buffer.alloc(0) },
  })
  let throttled = 0
  for (let attempt = 0; attempt < 40; attempt++) {
    await assert.rejects(openAs(cluster, mallory, broken.chain), (error) => {
      if (isRightsError(error, 'unsealing-throttled')) throttled++
      return isRightsError(error, 'unsealing-throttled', 'publishing-license-invalid')
    })
  }
  assert.ok(throttled > 15, `${throttled} throttled`)
  await assert.rejects(openAs(cluster, mallory, genuine.chain), { code: 'unsealing-throttled' })
  await openAs(cluster, alice, genuine.chain)
  cluster.setTime(new Date(start.getTime() + 1000))
  await openAs(cluster, mallory, genuine.chain)
  cluster.setTime(new Date(start.getTime() + 11 * 60_000))
  await openAs(cluster, mallory, genuine.chain)
})

test('what is sealed in mode 1 under an imported key is as silent', async () => {
  const old = await openTestCluster({ mode: 1 })
  const mallory = await signUp(old, 'mallory')
  const [key] = await listKeys(old.administration)
  const password = 'a long enough password'
  const file = await exportTrustedPublishingDomain(old.administration, { keyId: key!.id, password })
  const present = await openTestCluster({ keyOffset: 4 })
  await importTrustedPublishingDomain(present.administration, { file, password, trustedRoots: [key!.root] })
  const reader = await signUp(present, 'mallory')
  const sealTo = publicKeyFromKeyObject(createPublicKey(pooledKey(1024, 15)))
  const { chain } = await publishOffline(old, mallory, { grants: [], sealTo })
  await assert.rejects(openAs(present, reader, chain), { code: 'publishing-license-invalid' })
})
