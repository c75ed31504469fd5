import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { readRegistrationFile, type RegistryInstruction } from './registration-file.ts'

const five = 'Windows Registry Editor Version 5.00'
const key = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Test`

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const wide = (text: string): Uint8Array => Buffer.from(`\ufeff${text}`, 'utf16le')

function read(...lines: readonly string[]): readonly RegistryInstruction[] {
  return readRegistrationFile(bytes([five, '', `[${key}]`, ...lines, ''].join('\r\n'))).slice(1)
}

const inText = (content: string): object => ({ type: 'text', text: content })
const hex = (content: Uint8Array): string => Buffer.from(content).toString('hex').match(/../g)?.join(',') ?? ''

suite('what registration files say', () => {
  test('in UTF-16 with byte order mark, in UTF-8 with and without, with every kind of line end', () => {
    for (const end of ['\r\n', '\n', '\r']) {
      const text = [five, '', `[${key}]`, '"caf\u00e9"="\u{1f511}"', ''].join(end)
      const expected = [
        { kind: 'open-key', key, line: 3 },
        { kind: 'set-value', key, name: 'caf\u00e9', data: { type: 'text', text: '\u{1f511}' }, line: 4 },
      ]
      for (const file of [wide(text), bytes(text), bytes(`\ufeff${text}`)]) {
        assert.deepEqual(readRegistrationFile(file), expected)
      }
    }
  })

  test('values of every form', () => {
    const continued = hex(Buffer.from('C:\\drm\0', 'utf16le')).replaceAll(/((?:..,){5})/g, '$1\\\r\n  ')
    const rows: readonly (readonly [line: string, name: string, data: object])[] = [
      ['@="default; no comment"', '', { type: 'text', text: 'default; no comment' }],
      ['"a"="x" ; a comment', 'a', { type: 'text', text: 'x' }],
      [String.raw`"back\\slash \"q\" = @ [x]"="C:\\\"a\"\\"`, String.raw`back\slash "q" = @ [x]`, inText('C:\\"a"\\')],
      ['"n" = dword:00000001', 'n', { type: 'number', number: 1 }],
      ['"n"=dword:ffffffff', 'n', { type: 'number', number: 0xff_ff_ff_ff }],
      ['"n"=hex(4):02,01,00,00', 'n', { type: 'number', number: 0x01_02 }],
      ['"e"=hex(2):' + hex(Buffer.from('%TEMP%\\x\0', 'utf16le')), 'e', { type: 'expandable-text', text: '%TEMP%\\x' }],
      ['"t"=hex(1):' + hex(Buffer.from('no end', 'utf16le')), 't', inText('no end')],
      [`"t"=hex(1):${continued}`, 't', inText('C:\\drm')],
      ['"b"=hex:01,02,\\\r\n  03', 'b', { type: 'other' }],
      ['"m"=hex(7):00,00', 'm', { type: 'other' }],
      ['"empty"=hex(1):', 'empty', inText('')],
    ]
    for (const [line, name, data] of rows) {
      assert.deepEqual(read(line), [{ kind: 'set-value', key, name, data, line: 4 }], line)
    }
  })

  test('REGEDIT4 writes texts in single bytes', () => {
    const lines = ['REGEDIT4', `[${key}]`, `"e"=hex(2):${hex(Buffer.from('https://rms\0'))}`, '']
    const [, value] = readRegistrationFile(bytes(lines.join('\n')))
    assert.deepEqual(value, {
      kind: 'set-value',
      key,
      name: 'e',
      data: { type: 'expandable-text', text: 'https://rms' },
      line: 3,
    })
  })

  test('deletions and comments; line numbers count continued lines', () => {
    assert.deepEqual(read('; nothing', '"x"=-', '@=-', '"b"=hex:01,\\', '02', `[-${key}\\Sub] ; gone`), [
      { kind: 'remove-value', key, name: 'x', line: 5 },
      { kind: 'remove-value', key, name: '', line: 6 },
      { kind: 'set-value', key, name: 'b', data: { type: 'other' }, line: 7 },
      { kind: 'remove-key', key: `${key}\\Sub`, line: 9 },
    ])
  })
})

function refusal(detail: RegExp): (error: unknown) => boolean {
  return (error) => isRightsError(error, 'registration-file-invalid') && detail.test(error.detail ?? '')
}

suite('what is no registration file', () => {
  const refusals: readonly (readonly [name: string, file: Uint8Array, detail: RegExp])[] = [
    ['nothing', bytes(''), /line 1: not the first line/],
    ['another header', bytes('Windows Registry Editor Version 6.00\n'), /line 1: not the first line/],
    ['a script', bytes('\n\nreg add HKLM\n'), /line 3: not the first line/],
    ['the other byte order', Buffer.from(wide(five)).swap16(), /line 1: UTF-16 in the wrong byte order/],
    ['UTF-16 without mark', wide(five).subarray(2), /line 1: UTF-16 without byte order mark/],
    ['half a character', wide(`${five}\r\n`).subarray(0, 21), /line 1: not UTF-16/],
    ['half a pair', wide(`${five}\r\n\ud800`), /line 1: not UTF-16/],
    ['another encoding', Buffer.from(`${five}\r\n;caf\u00e9`, 'latin1'), /line 1: neither UTF-16/],
    ['a NUL character', bytes(`${five}\n\0`), /line 1: UTF-16 without/],
    ['too much', new Uint8Array(4 * 2 ** 20 + 1), /line 1: more than 4194304 bytes/],
    ['a key without end', bytes(`${five}\n[${key}`), /line 2: no bracket/],
    ['a key without name', bytes(`${five}\n[]`), /line 2: not the name of a key/],
    ['an empty part of a key', bytes(`${five}\n[HKEY_LOCAL_MACHINE\\\\x]`), /line 2: not the name of a key/],
    ['a key that is too long', bytes(`${five}\n[${'x'.repeat(256)}]`), /line 2: not the name of a key/],
    ['a key that is too deep', bytes(`${five}\n[${'x\\'.repeat(512)}x]`), /line 2: not the name of a key/],
    ['a value outside of a key', bytes(`${five}\n"x"="y"`), /line 2: a value outside of a key/],
    ['a value after a deleted key', bytes(`${five}\n[${key}]\n[-${key}]\n@=-`), /line 4: a value outside of a key/],
  ]
  for (const [name, file, detail] of refusals) {
    test(name, () => assert.throws(() => readRegistrationFile(file), refusal(detail)))
  }

  const values: readonly (readonly [line: string, detail: RegExp])[] = [
    ['x="y"', /neither a key, a value, nor a comment/],
    ['"x', /neither a key, a value/],
    ['"x""y"', /neither a key, a value/],
    ['"x"="y', /data of no known form/],
    ['"x"="y" z', /data of no known form/],
    ['"x"="a\\b"', /a backslash before something else/],
    ['"a\\b"="x"', /a backslash before something else/],
    ['"x"=dword:', /data of no known form/],
    ['"x"=dword:123456789', /data of no known form/],
    ['"x"=hex:0g', /data of no known form/],
    ['"x"=hex:001', /not bytes in hexadecimal/],
    ['"x"=hex:,,', /not bytes in hexadecimal/],
    ['"x"=hex(4):01', /a number that is not of four bytes/],
    ['"x"=hex(1):41', /bytes that are no text/],
    ['"x"=hex(1):00,d8', /bytes that are no text/],
    ['"x"=hex(1):00,00,41,00', /a NUL character within a text/],
    [`"x"="${'y'.repeat(16_385)}"`, /a text is too long/],
    [`"${'x'.repeat(16_384)}"="y"`, /the name of a value is too long/],
    [`"x"="${'y'.repeat(250_000)}"`, /more than 250000 characters/],
    [`"x"=hex:${'00,\\\r\n'.repeat(100_000)}`, /more than 250000 characters/],
  ]
  for (const [line, detail] of values) {
    test(`the value ${line.slice(0, 30)}`, () => {
      assert.throws(() => read('; a comment', line), refusal(detail))
      assert.throws(() => read('; a comment', line), refusal(/^line 5: /))
    })
  }

  test('more instructions than any administrator writes', () => {
    const lines = Array.from({ length: 20_001 }, (_, index) => `"${index}"=-`)
    assert.throws(() => read(...lines), refusal(/line 20003: more than 20000 instructions/))
  })

  test('a file that ends early is read or refused, never half a value', () => {
    const whole = wide(
      [five, '', `[${key}]`, '"https://old"="https://new"', '"n"=hex(2):41,00,\\', '  00,00'].join('\r\n'),
    )
    for (let length = 0; length < whole.length; length++) {
      try {
        for (const each of readRegistrationFile(whole.subarray(0, length))) {
          if (each.kind !== 'set-value' || each.data.type !== 'text') continue
          assert.equal(each.data.text, 'https://new')
        }
      } catch (error) {
        assert.ok(isRightsError(error, 'registration-file-invalid'), String(error))
      }
    }
  })
})
