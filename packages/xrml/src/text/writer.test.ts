import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { refusal } from '../refusal.fixture.ts'
import { readXml } from './reader.ts'
import { element, escapeAttribute, escapeText, textElement } from './writer.ts'

test('writes compactly, with one blank before the end of an empty element', () => {
  assert.equal(element('A'), '<A />')
  assert.equal(element('A', { b: '1', c: undefined, d: '' }), '<A b="1" d="" />')
  assert.equal(element('A', {}, undefined, '<B />', ''), '<A><B /></A>')
  assert.equal(textElement('A', { b: 'c' }, 'd'), '<A b="c">d</A>')
  assert.equal(textElement('A', {}, ''), '<A />')
})

test('escapes markup, and keeps all other characters as they are', () => {
  assert.equal(escapeText('<&>"\'é😀\r'), '&lt;&amp;&gt;"\'é😀\r')
  assert.equal(escapeAttribute('<&>"\'\t\n\ré'), "&lt;&amp;&gt;&quot;'&#9;&#10;&#13;é")
})

test('writes line ends as LF', () => {
  assert.equal(textElement('A', {}, 'one\r\ntwo\rthree\n'), '<A>one\ntwo\nthree\n</A>')
})

test('refuses characters that no XML can carry', () => {
  for (const text of ['\u0000', '\u0001', '\u001F', '\uFFFE', '\uFFFF', '\uD800', '\uDC00x', 'a\uD800\uD800\uDC00']) {
    assert.throws(() => escapeText(text), refusal('xml-character-refused'), JSON.stringify(text))
    assert.throws(() => element('A', { b: text }), refusal('xml-character-refused'), JSON.stringify(text))
  }
})

test('what is written is read back', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'é', '€', '😀', '<', '>', '&', '"', "'", '\t', '\n', ' ', '\u0085', '\uFEFF'),
  })
  fc.assert(
    fc.property(text, text, (value, attribute) => {
      const read = readXml(textElement('A', { b: attribute }, value))
      assert.equal(read.text, value)
      assert.equal(read.attributes.get('b'), attribute)
    }),
    { numRuns: 500 },
  )
})
