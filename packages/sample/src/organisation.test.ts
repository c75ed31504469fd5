import assert from 'node:assert/strict'
import { createPublicKey, randomBytes } from 'node:crypto'
import { before, suite, test } from 'node:test'
import { memorySource, openProtected, type PfileShape } from '@sealward/formats'
import {
  openClientLicensorKey,
  openPublishingLicense,
  openUseLicense,
  parsePublishingLicense,
  parseUseLicense,
  parseXrml,
  parseXrmlChain,
  publicKeyFromKeyObject,
  samePublicKey,
  softwareKeyHandle,
  validateChain,
} from '@sealward/xrml'
import type { SampleHierarchy } from './authorities/hierarchy.ts'
import { createSampleOrganisation, type SampleOrganisation } from './organisation.ts'

const random = (bytes: number): Uint8Array => randomBytes(bytes)
const content = Buffer.from('PK\x03\x04 what a package starts with, and some more')

function validate(chain: readonly string[], hierarchy: SampleHierarchy, now = new Date()): void {
  validateChain({ documents: chain.map((text) => parseXrml(text)), anchors: [hierarchy.root.handle.publicKey], now })
}

function bits(sealed: Uint8Array | undefined): number {
  return (sealed?.length ?? 0) * 8
}

suite('the sample organisation', () => {
  let lakeside: SampleOrganisation
  before(async () => {
    lakeside = await createSampleOrganisation({ random })
  })

  test('every cluster, machine and template chain ends at the root of its mode', () => {
    for (const cluster of Object.values(lakeside.clusters)) {
      validate(cluster.chain, cluster.hierarchy)
      assert.equal(cluster.publicKey.bits, cluster.facts.mode.keyBits)
    }
    for (const hierarchy of Object.values(lakeside.hierarchies)) validate(hierarchy.machine.chain, hierarchy)
    for (const { cluster, current, earlier } of Object.values(lakeside.templates)) {
      const { chain, hierarchy } = lakeside.clusters[cluster] ?? assert.fail(cluster)
      for (const { text } of [current, earlier]) validate([text, ...chain], hierarchy)
    }
  })

  test('the licensing-only cluster stands below its root cluster', () => {
    assert.deepEqual(lakeside.clusters.legal.chain.slice(1), lakeside.clusters.rms.chain)
  })

  test('every desk has certificates that were valid in its year', () => {
    for (const desk of Object.values(lakeside.desks)) {
      validate(desk.accountChain, desk.cluster.hierarchy, desk.since)
      validate(desk.licensorChain, desk.cluster.hierarchy)
    }
  })

  test('a desk opens its signing key with its account key', async () => {
    const { licensor, accountKey, licensorKey } = lakeside.desks['emma-2013']
    const opened = await openClientLicensorKey(licensor, accountKey.handle)
    assert.ok(samePublicKey(publicKeyFromKeyObject(createPublicKey(opened)), licensorKey.handle.publicKey))
    assert.ok(samePublicKey(softwareKeyHandle(opened).publicKey, licensor.principal.publicKey))
  })

  test('one person has one account key per mode', () => {
    const { 'anna-2009': first, 'anna-2014': second, 'emma-2013': old, 'emma-2024': recent } = lakeside.desks
    assert.ok(!samePublicKey(first.accountKey.handle.publicKey, second.accountKey.handle.publicKey))
    assert.equal(old.account.principal.object.id, recent.account.principal.object.id)
  })

  test('offline licences are stored as the Windows client stores them', async () => {
    const { bytes } = await lakeside.protectDocument({ desk: 'anna-2009', content })
    const documents = parseXrmlChain(openProtected(memorySource(bytes)).licenseText)
    assert.deepEqual(
      documents.map(({ type }) => type),
      [
        'publishing-license',
        'client-licensor-certificate',
        'use-license',
        'client-licensor-certificate',
        'server-licensor-certificate',
        'server-licensor-certificate',
        'ca-certificate',
        'ca-certificate',
      ],
    )
    const hierarchy = lakeside.hierarchies.mode1
    const texts = documents.map(({ text }) => text)
    validate([texts[0]!, ...texts.slice(3)], hierarchy)
    validate(texts.slice(2), hierarchy)
  })

  test('the publishing licence opens with the server key, the use licences with the account keys', async () => {
    const made = await lakeside.protectDocument({
      desk: 'li-2016',
      content,
      policy: 'heron team',
      cacheForOwner: true,
      cacheFor: 'marta-2019',
    })
    const file = openProtected(memorySource(made.bytes))
    const [leaf] = parseXrmlChain(file.licenseText)
    const opened = await openPublishingLicense(parsePublishingLicense(leaf!), lakeside.keyOf('rms'))
    assert.ok(opened.bound)
    assert.deepEqual(Buffer.from(file.openContent(opened.contentKey).read(0, 100)), content)

    assert.equal(file.useLicenses.length, 2)
    for (const { license } of file.useLicenses) {
      const desk = lakeside.desks[license?.user.name === 'li.chen@lakeside.example' ? 'li-2016' : 'marta-2019']
      validate(license?.certificates ?? [], lakeside.hierarchies.mode2)
      const useLicense = parseUseLicense(parseXrml(license?.certificates[0] ?? ''))
      const key = await openUseLicense(useLicense, desk.accountKey.handle)
      assert.deepEqual(Buffer.from(key.payload), Buffer.from(made.contentKey.payload))
    }
  })

  test('use licences are not stored where the owner forbids it', async () => {
    const made = await lakeside.protectDocument({
      desk: 'emma-2024',
      content,
      policy: 'board template',
      cacheForOwner: true,
    })
    assert.deepEqual(openProtected(memorySource(made.bytes)).useLicenses, [])
    assert.deepEqual(parseUseLicense(parseXrml(made.ownerUseLicense ?? '')).applicationData, [
      { name: 'NOLICCACHE', value: '1' },
    ])
  })

  const sealedSizes = [
    { desk: 'anna-2009', keyBytes: 16, publishing: 1536, client: 6144 },
    { desk: 'anna-2009', keyBytes: 32, publishing: 1664, client: 6144 },
    { desk: 'anna-2014', keyBytes: 16, publishing: 2688, client: 11_904 },
    { desk: 'anna-2014', keyBytes: 32, publishing: 2816, client: 11_904 },
  ] as const
  for (const { desk, keyBytes, publishing, client } of sealedSizes) {
    test(`sealed sizes at ${desk} with AES-${keyBytes * 8}: ${publishing} and ${client} bits`, async () => {
      const made = await lakeside.protectDocument({ desk, content, cipher: { mode: 'ecb', keyBytes } })
      const { account, licensor } = lakeside.desks[desk]
      const useLicense = parseUseLicense(parseXrml(made.ownerUseLicense ?? ''))
      assert.equal(bits(made.publishingLicense.enablingBits.sealed), publishing)
      assert.equal(bits(useLicense.rights[0]?.enablingBits?.sealed), publishing)
      assert.equal(bits(account.machine?.enablingBits?.sealed), client)
      assert.equal(bits(licensor.enablingBits?.sealed), client)
    })
  }

  for (const shape of ['2.0', '2.1', '2.1-metadata', '3.0'] as const satisfies readonly PfileShape[]) {
    test(`a PFILE of shape ${shape} opens, whatever mode its licence names`, async () => {
      for (const mode of ['ecb', 'cbc4k'] as const) {
        const made = await lakeside.protectDocument({
          desk: 'marta-2019',
          content,
          container: { kind: 'pfile', shape, extension: '.txt' },
          cipher: { mode, keyBytes: 16 },
        })
        const file = openProtected(memorySource(made.bytes))
        assert.equal(file.extension, '.txt')
        assert.deepEqual(Buffer.from(file.openContent(made.contentKey).read(0, 100)), content)
      }
    })
  }

  test('servers sign online, with or without their chain', async () => {
    const alone = await lakeside.protectDocument({ desk: 'marta-2019', content, signedBy: 'server' })
    const chained = await lakeside.protectDocument({ desk: 'marta-2019', content, signedBy: 'server-with-chain' })
    assert.equal(alone.licenses.length, 1)
    assert.equal(alone.publishingLicense.kind, 'online')
    validate(chained.licenses, lakeside.hierarchies.mode2)
  })
})
