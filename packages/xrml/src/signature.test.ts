import assert from 'node:assert/strict'
import { constants, createHash, privateEncrypt, sign } from 'node:crypto'
import { suite, test } from 'node:test'
import { parseXrml } from './document.ts'
import { mode1, mode2 } from './crypto/modes.ts'
import type { ErrorCode } from './errors/catalogue.ts'
import { hierarchy } from './hierarchy.fixture.ts'
import { testKey } from './keys.fixture.ts'
import { refusal } from './refusal.fixture.ts'
import { digestMatches, issuerKeyOf, parseSignature, signXrml, verifySignature } from './signature.ts'
import { encodeBase64 } from './text/base64.ts'
import { utf16le } from './text/encoding.ts'

const key = await testKey('server', 1024)
const { licensor } = await hierarchy()
const body =
  '<BODY type="LICENSE" version="3.0"><ISSUEDTIME>2020-01-01T00:00</ISSUEDTIME>' +
  `<ISSUER>${licensor.content}</ISSUER></BODY>`
const bodyHash = createHash('sha1').update(utf16le(body)).digest()
const digestInfo = Buffer.from('3021300906052b0e03021a05000414', 'hex')

/** A document whose parts of SIGNATURE are as given; the defaults are right. */
function forged(parts: {
  readonly value?: Uint8Array
  readonly size?: string
  readonly hash?: string
  readonly digest?: Uint8Array
  readonly digestSize?: string
  readonly coding?: string
  readonly algorithm?: string
  readonly order?: 'server' | 'client'
  readonly body?: string
}): string {
  const value = parts.value ?? sign('sha1', utf16le(body), key.privateKey)
  const digest =
    `<DIGEST><ALGORITHM>${parts.hash ?? 'SHA1'}</ALGORITHM><PARAMETER name="codingtype">` +
    `<VALUE encoding="string">${parts.coding ?? 'surface-coding'}</VALUE></PARAMETER>` +
    `<VALUE encoding="base64" size="${parts.digestSize ?? '160'}">${encodeBase64(parts.digest ?? bodyHash)}</VALUE></DIGEST>`
  const algorithm = `<ALGORITHM>${parts.algorithm ?? 'RSA PKCS#1-V1.5'}</ALGORITHM>`
  const order = parts.order === 'client' ? algorithm + digest : digest + algorithm
  return (
    `<XrML xmlns="" version="1.2">${parts.body ?? body}<SIGNATURE>${order}` +
    `<VALUE encoding="base64" size="${parts.size ?? '1024'}">${encodeBase64(value)}</VALUE></SIGNATURE></XrML>`
  )
}

/** RSA without any padding of its own: the block as given, under the real private key. */
function rawSign(block: Uint8Array): Uint8Array {
  return privateEncrypt({ key: key.privateKey, padding: constants.RSA_NO_PADDING }, block)
}

/** `00 01 FF… 00 tail` over 128 bytes. */
function padded(tail: Uint8Array, fill = 0xff): Buffer {
  const block = Buffer.alloc(128, fill)
  block.set([0, 1], 0)
  block.set([0, ...tail], 128 - tail.length - 1)
  return block
}

suite('verifies', () => {
  for (const order of ['server', 'client'] as const) {
    test(`the ${order}'s order of elements`, () => {
      const document = parseXrml(forged({ order }))
      verifySignature(document)
      assert.equal(digestMatches(document), true)
      assert.deepEqual(parseSignature(document).hash, 'sha1')
      assert.ok(Buffer.from(issuerKeyOf(document).modulus).equals(key.publicKey.modulus))
    })

    test(`what it writes itself in the ${order}'s order`, async () => {
      const text = await signXrml({ body, key: key.handle, hash: 'sha1', order })
      assert.ok(text.startsWith(order === 'server' ? '<XrML xmlns="" version="1.2">' : '<XrML version="1.2" xmlns="">'))
      assert.equal(text.replace(/^<XrML[^>]*>/, ''), forged({ order }).replace(/^<XrML[^>]*>/, ''))
      verifySignature(parseXrml(text))
    })
  }

  test('a block built by hand as the standard says', () => {
    verifySignature(parseXrml(forged({ value: rawSign(padded(Buffer.concat([digestInfo, bodyHash]))) })))
  })

  test('every document of both modes', async () => {
    for (const mode of [mode1, mode2]) {
      for (const document of Object.values((await hierarchy(mode)).documents)) {
        verifySignature(document)
        assert.equal(parseSignature(document).hash, mode.hash)
      }
    }
  })
})

