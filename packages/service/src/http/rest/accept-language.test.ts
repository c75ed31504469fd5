import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acceptedLanguages } from './accept-language.ts'

const table: readonly (readonly [string | undefined, readonly string[]])[] = [
  [undefined, []],
  ['', []],
  ['En-en', ['En-en']],
  ['en,*', ['en']],
  ['en;q=0.5, de-DE, fr;q=0.8', ['de-DE', 'fr', 'en']],
  ['de;q=0, en', ['en']],
  ['C', []],
  ['de_DE, ;;;, q=1, en', ['en']],
  ['x'.repeat(5000), []],
]

for (const [header, languages] of table) {
  test(`reads ${header?.slice(0, 40) ?? 'an absent header'}`, () => {
    assert.deepEqual(acceptedLanguages(header), languages)
  })
}
