/** Licences that Windows clients and servers wrote: every signature verifies, and each chain leads to the production root. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { suite, test } from 'node:test'
import { memorySource, openProtected } from '@sealward/formats'
import {
  issuerKeyOf,
  orderChain,
  parseClientLicensorCertificate,
  parseIssuingCertificate,
  parsePublishingLicense,
  parseUseLicense,
  parseXrmlChain,
  validateChain,
  verifyDocuments,
  type PublicKey,
  type XrmlDocument,
} from '@sealward/xrml'
import { readVector, vectorsMissing } from '../vectors.ts'

/** SHA-256 of the modulus in the byte order of certificates; one root signs both cryptographic modes. */
const productionRoot = '7c48b30c8bef32eefa35b7b87b6d083509690f7ae94d5d2e87329f708260ef8d'
const productionAuthority = 'dc0842824ec97019748399916b96474dbc3f1ba2e440b63cb65d5901526abae6'

const chained = {
  'testWORD_protected_drm.doc': 'sha256',
  'pfile/GetSymKeySample-sample.ptxt': 'sha1',
  'pfile/file_sdk-Drawing.vsd.pfile': 'sha1',
  'pfile/rmsSharingAdminTest.ptxt': 'sha1',
} as const
const single = ['pfile/android_template_01.ptxt', 'pfile/windowsAdminTest.txt.pfile'] as const

function documentsOf(file: string): readonly XrmlDocument[] {
  return parseXrmlChain(openProtected(memorySource(readVector('formats', ...file.split('/')))).licenseText)
}

function littleEndianSha256(key: PublicKey): string {
  return createHash('sha256').update(key.modulus.toReversed()).digest('hex')
}

/** The key above the last document: trusted here because it is the known one. */
function rootOf(documents: readonly XrmlDocument[]): PublicKey {
  const root = issuerKeyOf(documents.at(-1)!)
  assert.equal(littleEndianSha256(root), productionRoot)
  return root
}

for (const [file, hash] of Object.entries(chained)) {
  suite(`eight documents in ${file}`, { skip: vectorsMissing }, () => {
    const documents = vectorsMissing === false ? documentsOf(file) : []

    test('are the serialised licence of a Windows client, with valid signatures, linked and anchored', () => {
      const verdict = verifyDocuments(documents, [rootOf(documents)])
      assert.deepEqual(verdict.chain, { linked: true, anchor: 'trusted', fault: null })
      assert.deepEqual(
        verdict.documents.map(({ type }) => type),
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
      for (const document of verdict.documents) {
        assert.deepEqual([document.digest, document.signature, document.hash], ['match', 'valid', hash])
      }
      assert.deepEqual(verifyDocuments(documents).chain, {
        linked: true,
        anchor: 'untrusted',
        fault: 'chain-anchor-untrusted',
      })
    })

    test('validate as one chain, also today, although the ranges of its authorities are over', () => {
      const chain = orderChain(documents)
      assert.equal(chain.length, 6)
      const authority = parseIssuingCertificate(chain.at(-1)!)
      assert.equal(littleEndianSha256(authority.principal.publicKey), productionAuthority)
      assert.ok(authority.issueRange.until < new Date('2021-01-01T00:00Z'))
      const { issuedAt, validity } = parsePublishingLicense(chain[0]!)
      // One of the licences is itself valid for a time only.
      for (const now of validity === undefined ? [issuedAt, new Date('2030-01-01T00:00Z')] : [issuedAt]) {
        assert.equal(validateChain({ documents: chain, anchors: [rootOf(documents)], now }).length, 6)
      }
    })

    test('belong together: licence, client certificate and the licence of the owner', () => {
      const [first, second, third] = documents
      const license = parsePublishingLicense(first!)
      const client = parseClientLicensorCertificate(second!)
      const owner = parseUseLicense(third!)
      assert.equal(license.kind, 'offline')
      assert.equal(license.server.object.raw, client.issuer.object.raw)
      assert.deepEqual(
        owner.rights.map((entry) => entry.right),
        ['OWNER'],
      )
      assert.equal(owner.work.object.id, license.work.object.id)
      assert.ok(owner.rights[0]?.enablingBits !== undefined)
    })

    test('lead nowhere when any one of the links is left out', () => {
      const chain = orderChain(documents)
      for (let at = 1; at < chain.length; at++) {
        const rest = documents.filter((document) => document.bodyText !== chain[at]!.bodyText)
        const { linked, anchor } = verifyDocuments(rest, [rootOf(documents)]).chain
        // Without the topmost, the authority below it could as well hang below a root of its own, an untrusted one.
        assert.deepEqual([linked, anchor], at === chain.length - 1 ? [true, 'untrusted'] : [false, 'absent'])
      }
    })
  })
}

for (const file of single) {
  test(`the licence in ${file} stands alone, signed online`, { skip: vectorsMissing }, () => {
    const documents = documentsOf(file)
    const license = parsePublishingLicense(documents[0]!)
    assert.deepEqual([documents.length, license.kind], [1, 'online'])
    const verdict = verifyDocuments(documents)
    assert.deepEqual([verdict.documents[0]?.signature, verdict.chain.anchor], ['valid', 'absent'])
    const anchors = [issuerKeyOf(documents[0]!)]
    assert.deepEqual(verifyDocuments(documents, anchors).chain, { linked: true, anchor: 'trusted', fault: null })
  })
}
