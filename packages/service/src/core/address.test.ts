import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { addressSpellings, canonicalAddress, knownAddress } from './address.ts'

suite('canonical addresses', () => {
  const same: readonly (readonly [string, string])[] = [
    ['Alice@Lakeside.Example', 'alice@lakeside.example'],
    ["o'brien+tag@lakeside.example", "o'brien+tag@lakeside.example"],
    ['JÖRG@lakeside.example', 'jörg@lakeside.example'],
    ['jo\u0308rg@lakeside.example', 'jörg@lakeside.example'],
    ['anna@MÜNCHEN.example', 'anna@xn--mnchen-3ya.example'],
    ['anna@xn--mnchen-3ya.example', 'anna@xn--mnchen-3ya.example'],
    ['anna@münchen。example', 'anna@xn--mnchen-3ya.example'],
  ]
  for (const [written, canonical] of same) {
    test(`${written} is ${canonical}`, () => assert.equal(canonicalAddress(written), canonical))
  }

  const refused = [
    '',
    'alice',
    '@lakeside.example',
    'alice@',
    'alice@lakeside',
    'a b@lakeside.example',
    'alice@@lakeside.example',
    'alice\u0000@lakeside.example',
    'alice\u200b@lakeside.example',
    '"alice"@lakeside.example',
    // KELVIN SIGN and LATIN SMALL LETTER LONG S fold to k and s in some programs.
    '\u212Aate@lakeside.example',
    'bo\u017Fs@lakeside.example',
    // Full width and ligature forms.
    '\uff41lice@lakeside.example',
    'o\ufb03ce@lakeside.example',
    // CYRILLIC SMALL LETTER A between Latin letters.
    '\u0430lice@lakeside.example',
    'alice@l\u0430keside.example',
    // A host in a URL would end there, or be decoded.
    'alice@lakeside.example\\x',
    'alice@lakeside.example/x',
    'alice@lakeside.example?x',
    'alice@lakeside.example#x',
    'alice@lakeside%2eexample',
    `${'a'.repeat(65)}@lakeside.example`,
    `alice@${'a'.repeat(250)}.example`,
    'alice@127.0.0.1:80',
    'alice@-lakeside.example',
  ]
  for (const written of refused) {
    test(`refuses ${JSON.stringify(written).slice(0, 50)}`, () => {
      assert.throws(() => canonicalAddress(written), { code: 'address-refused' })
      assert.equal(knownAddress(written), undefined)
    })
  }

  test('policies may spell the domain in its own script', () => {
    assert.deepEqual(addressSpellings('anna@xn--mnchen-3ya.example'), [
      'anna@xn--mnchen-3ya.example',
      'anna@münchen.example',
    ])
    assert.deepEqual(addressSpellings('anna@lakeside.example'), ['anna@lakeside.example'])
  })

  test('the canonical form of a canonical form is itself', () => {
    for (const [, canonical] of same) assert.equal(canonicalAddress(canonical), canonical)
  })
})
