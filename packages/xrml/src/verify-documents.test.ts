import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { mode2 } from './crypto/modes.ts'
import { parseXrml, type XrmlDocument } from './document.ts'
import { writePublicKey } from './elements/public-key.ts'
import { guid, hierarchy, owner, resigned } from './hierarchy.fixture.ts'
import { testKey } from './keys.fixture.ts'
import { verifyDocuments, type ChainVerdict } from './verify-documents.ts'

const { documents, keys, parts } = await hierarchy()
const { authority, service, server, client, offline, online, ownerUse, account, template, machine, processor } =
  documents
const serialized = [offline, client, ownerUse, parseXrml(client.text), server, service, authority]
const root = [keys.root.publicKey]

function chain(of: readonly XrmlDocument[], anchors = root): ChainVerdict {
  return verifyDocuments(of, anchors).chain
}

test('says of each document what it is, by whom, and whether digest and signature fit', () => {
  const verdict = verifyDocuments([offline, account, template, authority], root)
  assert.deepEqual(verdict.documents, [
    {
      index: 0,
      type: 'publishing-license',
      subject: guid('b'),
      issuer: owner.address,
      keyBits: 1024,
      hash: 'sha1',
      digest: 'match',
      signature: 'valid',
    },
    {
      index: 1,
      type: 'account-certificate',
      subject: owner.address,
      issuer: guid('4'),
      keyBits: 1024,
      hash: 'sha1',
      digest: 'match',
      signature: 'valid',
    },
    {
      index: 2,
      type: 'rights-template',
      subject: guid('a'),
      issuer: guid('4'),
      keyBits: 1024,
      hash: 'sha1',
      digest: 'match',
      signature: 'valid',
    },
    {
      index: 3,
      type: 'ca-certificate',
      subject: 'Lakeside CA',
      issuer: 'Lakeside Root',
      keyBits: 2048,
      hash: 'sha1',
      digest: 'match',
      signature: 'valid',
    },
  ])
  assert.deepEqual(JSON.parse(JSON.stringify(verdict)), verdict)
})

suite('a chain is', () => {
  const trusted = { linked: true, anchor: 'trusted', fault: null }
  const untrusted = { linked: true, anchor: 'untrusted', fault: 'chain-anchor-untrusted' }
  const broken = { linked: false, anchor: 'absent', fault: 'chain-not-linked' }

  test('trusted in the order of the Windows client, and in any other', async () => {
    assert.deepEqual(chain(serialized), trusted)
    assert.deepEqual(chain(serialized.toReversed()), trusted)
    const two = await hierarchy(mode2)
    const d = two.documents
    assert.deepEqual(chain([d.offline, d.client, d.server, d.service, d.authority], [two.keys.root.publicKey]), trusted)
  })

  test('trusted below a server that is an anchor, with or without what stands above', () => {
    assert.deepEqual(chain([online], [keys.server.publicKey]), trusted)
    assert.deepEqual(chain(serialized, [keys.server.publicKey]), trusted)
    assert.deepEqual(chain([offline, client, server], [keys.server.publicKey]), trusted)
  })

  test('linked but untrusted below one root that is no anchor', () => {
    assert.deepEqual(chain(serialized, []), untrusted)
    assert.deepEqual(chain(serialized, [keys.machine.publicKey]), untrusted)
    assert.deepEqual(chain([authority], []), untrusted)
  })

  test('broken where a link is missing', () => {
    for (const missing of [client, server, service, authority]) {
      const rest = serialized.filter((document) => document.text !== missing.text)
      assert.deepEqual(chain(rest), broken, missing.type)
    }
    assert.deepEqual(chain([]), broken)
    assert.deepEqual(chain([online]), broken)
    assert.deepEqual(chain([machine, authority]), broken)
    assert.deepEqual(chain([machine, processor, authority]), trusted)
  })

  test('broken below two roots', async () => {
    const stranger = await testKey('stranger', 2048)
    const ofStranger = await resigned(authority, stranger, (body) =>
      body.replace(/(<ISSUER>.*?)<PUBLICKEY>.*?<\/PUBLICKEY>/, `$1${writePublicKey(stranger.publicKey)}`),
    )
    const both = [...serialized, ofStranger]
    assert.deepEqual(chain(both, []), broken)
    assert.deepEqual(chain(both), broken)
  })

  test('broken when certificates certify each other', async () => {
    const principal = /<ISSUEDPRINCIPALS><PRINCIPAL[^>]*>(<OBJECT.*?<\/PUBLICKEY>)/.exec(server.bodyText)?.[1] ?? ''
    const circle = await resigned(service, keys.server, (body) =>
      body.replace(/<ISSUER>.*<\/ISSUER>/, `<ISSUER>${principal}</ISSUER>`),
    )
    assert.deepEqual(chain([online, server, circle]), broken)
  })

  test('broken when a certificate issued outside its time', async () => {
    const late = await resigned(server, keys.service, (body) => body.replace('<UNTIL>2250', '<UNTIL>2020'))
    assert.deepEqual(chain([online, late, service, authority]), {
      linked: false,
      anchor: 'absent',
      fault: 'chain-issued-outside-range',
    })
  })

  test('never trusted with a document that was changed, unsigned or forged', async () => {
    const changed = parseXrml(offline.text.replace(owner.address, 'eve@lakeside.example'))
    const forged = await resigned(offline, keys.machine, (body) => body.replace(owner.address, 'eve@lakeside.example'))
    const unsigned = parseXrml(parts.rightsData)
    for (const [document, fault, digest, signature] of [
      [changed, 'xrml-digest-mismatch', 'mismatch', 'invalid'],
      [forged, 'xrml-signature-invalid', 'match', 'invalid'],
      [unsigned, 'xrml-not-signed', null, 'absent'],
    ] as const) {
      const verdict = verifyDocuments([document, ...serialized.slice(1)], root)
      assert.equal(verdict.chain.fault, fault)
      assert.notEqual(verdict.chain.anchor, 'trusted')
      assert.deepEqual([verdict.documents[0]?.digest, verdict.documents[0]?.signature], [digest, signature])
    }
  })
})

test('says of a document that cannot be read what it can', () => {
  const text =
    '<XrML xmlns="" version="1.2"><BODY type="LICENSE" version="3.0"><X></X></BODY><SIGNATURE><Y></Y></SIGNATURE></XrML>'
  const verdict = verifyDocuments([parseXrml(text)])
  assert.deepEqual(verdict, {
    documents: [
      {
        index: 0,
        type: 'unknown',
        subject: null,
        issuer: null,
        keyBits: null,
        hash: null,
        digest: null,
        signature: 'invalid',
      },
    ],
    chain: { linked: false, anchor: 'absent', fault: 'xrml-malformed' },
  })
})
