import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { requireSafeName } from './file-name.ts'

const refusedNames = [
  '',
  '.',
  '..',
  '../a',
  'a/b',
  'a\\b',
  'C:a',
  'a:stream',
  'a\0b',
  'a\nb',
  'a\u202etxt.exe',
  'con',
  'NUL.txt',
  'com1.docx',
  'LPT¹',
  'a.',
  'a ',
  'x'.repeat(256),
  'ü'.repeat(128),
  '\ud800',
  'a?',
  'a*',
  '"a',
  'a|b',
  '<a>',
]
const goodNames = ['a', 'a.txt', '.hidden', 'Übersicht 2020 (final).docx', '計画.pptx', 'console.txt', 'com10', '...a']

test('a name is one safe component on every system, or it is refused', () => {
  for (const name of refusedNames) {
    assert.throws(
      () => requireSafeName(name),
      (error) => isRightsError(error, 'file-name-refused'),
      JSON.stringify(name),
    )
  }
  for (const name of goodNames) requireSafeName(name)
})
