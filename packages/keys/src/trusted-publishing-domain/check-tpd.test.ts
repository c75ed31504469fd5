import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import {
  canonicalGuid,
  issueCertificate,
  publicKeyFromKeyObject,
  rootIssuer,
  softwareKeyHandle,
  type KeyHandle,
} from '@sealward/xrml'
import { keyWithClosePrimes, keyWithCompositeFactor, keyWithRocaFingerprint } from '../rsa/crafted-keys.ts'
import { checkTpd } from './check-tpd.ts'
import { clusterStart, inventCluster, newRsaKey, templateId, today, type InventedCluster } from './invented-cluster.ts'
import { readTpd, type TrustedPublishingDomain } from './read-tpd.ts'
import { writeTpd, type TpdContent } from './write-tpd.ts'

const password = 'correct horse battery staple'
const older = await inventCluster({ mode: 1 })
const current = await inventCluster({ mode: 2 })
const emptyGuid = '{00000000-0000-0000-0000-000000000000}'
const nameless = await inventCluster({ mode: 2, privateKey: current.privateKey, templateId: emptyGuid })

function exported(cluster: InventedCluster, changes: Partial<TpdContent> = {}): TrustedPublishingDomain {
  const file = writeTpd({ ...cluster.content, ...changes }, { password, derivation: 'A' })
  return readTpd({ file, password })
}

const trust = (cluster: InventedCluster) => ({ anchors: [cluster.root], now: today })

suite('a sound domain', () => {
  test('of Mode 2 is accepted with its template', async () => {
    const checked = await checkTpd(exported(current), trust(current))
    assert.equal(checked.mode.number, 2)
    assert.equal(checked.publicKey.bits, 2048)
    assert.deepEqual(checked.chain, [current.licensorCertificate])
    assert.equal(checked.templates[0]?.text, current.template)
    assert.equal(checked.templates[0].refusal, undefined)
    assert.equal(checked.templates[0].policy?.id, canonicalGuid(templateId))
    assert.deepEqual(checked.warnings, [])
    assert.equal(checked.key.publicKey.fingerprint, checked.publicKey.fingerprint)
  })

  test('of Mode 1 is accepted with a warning, unless the policy refuses it', async () => {
    const checked = await checkTpd(exported(older, { cspType: 1 }), trust(older))
    assert.equal(checked.mode.number, 1)
    assert.deepEqual(
      checked.warnings.map((warning) => warning.kind),
      ['mode-1'],
    )
    await assert.rejects(checkTpd(exported(older), { ...trust(older), refuseMode1: true }), {
      code: 'tpd-mode-refused',
    })
  })

  test('without its key needs the key from elsewhere', async () => {
    const keyless = exported(current, { privateKey: undefined })
    await assert.rejects(checkTpd(keyless, trust(current)), { code: 'tpd-key-missing' })
    const keyOverride = softwareKeyHandle(current.privateKey)
    assert.equal((await checkTpd(keyless, { ...trust(current), keyOverride })).key, keyOverride)
  })

  test('under another identity than that of its certificate gives a warning', async () => {
    const checked = await checkTpd(exported(current, { id: '{00000000-1111-2222-3333-444444444444}' }), trust(current))
    assert.deepEqual(
      checked.warnings.map((warning) => warning.kind),
      ['identity-differs'],
    )
  })
})

suite('the chain', () => {
  const vectors = join(
    process.env['SEALWARD_VECTORS'] ?? join(import.meta.dirname, '../../../../../shared/vectors'),
    'tpd',
  )
  const skip = !existsSync(vectors) && process.env['CI'] !== 'true' && 'the published vectors are not on this machine'

  test('of placeholders is refused', { skip }, async () => {
    for (const name of ['tpd-new.xml', 'tpd-old.xml']) {
      const tpd = readTpd({ file: readFileSync(join(vectors, name)), password: 'P@ssw\u00f6rd-\u20ac1' })
      await assert.rejects(checkTpd(tpd, trust(current)), { code: 'tpd-chain-invalid' })
    }
  })

  test('must end at a trusted root', async () => {
    await assert.rejects(checkTpd(exported(current), { anchors: [], now: today }), { code: 'chain-anchor-untrusted' })
    await assert.rejects(checkTpd(exported(current), trust(older)), { code: 'chain-anchor-untrusted' })
  })

  test('must be unchanged', async () => {
    const licensorChain = [current.licensorCertificate.replace('Lakeside Rights', 'Lakeside rights')]
    await assert.rejects(checkTpd(exported(current, { licensorChain }), trust(current)), {
      code: 'xrml-digest-mismatch',
    })
  })

  test('must begin with a server licensor certificate', async () => {
    const first = { licensorChain: [current.template] }
    await assert.rejects(checkTpd(exported(current, first), trust(current)), { code: 'tpd-chain-invalid' })
  })

  test('must link its members', async () => {
    const licensorChain = [current.licensorCertificate, older.licensorCertificate]
    await assert.rejects(checkTpd(exported(current, { licensorChain }), trust(older)), { code: 'chain-not-linked' })
  })

  test('is checked before the key', async () => {
    const privateKey = newRsaKey(2048)
    await assert.rejects(checkTpd(exported(current, { privateKey }), { anchors: [], now: today }), {
      code: 'chain-anchor-untrusted',
    })
  })
})

