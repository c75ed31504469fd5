import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as fc from 'fast-check'
import { parseXrml } from './document.ts'
import { hierarchy } from './hierarchy.fixture.ts'
import { refusal } from './refusal.fixture.ts'
import { digestMatches, signXrml, verifySignature } from './signature.ts'
import { parseSignedXrml } from './surface-coding.ts'
import { isRightsError } from './errors/rights-error.ts'

const { texts, keys } = await hierarchy()

/** A signed document with every spelling that a transport is known to change. */
async function signed(description: string): Promise<string> {
  const { issuer } = await hierarchy().then(({ account }) => account)
  const body =
    '<BODY type="LICENSE" version="3.0"><ISSUEDTIME>2020-01-01T00:00</ISSUEDTIME>' +
    `<ISSUER>${issuer.content}</ISSUER><X>${description}</X><A b="c" d="&quot;" /><E></E></BODY>`
  return signXrml({ body, key: keys.server.handle, hash: 'sha1', order: 'server' })
}

const original = await signed('one;\ntwo;\n &amp; é 😀')

test('takes a document as it is when its digest fits', () => {
  for (const text of [original, ...Object.values(texts)]) assert.equal(parseSignedXrml(text).text, text)
})

suite('finds the signed spelling again when a transport', () => {
  const cases: readonly (readonly [name: string, received: string])[] = [
    ['turned line ends into CRLF', original.replaceAll('\n', '\r\n')],
    ['took the blank out of empty elements', original.replaceAll(' />', '/>')],
    ['put blanks around the equals sign', original.replace('b="c"', 'b = "c"')],
    ['used other quotes', original.replace('b="c"', "b='c'")],
    ['wrote a character as a reference', original.replace('é', '&#233;')],
    ['broke lines inside tags', original.replace('<A b="c" d', '<A\r\n  b="c"\r\n  d')],
    ['did all of it', original.replaceAll(' />', '/>').replace('é', '&#xE9;').replaceAll('\n', '\r\n')],
  ]
  for (const [name, received] of cases) {
    test(name, () => {
      assert.notEqual(received, original)
      const document = parseSignedXrml(received)
      assert.equal(document.text, original)
      verifySignature(document)
    })
  }
})

suite('gives the text as received, which does not verify, when', () => {
  const cases: readonly (readonly [name: string, received: string])[] = [
    ['a character was changed', original.replace('one', 'One')],
    ['a blank was added to text', original.replace('one;', 'one; ')],
    ['a line end was taken out', original.replace('one;\n', 'one;')],
    ['an empty element lost its end tag', original.replace('<E></E>', '<E />')],
    ['a self-closed element got an end tag', original.replace(' d="&quot;" />', ' d="&quot;"></A>')],
    ['attributes changed their order', original.replace('b="c" d="&quot;"', 'd="&quot;" b="c"')],
    ['an attribute was added', original.replace('b="c"', 'b="c" x="y"')],
  ]
  for (const [name, received] of cases) {
    test(name, () => {
      const document = parseSignedXrml(received)
      assert.equal(document.text, received)
      assert.equal(digestMatches(document), false)
      assert.throws(() => verifySignature(document), refusal('xrml-digest-mismatch'))
    })
  }
})

test('never verifies a text that says something else than the signed one', () => {
  const change = fc.record({
    at: fc.nat(original.length - 1),
    cut: fc.nat(3),
    insert: fc.constantFrom('', ' ', '\n', '\r\n', 'A', '/', '>', '<Y />', '&#32;', '"', '=', '\u00A0'),
  })
  fc.assert(
    fc.property(change, ({ at, cut, insert }) => {
      const received = original.slice(0, at) + insert + original.slice(at + cut)
      try {
        const document = parseSignedXrml(received)
        verifySignature(document)
        assert.equal(document.text, original)
      } catch (error) {
        assert.ok(isRightsError(error), String(error))
      }
    }),
    { numRuns: 500 },
  )
})

test('refuses what is no document with the reason for the text as received', () => {
  assert.throws(() => parseSignedXrml('<XrML'), refusal('xml-not-well-formed'))
  assert.throws(() => parseSignedXrml('<XrML version="1.2"></XrML>'), refusal('xrml-malformed'))
  assert.throws(() => parseSignedXrml('<!DOCTYPE x><x/>'), refusal('xml-dtd-refused'))
})

test('keeps an unsigned document as it is', () => {
  const unsigned = parseXrml(original).text.replace(/<SIGNATURE>.*<\/SIGNATURE>/s, '')
  assert.equal(parseSignedXrml(unsigned).text, unsigned)
})
