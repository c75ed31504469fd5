import assert from 'node:assert/strict'
import { test } from 'node:test'
import { printable, printableJson } from './printable.ts'
import { table } from './table.ts'

const hostile = '\u001b]0;title\u0007\u202ecod.exe\u200b\u0085\ud800\n'

test('nothing that moves the cursor, turns text around or is invisible reaches a terminal', () => {
  assert.equal(printable(hostile), '\\u001b]0;title\\u0007\\u202ecod.exe\\u200b\\u0085\\ud800\\u000a')
  assert.equal(printable('Prüfplan Größe 4 😀.docx'), 'Prüfplan Größe 4 😀.docx')
})

test('JSON keeps its value', () => {
  const text = printableJson({ path: hostile })
  assert.match(text, /^[\u0020-\u007e]+$/)
  assert.deepEqual(JSON.parse(text), { path: hostile })
})

test('tables escape cells, show blanks at their ends and cut long ones in the middle', () => {
  const rows = [
    { path: 'a\tb', size: 1234 },
    { path: `${'x'.repeat(30)}END `, size: 7 },
  ]
  const text = table(rows, [
    { title: 'Path', value: ({ path }) => path, most: 20 },
    { title: 'Size', value: ({ size }) => size },
  ])
  assert.equal(
    text,
    [
      'Path                   Size',
      '────────────────────  ─────',
      'a\\u0009b              1,234',
      'xxxxxxxxxx…END\\u0020      7',
      '',
    ].join('\n'),
  )
})