suite('the mode', () => {
  test('decides which provider types are possible', async () => {
    for (const [cluster, cspType] of [
      [current, 1],
      [current, 0],
      [current, 13],
      [older, 13],
    ] as const) {
      await assert.rejects(checkTpd(exported(cluster, { cspType }), trust(cluster)), {
        code: 'tpd-provider-type-mismatch',
      })
    }
  })

  test('follows from key size and hash, which must belong together', async () => {
    const root = softwareKeyHandle(newRsaKey(2048))
    for (const [bits, hash] of [
      [2048, 'sha1'],
      [1024, 'sha256'],
      [3072, 'sha256'],
    ] as const) {
      const privateKey = newRsaKey(bits)
      const certificate = await issueCertificate({
        kind: 'Server-Licensor-Certificate',
        certificateId: '{A4C2A9E1-77D0-4B0E-8A55-3E2D1F6B7C81}',
        issuedAt: clusterStart,
        issuer: rootIssuer('Lakeside Root', root.publicKey),
        subject: { type: 'MS-DRM-Server', idType: 'MS-GUID', id: current.content.id },
        subjectKey: publicKeyFromKeyObject(createPublicKey(privateKey)),
        issueRange: { from: clusterStart, until: new Date('2099-01-01T00:00:00Z') },
        key: root,
        hash,
      })
      const tpd = exported(current, { privateKey, licensorChain: [certificate], templates: [] })
      await assert.rejects(checkTpd(tpd, { anchors: [root.publicKey], now: today }), {
        code: 'cryptographic-mode-mismatch',
      })
    }
  })
})

suite('the key', () => {
  test('must be that of the licensor certificate', async () => {
    const foreign = newRsaKey(2048)
    await assert.rejects(checkTpd(exported(current, { privateKey: foreign }), trust(current)), {
      code: 'tpd-key-mismatch',
    })
    await assert.rejects(checkTpd(exported(current, { privateKey: older.privateKey }), trust(current)), {
      code: 'tpd-key-mismatch',
    })
    const keyOverride = softwareKeyHandle(foreign)
    await assert.rejects(checkTpd(exported(current), { ...trust(current), keyOverride }), { code: 'tpd-key-mismatch' })
    const both = exported(current, { privateKey: foreign })
    await assert.rejects(checkTpd(both, { ...trust(current), keyOverride: softwareKeyHandle(current.privateKey) }), {
      code: 'tpd-key-mismatch',
    })
  })

  test('must be soundly made', async () => {
    for (const [flaw, privateKey] of [
      [/not prime/, keyWithCompositeFactor()],
      [/too close/, keyWithClosePrimes()],
      [/broken generator/, keyWithRocaFingerprint()],
    ] as const) {
      const cluster = await inventCluster({ mode: 1, privateKey })
      await assert.rejects(checkTpd(exported(cluster), trust(cluster)), { code: 'rsa-key-refused', message: flaw })
    }
  })

  test('must be able to sign and to decrypt', async () => {
    const sound = softwareKeyHandle(current.privateKey)
    const handles: readonly KeyHandle[] = [
      { ...sound, sign: () => Promise.reject(new Error('CKR_KEY_FUNCTION_NOT_PERMITTED')) },
      { ...sound, decrypt: () => Promise.reject(new Error('CKR_KEY_FUNCTION_NOT_PERMITTED')) },
      { ...sound, sign: () => new Uint8Array(256) },
      { ...sound, decrypt: () => new Uint8Array(44) },
    ]
    for (const keyOverride of handles) {
      const keyless = exported(current, { privateKey: undefined })
      await assert.rejects(checkTpd(keyless, { ...trust(current), keyOverride }), { code: 'tpd-key-unusable' })
    }
  })
})

suite('a template that must not be used is reported and does not stop the import:', () => {
  const cases = [
    ['signed by another server', [older.template], 'chain-not-linked'],
    ['changed', [current.template.replace('Staff may read', 'Staff may edit')], 'xrml-digest-mismatch'],
    ['not XrML', ['<x/>'], 'xrml-malformed'],
    ['not a template', [current.licensorCertificate], 'xrml-malformed'],
    ['without a GUID', [nameless.template], 'xrml-malformed'],
  ] as const
  for (const [name, templates, code] of cases) {
    test(name, async () => {
      const checked = await checkTpd(exported(current, { templates: [...templates, current.template] }), trust(current))
      assert.equal(checked.templates[0]?.refusal?.code, code)
      assert.equal(checked.templates[1]?.refusal, undefined)
      assert.deepEqual(
        checked.warnings.map((warning) => warning.kind),
        ['template-refused'],
      )
    })
  }
})
