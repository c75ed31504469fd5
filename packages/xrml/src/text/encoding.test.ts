/** X8: the encodings that real clients send are read, all others refused. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as fc from 'fast-check'
import { refusal } from '../refusal.fixture.ts'
import { decodeText, utf16le } from './encoding.ts'

const text = '<XrML>é € 😀</XrML>'
const bytesOf = (...parts: readonly (string | Uint8Array | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))))
const utf8 = (value: string): Uint8Array => Buffer.from(value, 'utf8')
const utf16be = (value: string): Uint8Array => Buffer.from(value, 'utf16le').swap16()
const declared = (name: string): string => `<?xml version="1.0" encoding="${name}"?><a/>`

suite('X8: reads', () => {
  const cases: readonly (readonly [name: string, bytes: Uint8Array, expected: string])[] = [
    ['UTF-8', utf8(text), text],
    ['UTF-8 with BOM', bytesOf([0xef, 0xbb, 0xbf], utf8(text)), text],
    ['UTF-16LE with BOM', bytesOf([0xff, 0xfe], utf16le(text)), text],
    ['UTF-16LE without BOM', utf16le(text), text],
    ['UTF-16BE with BOM', bytesOf([0xfe, 0xff], utf16be(text)), text],
    ['UTF-16BE without BOM', utf16be(text), text],
    ['UTF-8 with the NUL that C programs leave', bytesOf(utf8(text), [0]), text],
    ['UTF-16LE with the NUL that C programs leave', bytesOf(utf16le(text), [0, 0]), text],
    ['declared UTF-8', utf8(declared('UTF-8')), declared('UTF-8')],
    ['declared ASCII', utf8(declared('us-ascii')), declared('us-ascii')],
    ['declared UTF-16, little-endian', utf16le(declared('utf-16')), declared('utf-16')],
    ['declared UTF-16LE', utf16le(declared('UTF-16LE')), declared('UTF-16LE')],
    ['declared UTF-16, big-endian', utf16be(declared('utf-16')), declared('utf-16')],
    ['nothing', bytesOf(), ''],
  ]
  for (const [name, bytes, expected] of cases) test(name, () => assert.equal(decodeText(bytes), expected))
})

suite('X8: refuses', () => {
  const cases: readonly (readonly [name: string, bytes: Uint8Array])[] = [
    ['UTF-7 by declaration', utf8(declared('utf-7'))],
    ['Latin 1 by declaration', utf8(declared('iso-8859-1'))],
    ['Windows 1252 by declaration', utf8(declared('windows-1252'))],
    ['EBCDIC by declaration', utf8(declared('ibm037'))],
    ['UTF-32 by declaration', utf8(declared('utf-32'))],
    ['UTF-8 declared as UTF-16', utf8(declared('utf-16'))],
    ['UTF-16 declared as UTF-8', utf16le(declared('utf-8'))],
    ['UTF-16LE declared as UTF-16BE', utf16le(declared('utf-16be'))],
    ['a declaration in single quotes', utf8("<?xml version='1.0' encoding='utf-7'?><a/>")],
    ['UTF-32LE with BOM', bytesOf([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0])],
    ['UTF-32BE with BOM', bytesOf([0, 0, 0xfe, 0xff, 0, 0, 0, 0x3c])],
    ['UTF-32LE without BOM', bytesOf([0x3c, 0, 0, 0, 0x61, 0, 0, 0])],
    ['an overlong less-than sign', bytesOf('<a>', [0xc0, 0xbc], '</a>')],
    ['an overlong slash of three bytes', bytesOf('<a>', [0xe0, 0x80, 0xaf], '</a>')],
    ['an overlong NUL', bytesOf('<a>', [0xc0, 0x80], '</a>')],
    ['a surrogate in UTF-8', bytesOf('<a>', [0xed, 0xa0, 0x80], '</a>')],
    ['a code point beyond Unicode', bytesOf('<a>', [0xf4, 0x90, 0x80, 0x80], '</a>')],
    ['a lone continuation byte', bytesOf('<a>', [0x80], '</a>')],
    ['a cut character', bytesOf('<a/>', [0xe2, 0x82])],
    ['Latin 1', bytesOf('<a>é</a>')],
    ['NUL inside', bytesOf('<a>', [0], '</a>')],
    ['NUL inside UTF-16', utf16le('<a>\0</a>')],
    ['a lone high surrogate in UTF-16', utf16le('<a>\uD800</a>')],
    ['a lone low surrogate in UTF-16', utf16le('<a>\uDC00</a>')],
    ['an odd number of bytes in UTF-16', utf16le('<a/>').subarray(0, 7)],
    ['a lone surrogate in UTF-16BE', utf16be('<a>\uD800</a>')],
  ]
  for (const [name, bytes] of cases) {
    test(name, () => assert.throws(() => decodeText(bytes), refusal('text-encoding-refused')))
  }
})

test('X8: UTF-7 without a declaration stays what it is: text that is no markup', () => {
  assert.equal(decodeText(utf8('+ADw-a/+AD4-')), '+ADw-a/+AD4-')
})

test('any well-formed text that begins with markup survives each encoding', () => {
  const characters = fc.string({ unit: 'binary' }).map((value) => `<a>${value.replaceAll('\0', '')}</a>`)
  fc.assert(
    fc.property(characters, (value) => {
      assert.equal(decodeText(utf8(value)), value)
      assert.equal(decodeText(utf16le(value)), value)
      assert.equal(decodeText(utf16be(value)), value)
    }),
  )
})
