import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import * as fc from 'fast-check'
import { contentOf, memorySink, memorySource } from './byte-source.ts'
import type { NewEntry } from './compound-file/directory-plan.ts'
import { writeCompoundFile } from './compound-file/write.ts'
import { rpmsgMagic } from './detect-mail.ts'
import { detectFormat } from './detect.ts'
import { writeProtectedOffice } from './office/write-protected-office.ts'
import { openProtected } from './open-protected.ts'

function compound(children: readonly NewEntry[]): Uint8Array {
  const sink = memorySink()
  writeCompoundFile({ kind: 'storage', name: '', children }, sink)
  return sink.bytes()
}

function stream(name: string, bytes: Uint8Array): NewEntry {
  return { kind: 'stream', name, content: contentOf(bytes) }
}

function message(attachment: Uint8Array): Uint8Array {
  const children = [stream('__substg1.0_37010102', attachment)]
  return compound([
    stream('__properties_version1.0', new Uint8Array(32)),
    { kind: 'storage', name: '__attach_version1.0_#00000000', children },
  ])
}

const protectedMail = [
  'From: Amara <amara@lakeside.example>',
  'To: bo@lakeside.example',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed;',
  ' boundary=b',
  '',
  '--b',
  'Content-Type: application/x-microsoft-rpmsg-message; name="message.rpmsg"',
].join('\r\n')

const pdf = (dictionary: string): Buffer => Buffer.from(`%PDF-1.7\n1 0 obj\n${dictionary}\nendobj\n`)

const cases: readonly [string, Uint8Array, string, boolean][] = [
  ['an empty file', new Uint8Array(0), 'unknown', false],
  ['text', Buffer.from('Notes: none\nFrom here on: text'), 'unknown', false],
  ['a ZIP package', Buffer.from('PK\x03\x04rest'), 'unprotected', false],
  ['a compound file', compound([stream('WordDocument', new Uint8Array(9))]), 'unprotected', false],
  ['a message file', message(Buffer.from('picture')), 'msg', false],
  ['a message file with a protected attachment', message(rpmsgMagic), 'msg', true],
  ['a rights-managed message', Buffer.concat([rpmsgMagic, Buffer.alloc(20)]), 'rpmsg', true],
  ['mail', Buffer.from('From: a@b.example\r\nSubject: x\r\n\r\nHello'), 'eml', false],
  ['protected mail', Buffer.from(protectedMail), 'eml', true],
  ['a PDF', pdf('<< /Filter /Standard >>'), 'pdf', false],
  ['an encrypted PDF of the first version', pdf('<< /Filter /MicrosoftIRMServices >>'), 'pdf', true],
  ['a PDF with an encrypted payload', pdf('<< /Type /EncryptedPayload /Subtype /MicrosoftIRMServices >>'), 'pdf', true],
  ['a PDF that only talks about it', pdf('(MicrosoftIRMServices)'), 'pdf', false],
]

for (const [name, bytes, format, isProtected] of cases) {
  test(`${name} is ${format}${isProtected ? ', protected' : ''}`, () => {
    assert.deepEqual(detectFormat(memorySource(bytes)), { format, protected: isProtected })
    assert.throws(() => openProtected(memorySource(bytes)), {
      code: isProtected ? 'format-not-readable' : 'file-not-protected',
    })
  })
}

test('the mark of a protected PDF is found across piece borders and at the end of a long file', () => {
  const mark = '/Filter /MicrosoftIRMServices '
  for (const at of [65_536 - 10, 9_000_000, 19_000_000]) {
    const bytes = Buffer.alloc(20_000_000, 0x20)
    bytes.write('%PDF-1.7', 0, 'latin1')
    bytes.write(mark, at, 'latin1')
    const { protected: isProtected } = detectFormat(memorySource(bytes))
    // The middle of a long file is not searched.
    assert.equal(isProtected, at !== 9_000_000)
  }
})

test('a damaged compound file is reported, not called unprotected', () => {
  const bytes = compound([stream('WordDocument', new Uint8Array(9))])
  assert.throws(
    () => detectFormat(memorySource(bytes.subarray(0, 600))),
    (error) => isRightsError(error),
  )
})

test('whatever is changed in a protected document, the answer is content or a typed error', () => {
  const sink = memorySink()
  const cipher = { mode: 'cbc4k-nopad', key: Buffer.alloc(16, 1) } as const
  const content = memorySource(Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(6000, 'x')]))
  const useLicenses = [
    { user: { account: 'Windows', name: 'x' }, certificates: ['<XrML/>'], guid: new Uint8Array(16) },
  ] as const
  writeProtectedOffice({ licenseText: '<XrML>licence</XrML>', cipher, content, useLicenses }, sink)
  const original = sink.bytes()
  const change = fc.tuple(fc.nat(original.length - 1), fc.integer({ min: 0, max: 255 }))
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(original.length), (changes, size) => {
      const bytes = Uint8Array.from(original)
      for (const [at, value] of changes) bytes[at] = value
      for (const hostile of [bytes, bytes.subarray(0, size)]) {
        try {
          const opened = openProtected(memorySource(hostile)).openContent(cipher)
          opened.read(0, opened.size)
        } catch (error) {
          assert.ok(isRightsError(error), String(error))
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('any bytes behind any magic give an answer or a typed error', () => {
  const magic = fc.constantFrom(
    '',
    '.pfile',
    '%PDF-',
    'PK\x03\x04',
    '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    'From: a\nTo: b\n',
  )
  fc.assert(
    fc.property(magic, fc.uint8Array({ maxLength: 3000 }), (start, rest) => {
      try {
        openProtected(memorySource(Buffer.concat([Buffer.from(start, 'latin1'), rest])))
      } catch (error) {
        assert.ok(isRightsError(error), String(error))
      }
    }),
    { numRuns: 500 },
  )
})