suite('X7: refuses signatures that a careless verifier accepts', () => {
  const good = Buffer.concat([digestInfo, bodyHash])
  const noNull = Buffer.concat([Buffer.from('301f300706052b0e03021a0414', 'hex'), bodyHash])
  const cases: readonly (readonly [name: string, block: Uint8Array])[] = [
    ['trailing bytes behind the digest', padded(Buffer.concat([good, Buffer.alloc(20, 7)]))],
    ['trailing bytes that leave eight bytes of padding', padded(Buffer.concat([good, Buffer.alloc(82, 0xab)]))],
    [
      'bytes hidden in the parameters of the algorithm',
      padded(
        Buffer.concat([
          Buffer.from('3031301906052b0e03021a0510', 'hex'),
          Buffer.alloc(16, 9),
          Buffer.from('0414', 'hex'),
          bodyHash,
        ]),
      ),
    ],
    ['no parameters in the algorithm', padded(noNull)],
    [
      'another hash in the DigestInfo',
      padded(Buffer.concat([Buffer.from('302130090605 2b24030201 05000414'.replaceAll(' ', ''), 'hex'), bodyHash])),
    ],
    [
      'MD5 in the DigestInfo',
      padded(Buffer.concat([Buffer.from('3020300c06082a864886f70d020505000410', 'hex'), bodyHash.subarray(0, 16)])),
    ],
    [
      'SHA-256 in the DigestInfo',
      padded(
        Buffer.concat([
          Buffer.from('3031300d060960864801650304020105000420', 'hex'),
          createHash('sha256').update(utf16le(body)).digest(),
        ]),
      ),
    ],
    ['the bare hash without DigestInfo', padded(bodyHash)],
    [
      'a long form of a length',
      padded(Buffer.concat([Buffer.from('308121300906052b0e03021a05000414', 'hex'), bodyHash])),
    ],
    [
      'a hash that is one byte short',
      padded(Buffer.concat([Buffer.from('3020300906052b0e03021a05000413', 'hex'), bodyHash.subarray(0, 19)])),
    ],
    ['padding of zeros', padded(good, 0)],
    [
      'padding with one other byte',
      (() => {
        const block = padded(good)
        block[40] = 0xfe
        return block
      })(),
    ],
    [
      'block type 2',
      (() => {
        const block = padded(good)
        block[1] = 2
        return block
      })(),
    ],
    ['the hash of another body', padded(Buffer.concat([digestInfo, createHash('sha1').update('x').digest()]))],
  ]
  for (const [name, block] of cases) {
    test(name, () => {
      assert.throws(
        () => verifySignature(parseXrml(forged({ value: rawSign(block) }))),
        refusal('xrml-signature-invalid'),
      )
    })
  }

  test('a cube root under a key with exponent 3', () => {
    const small = Buffer.alloc(128)
    small[127] = 1
    for (const exponent of ['3', '1', '17', '65539', '065537', '0x10001']) {
      const other = body.replace('>65537<', `>${exponent}<`)
      const digest = createHash('sha1').update(utf16le(other)).digest()
      assert.throws(
        () => verifySignature(parseXrml(forged({ body: other, digest, value: small }))),
        refusal('public-key-invalid'),
        exponent,
      )
    }
  })

  test('values at the borders of the modulus', () => {
    const modulus = Buffer.from(key.publicKey.modulus)
    const signature = sign('sha1', utf16le(body), key.privateKey)
    const beyond = (BigInt(`0x${signature.toString('hex')}`) + BigInt(`0x${modulus.toString('hex')}`)).toString(16)
    const values = [Buffer.alloc(128), Buffer.alloc(128, 0xff), modulus, Buffer.from(signature).reverse()]
    if (beyond.length <= 256) values.push(Buffer.from(beyond.padStart(256, '0'), 'hex'))
    for (const value of values) {
      assert.throws(() => verifySignature(parseXrml(forged({ value }))), refusal('xrml-signature-invalid'))
    }
  })
})

