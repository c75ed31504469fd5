import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { temporaryFolder } from '../transcript.fixture.ts'
import type { Parameters } from './parameters.ts'
import { readArguments } from './read-arguments.ts'

const parameters = {
  TpdFile: { kind: 'text', required: true, says: '' },
  ProtectionPassword: { kind: 'secret', says: '' },
  Active: { kind: 'boolean', says: '' },
  Verbose: { kind: 'switch', says: '' },
  Rights: { kind: 'list', says: '' },
  Names: { kind: 'items', says: '' },
  Days: { kind: 'number', says: '' },
  FromTime: { kind: 'time', says: '' },
  Scope: { kind: 'text', values: ['All', 'WindowsApp'], says: '' },
  KeyVaultKeyUrl: { kind: 'unsupported', says: 'not here' },
} as const satisfies Parameters

const read = (...args: readonly string[]) => readArguments(parameters, ['-TpdFile', 'a.xml', ...args])

test('names are read without case, values as PowerShell and Unix shells give them', () => {
  const values = read(
    '-active',
    '$true',
    '-VERBOSE',
    '--rights',
    'VIEW,EDIT',
    'PRINT',
    '-names',
    '1033=A, b',
    '-days',
    '-1',
  )
  assert.deepEqual(
    [values.TpdFile, values.Active, values.Verbose, values.Rights, values.Names, values.Days],
    ['a.xml', true, true, ['VIEW', 'EDIT', 'PRINT'], ['1033=A, b'], -1],
  )
  assert.deepEqual(
    [read('-Active:$false').Active, read('-Active', 'True').Active, read('-Active', '1').Active],
    [false, true, true],
  )
  assert.deepEqual([read().Verbose, read('-Verbose:$false').Verbose, read().Active], [false, false, undefined])
  assert.equal(read('-Scope', 'windowsapp').Scope, 'WindowsApp')
  assert.equal(read('-FromTime', '2026-03-01T12:00Z').FromTime?.toISOString(), '2026-03-01T12:00:00.000Z')
  assert.equal(read('-FromTime', '2026-03-01').FromTime?.getHours(), 0)
})

function codeOf(...args: readonly string[]): string {
  try {
    readArguments(parameters, args)
  } catch (error) {
    if (isRightsError(error)) return error.code
    throw error
  }
  return 'none'
}

test('what is not understood is an error', () => {
  const file = ['-TpdFile', 'a.xml']
  const wrong: readonly (readonly [readonly string[], string])[] = [
    [[], 'usage-invalid'],
    [['-TpdFile'], 'usage-invalid'],
    [[...file, ...file], 'usage-invalid'],
    [[...file, 'stray'], 'usage-invalid'],
    [[...file, '-Aktiv', 'true'], 'usage-invalid'],
    [[...file, '-Verbose', 'yes'], 'usage-invalid'],
    [[...file, '-Active', 'perhaps'], 'option-invalid'],
    [[...file, '-Days', 'seven'], 'option-invalid'],
    [[...file, '-FromTime', '01.03.2026'], 'option-invalid'],
    [[...file, '-Scope', 'MacApp'], 'option-invalid'],
    [[...file, '-KeyVaultKeyUrl', 'https://vault.example'], 'cmdlet-not-available'],
  ]
  for (const [args, code] of wrong) assert.equal(codeOf(...args), code, args.join(' '))
})

test('an unquoted $true is nothing in a Unix shell, and so is $false: nobody guesses', () => {
  assert.equal(codeOf('-TpdFile', 'a.xml', '-Active', '-Verbose'), 'option-invalid')
})

test('a secret is never a value, and no message repeats it', async () => {
  const secret = 'Vergissmeinnicht-1974'
  const forms: readonly (readonly string[])[] = [
    ['-ProtectionPassword', secret],
    [`-ProtectionPassword:${secret}`],
    [`--protection-password=${secret}`],
    ['-ProtectionPassword', `-${secret}`],
  ]
  for (const form of forms) {
    assert.throws(
      () => read(...form),
      (error) => isRightsError(error, 'secret-as-value') && !`${error.message} ${error.detail}`.includes(secret),
      form.join(' '),
    )
  }
  assert.throws(
    () => read(secret, '-ProtectionPassword'),
    (error) => isRightsError(error) && !`${error.message} ${error.detail}`.includes(secret),
  )
  const file = join(temporaryFolder(), 'password.txt')
  writeFileSync(file, `${secret}\n`)
  assert.equal(await read('-ProtectionPasswordFile', file).ProtectionPassword(), secret)
})
