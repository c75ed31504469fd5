import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { isRightsError } from '@sealward/xrml'
import { runBatch } from './batch-interpreter.fixture.ts'
import { cmdQuoted, powerShellQuoted, registrationQuoted } from './quoting.ts'
import { createRegistry } from './registry-model.fixture.ts'

function valueThroughBatch(name: string, data: string): string | number | undefined {
  const registry = createRegistry()
  const lines = [
    '@echo off',
    'setlocal EnableExtensions DisableDelayedExpansion',
    `"C:\\reg.exe" add "HKCU\\K" /v ${cmdQuoted(name)} /t REG_SZ /d ${cmdQuoted(data)} /f >nul`,
    'exit /b 0',
  ]
  runBatch(Buffer.from(lines.join('\r\n')), { registry, environment: { PATH: 'C:\\', A: 'B' }, files: new Set() })
  return registry.get('HKEY_CURRENT_USER\\K', name)?.data
}

test('in a batch file percent, caret, ampersand, exclamation mark and the rest of the signs are text', () => {
  for (const data of [
    '%PATH%',
    '100%',
    '%A',
    '^',
    'a^&b',
    'a & calc',
    '!PATH!',
    '<>|()',
    "';,=",
    '%%A%%',
    '%~1',
    '>nul',
  ]) {
    assert.equal(valueThroughBatch(data, data), data)
  }
  assert.equal(cmdQuoted('100% ^ & !'), '"100%% ^ & !"')
  assert.equal(cmdQuoted('C:\\folder\\'), '"C:\\folder\\\\"')
})

test('any printable text without quotation marks comes through', () => {
  const unit = fc.constantFrom(...Array.from("%^&!|<>()=;,@~$'` abcPATH0123456789./:-_"))
  fc.assert(
    fc.property(fc.string({ unit, minLength: 1 }), fc.string({ unit, minLength: 1 }), (name, data) => {
      assert.equal(valueThroughBatch(name, data), data)
    }),
  )
})

test('what a language cannot quote is refused', () => {
  for (const text of ['a"b', 'a\nb', 'a\rb', 'a\u0000b', 'a\u2028b']) {
    assert.throws(
      () => cmdQuoted(text),
      (error) => isRightsError(error, 'script-text-refused'),
    )
    if (text.includes('"')) continue
    for (const quoted of [powerShellQuoted, registrationQuoted]) {
      assert.throws(
        () => quoted(text),
        (error) => isRightsError(error, 'script-text-refused'),
      )
    }
  }
})

test('in PowerShell every kind of single quote is doubled, and nothing else acts', () => {
  assert.equal(powerShellQuoted("it's"), "'it''s'")
  assert.equal(powerShellQuoted('\u2018\u2019\u201a\u201b'), "'\u2018\u2018\u2019\u2019\u201a\u201a\u201b\u201b'")
  assert.equal(powerShellQuoted('$(calc) `n "x"'), '\'$(calc) `n "x"\'')
})

test('in a registration file backslash and quotation mark are escaped', () => {
  assert.equal(registrationQuoted('a\\b"c'), '"a\\\\b\\"c"')
})