suite('X7: refuses edited fields', () => {
  const signature = sign('sha1', utf16le(body), key.privateKey)
  const cases: readonly (readonly [name: string, text: string, code: ErrorCode])[] = [
    ['size of the signature', forged({ size: '2048' }), 'xrml-signature-invalid'],
    ['size of the signature with blanks', forged({ size: ' 1024' }), 'xrml-malformed'],
    ['size of the signature as another number', forged({ size: '1024.0' }), 'xrml-malformed'],
    ['no size', forged({ size: '' }), 'xrml-malformed'],
    [
      'signature with a zero byte in front',
      forged({ value: Buffer.concat([Buffer.alloc(1), signature]) }),
      'xrml-signature-invalid',
    ],
    ['signature cut', forged({ value: signature.subarray(1) }), 'xrml-signature-invalid'],
    ['no signature value', forged({ value: Buffer.alloc(0) }), 'xrml-signature-invalid'],
    ['digest of another body', forged({ digest: Buffer.alloc(20) }), 'xrml-digest-mismatch'],
    ['digest size', forged({ digestSize: '256' }), 'xrml-malformed'],
    [
      'digest cut, sizes agreeing',
      forged({ digest: bodyHash.subarray(0, 19), digestSize: '152' }),
      'xrml-digest-mismatch',
    ],
    ['empty digest', forged({ digest: Buffer.alloc(0), digestSize: '0' }), 'xrml-digest-mismatch'],
    ['SHA-256 named over a SHA-1 digest', forged({ hash: 'SHA256' }), 'xrml-digest-mismatch'],
    ['unknown hash', forged({ hash: 'MD5' }), 'xrml-malformed'],
    ['hash named like a property', forged({ hash: 'constructor' }), 'xrml-malformed'],
    ['hash in prose spelling', forged({ hash: 'SHA-1' }), 'xrml-malformed'],
    ['coding type', forged({ coding: 'canonical' }), 'xrml-malformed'],
    ['algorithm', forged({ algorithm: 'RSA-PSS' }), 'xrml-malformed'],
    ['a blank in a value', forged({}).replace('">', '"> '), 'xrml-malformed'],
    ['a comment-like blank in SIGNATURE', forged({}).replace('<SIGNATURE>', '<SIGNATURE >'), 'xrml-malformed'],
    ['a second DIGEST', forged({}).replace('</DIGEST>', '</DIGEST><DIGEST />'), 'xrml-malformed'],
    ['a second VALUE', forged({}).replace('</SIGNATURE>', '<VALUE /></SIGNATURE>'), 'xrml-malformed'],
    ['a reference for a character', forged({}).replace('surface-coding', 'surface&#45;coding'), 'xrml-malformed'],
    [
      'an empty SIGNATURE',
      forged({}).replace(/<SIGNATURE>.*<\/SIGNATURE>/s, '<SIGNATURE></SIGNATURE>'),
      'xrml-malformed',
    ],
    ['no SIGNATURE', forged({}).replace(/<SIGNATURE>.*<\/SIGNATURE>/s, ''), 'xrml-not-signed'],
    [
      'no ISSUER',
      forged({ body: '<BODY></BODY>', digest: createHash('sha1').update(utf16le('<BODY></BODY>')).digest() }),
      'xrml-malformed',
    ],
  ]
  for (const [name, text, code] of cases) {
    test(name, () => assert.throws(() => verifySignature(parseXrml(text)), refusal(code)))
  }

  test('the key of a second ISSUER', () => {
    const doubled = body.replace('</BODY>', `<ISSUER>${licensor.content}</ISSUER></BODY>`)
    const value = sign('sha1', utf16le(doubled), key.privateKey)
    const digest = createHash('sha1').update(utf16le(doubled)).digest()
    assert.throws(() => verifySignature(parseXrml(forged({ body: doubled, digest, value }))), refusal('xrml-malformed'))
  })

  test('the signature of another key', async () => {
    const other = await testKey('other', 1024)
    const text = await signXrml({ body, key: other.handle, hash: 'sha1', order: 'server' })
    assert.throws(() => verifySignature(parseXrml(text)), refusal('xrml-signature-invalid'))
  })
})
