import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError, type ErrorCode } from '@sealward/xrml'
import * as fc from 'fast-check'
import { writeClientLogReceipt } from './client-logs.ts'
import { parseEndUserLicenseRequest, parseEndUserLicenseResponse } from './end-user-license.ts'
import { writeEndUserLicenseRequest, writeEndUserLicenseResponse } from './end-user-license.ts'
import type { EndUserLicenseResponse, GrantedEndUserLicense } from './end-user-license.ts'
import type { CustomPolicy } from './policy.ts'
import { parseProblem, problemNames, writeProblem } from './problem.ts'
import { parsePublishingLicenseRequest, parsePublishingLicenseResponse } from './publishing-license.ts'
import { writePublishingLicenseRequest, writePublishingLicenseResponse } from './publishing-license.ts'
import type { PublishingLicenseRequest, PublishingLicenseResponse } from './publishing-license.ts'
import { licenseOfFile, serializeLicense } from './serialized-license.ts'
import { parseTemplates, writeTemplates } from './templates.ts'

const licenseText = '<XrML version="1.2" xmlns=""><BODY>Ana 李</BODY></XrML>'
const none: ReadonlyMap<string, string> = new Map()

function refuses(code: ErrorCode, run: () => unknown): void {
  assert.throws(run, (error) => isRightsError(error, code) || assert.fail(String(error)))
}

const policy: CustomPolicy = {
  descriptors: [{ name: 'Board', description: 'Board only', language: 'en-GB' }],
  userRights: [{ users: ['ana@lakeside.example', 'ANYONE'], rights: ['VIEW', 'PRINT'] }],
  userRoles: [{ users: ['staff@lakeside.example'], roles: ['VIEWER'] }],
  allowOfflineAccess: true,
  intervalTimeInDays: 7,
  contentValidUntil: new Date('2031-02-28T23:59:59Z'),
  encryptedApplicationData: new Map([
    ['__proto__', 'x'],
    ['secret', 'π'],
  ]),
}

const publishing: PublishingLicenseRequest = {
  preferDeprecatedAlgorithms: true,
  allowAuditedExtraction: false,
  signedApplicationData: new Map([['constructor', '1']]),
  referralInfo: 'mailto:ana@lakeside.example',
  source: { kind: 'policy', policy },
}

const published: PublishingLicenseResponse = {
  license: serializeLicense(licenseText),
  key: { mode: 'cbc512-nopad', key: Buffer.alloc(32, 7) },
  owner: 'ana@lakeside.example',
  id: '{0f45fd50-383b-43ee-90a4-ed013cd0cfe5}',
  name: 'Board',
  description: 'Board only',
  referrer: 'mailto:ana@lakeside.example',
  contentId: '{94bf969a-ca04-44d6-aa96-51071281fef2}',
  signedApplicationData: new Map([['app', 'test']]),
  encryptedApplicationData: none,
}

const granted: GrantedEndUserLicense = {
  status: 'AccessGranted',
  key: { mode: 'ecb', key: Buffer.alloc(16, 1) },
  owner: 'ana@lakeside.example',
  issuedTo: 'ben@lakeside.example',
  rights: ['VIEW', 'EDIT'],
  roles: ['VIEWER'],
  fromTemplate: false,
  contentValidUntil: new Date('2031-02-28T23:59:59Z'),
  licenseValidUntil: new Date('2026-03-01T00:00:00Z'),
  allowOfflineAccess: true,
  policy: { ...policy, allowAuditedExtraction: true },
  signedApplicationData: new Map([['app', 'test']]),
  encryptedApplicationData: new Map([['secret', 's']]),
}

test('a publishing request with a policy is read as it was written', () => {
  assert.deepEqual(parsePublishingLicenseRequest(writePublishingLicenseRequest(publishing)), publishing)
})

test('a publishing request with a template is read as it was written', () => {
  const request: PublishingLicenseRequest = {
    preferDeprecatedAlgorithms: false,
    allowAuditedExtraction: true,
    signedApplicationData: none,
    source: { kind: 'template', templateId: '{0f45fd50-383b-43ee-90a4-ed013cd0cfe5}' },
  }
  const text = writePublishingLicenseRequest(request)
  assert.deepEqual(Object.keys(JSON.parse(text) as object), [
    'PreferDeprecatedAlgorithms',
    'AllowAuditedExtraction',
    'TemplateId',
  ])
  assert.deepEqual(parsePublishingLicenseRequest(text), request)
})

test('a published licence is read as it was written, in UTF-8 with byte order mark', () => {
  const text = writePublishingLicenseResponse(published)
  assert.deepEqual(parsePublishingLicenseResponse(text), published)
  assert.match(text, /"SerializedPublishingLicense":"77u\/PF/)
  assert.match(text, /"EncryptedApplicationData":null/)
})

test('a grant and both refusals are read as they were written', () => {
  const answers: readonly EndUserLicenseResponse[] = [
    granted,
    { status: 'AccessDenied', owner: 'ana@lakeside.example', referrer: 'mailto:ana@lakeside.example' },
    { status: 'ContentExpired' },
  ]
  for (const answer of answers)
    assert.deepEqual(parseEndUserLicenseResponse(writeEndUserLicenseResponse(answer)), answer)
})

test('a refusal carries no key and an empty list of rights', () => {
  const text = writeEndUserLicenseResponse({ status: 'AccessDenied' })
  assert.match(text, /"Key":null,"Rights":\[\],/)
  assert.match(text, /"allowOfflineAccess":false/)
})

test('times end in Z, to the second', () => {
  const text = writeEndUserLicenseResponse({ ...granted, licenseValidUntil: new Date(1_772_323_200_999) })
  assert.match(text, /"ContentValidUntil":"2031-02-28T23:59:59Z","LicenseValidUntil":"2026-03-01T00:00:00Z"/)
})

test('a shown policy always has its list of rights', () => {
  const text = writeEndUserLicenseResponse({
    ...granted,
    policy: { ...policy, userRights: [], allowAuditedExtraction: false },
  })
  assert.match(text, /"UserRights":\[\]/)
})

const grantWith = (change: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ ...(JSON.parse(writeEndUserLicenseResponse(granted)) as object), ...change })

test('a status is read without its case, and from the key where it is missing', () => {
  assert.equal(parseEndUserLicenseResponse(grantWith({ AccessStatus: 'accessgranted' })).status, 'AccessGranted')
  assert.equal(parseEndUserLicenseResponse(grantWith({ AccessStatus: undefined })).status, 'AccessGranted')
  assert.equal(parseEndUserLicenseResponse(grantWith({ AccessStatus: undefined, Key: null })).status, 'AccessDenied')
})

test('times without zone count as UTC', () => {
  const answer = parseEndUserLicenseResponse(grantWith({ ContentValidUntil: '2031-02-28T23:59:59.1234567' }))
  assert.ok(answer.status === 'AccessGranted')
  assert.equal(answer.contentValidUntil?.toISOString(), '2031-02-28T23:59:59.123Z')
})

const wrongGrants: readonly Readonly<Record<string, unknown>>[] = [
  { AccessStatus: 'Perhaps' },
  { Key: null },
  { Key: { Algorithm: 'AES', CipherMode: 'MICROSOFT.CBC4K', Value: 'AAAA' } },
  { Key: { Algorithm: 'AES', CipherMode: 'MICROSOFT.CBC4K-NOPAD', Value: 'AAAAAAAAAAAAAAAAAAAAAA==' } },
  { Key: { Algorithm: 'AES', CipherMode: 'MICROSOFT.CBC4K', Value: 'AAAAAAAAAAAAAAAAAAAAAA' } },
  { Rights: null },
  { Rights: [1] },
  { Rights: Array.from({ length: 1001 }, () => 'VIEW') },
  { FromTemplate: 'true' },
  { Owner: 7 },
  { ContentValidUntil: '2031-02-30T00:00:00Z' },
  { ContentValidUntil: '2031-02-28T24:00:00Z' },
  { ContentValidUntil: '2031-02-28T00:00:00+01:00' },
  { LicenseValidUntil: 'soon' },
  { Policy: {} },
  { Policy: [] },
  { SignedApplicationData: { a: 1 } },
  { SignedApplicationData: ['a'] },
]

for (const change of wrongGrants) {
  test(`refuses a grant with ${JSON.stringify(change).slice(0, 60)}`, () => {
    refuses('rest-message-invalid', () => parseEndUserLicenseResponse(grantWith(change)))
  })
}

const publishingWith = (change: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ ...(JSON.parse(writePublishingLicenseRequest(publishing)) as object), ...change })

const wrongRequests: readonly Readonly<Record<string, unknown>>[] = [
  { TemplateId: '{0f45fd50-383b-43ee-90a4-ed013cd0cfe5}' },
  { Policy: undefined },
  { Policy: undefined, TemplateId: '' },
  { Policy: undefined, templateid: '{0f45fd50-383b-43ee-90a4-ed013cd0cfe5}' },
  { Policy: { allowOfflineAccess: true } },
  { Policy: { UserRights: [{ Users: ['a'] }] } },
  { Policy: { UserRights: { Users: ['a'], Rights: ['VIEW'] } } },
  { Policy: { UserRights: [], IntervalTimeInDays: 1.5 } },
  { PreferDeprecatedAlgorithms: 0 },
  { AllowAuditedExtraction: undefined },
]

for (const change of wrongRequests) {
  test(`refuses to publish with ${JSON.stringify(change).slice(0, 60)}`, () => {
    refuses('rest-message-invalid', () => parsePublishingLicenseRequest(publishingWith(change)))
  })
}

test('members that an object inherits are not members of a message', () => {
  refuses('rest-message-invalid', () => parseProblem('[]'))
  assert.deepEqual(parseProblem('{"__proto__":{"Code":"x"}}'), { name: '', message: '' })
  const request = parsePublishingLicenseRequest(publishingWith({ SignedApplicationData: { toString: 'x' } }))
  assert.equal(request.signedApplicationData.get('toString'), 'x')
  assert.equal(({} as Record<string, unknown>)['x'], undefined)
})

for (const text of ['', '{', 'null', '[]', '7', '"x"', '<html></html>', '['.repeat(100_000)]) {
  test(`refuses ${text.slice(0, 20) || 'an empty text'} as any message`, () => {
    refuses('rest-message-invalid', () => parsePublishingLicenseRequest(text))
    refuses('rest-message-invalid', () => parseEndUserLicenseRequest(text))
    refuses('rest-message-invalid', () => parseEndUserLicenseResponse(text))
    refuses('rest-message-invalid', () => parseProblem(text))
  })
}

const utf16 = (text: string): Uint8Array => Buffer.from(text, 'utf16le')
const licenseForms: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ['UTF-8 with byte order mark', Buffer.from(`\ufeff${licenseText}`, 'utf8')],
  ['UTF-16LE', utf16(licenseText)],
  ['UTF-16LE with byte order mark', utf16(`\ufeff${licenseText}`)],
  ['UTF-16LE with trailing NUL', utf16(`${licenseText}\0`)],
  ['UTF-16BE with byte order mark', Buffer.from(utf16(`\ufeff${licenseText}`)).swap16()],
]

for (const [name, bytes] of licenseForms) {
  test(`a licence in ${name} keeps its bytes and gives its text`, () => {
    const parsed = parseEndUserLicenseRequest(writeEndUserLicenseRequest({ license: { bytes } }))
    assert.deepEqual(Buffer.from(parsed.license.bytes), Buffer.from(bytes))
    assert.equal(parsed.license.text, licenseText)
  })
}

for (const [name, bytes] of licenseForms) {
  test(`a licence that a file has in ${name} is sent as found`, () => {
    assert.deepEqual(licenseOfFile(bytes).bytes, bytes)
  })
}

test('a licence that a file has in UTF-8 without byte order mark is sent with it, and is otherwise as found', () => {
  for (const text of [licenseText, `<?xml version="1.0"?>\r\n${licenseText}\0`]) {
    const { bytes } = licenseOfFile(Buffer.from(text, 'utf8'))
    assert.deepEqual(Buffer.from(bytes), Buffer.from(`\ufeff${text}`, 'utf8'))
  }
})

const jsonLicense = '{"pld":"{}","sig":{}}'
const jsonForms = [
  jsonLicense,
  `\ufeff${jsonLicense}`,
  Buffer.from(jsonLicense).toString('base64'),
  Buffer.from(`\ufeff${jsonLicense}`).toString('base64'),
]

for (const form of jsonForms) {
  test(`a JSON licence is taken by a service, and refused in an answer: ${form}`, () => {
    const message = JSON.stringify({ SerializedPublishingLicense: form })
    assert.equal(parseEndUserLicenseRequest(message).license.text.replace('\ufeff', ''), jsonLicense)
    refuses('json-license-unsupported', () => parsePublishingLicenseResponse(message))
  })
}

const refusedLicenses: readonly (readonly [name: string, member: unknown, code: ErrorCode])[] = [
  ['no licence', undefined, 'rest-message-invalid'],
  ['an empty licence', '', 'rest-message-invalid'],
  ['a licence that is no base64', licenseText, 'rest-message-invalid'],
  ['base64 with line breaks', 'PFhy\nTUw+', 'rest-message-invalid'],
  ['something that is no licence', Buffer.from('hello').toString('base64'), 'rest-message-invalid'],
  ['bytes that are no text', Buffer.from([0xef, 0xbb, 0xbf, 0xff]).toString('base64'), 'text-encoding-refused'],
]

for (const [name, value, code] of refusedLicenses) {
  test(`refuses ${name}`, () => {
    refuses(code, () => parseEndUserLicenseRequest(JSON.stringify({ SerializedPublishingLicense: value })))
  })
}

test('an empty description is replaced by the name, because clients would drop the whole list', () => {
  const list = writeTemplates([{ id: '{1}', name: 'Board', description: '' }])
  assert.deepEqual(parseTemplates(list), [{ id: '{1}', name: 'Board', description: 'Board' }])
  assert.deepEqual(parseTemplates(writeTemplates([])), [])
  refuses('rest-message-invalid', () => parseTemplates('[{"Id":"{1}","Name":"Board","Description":null}]'))
})

test('a problem is read as it was written, known names without their case', () => {
  const problem = { name: problemNames.badInput, message: 'The licence is damaged' }
  assert.deepEqual(parseProblem(writeProblem(problem)), problem)
  assert.equal(parseProblem(writeProblem(problem).toUpperCase().replace('CODE', 'Code')).name, 'BadInputException')
  assert.equal(parseProblem('{"Code":"Other.Thing"}').name, 'Other.Thing')
})

test('a client log is acknowledged by an empty object', () => {
  assert.deepEqual(JSON.parse(writeClientLogReceipt()), {})
})

test('any JSON at all is read or refused with a code', () => {
  const names = [
    'SerializedPublishingLicense',
    'Policy',
    'Key',
    'Rights',
    'UserRights',
    'Owner',
    'AccessStatus',
    '__proto__',
  ]
  const message = fc.dictionary(fc.constantFrom(...names), fc.jsonValue())
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), message), (value) => {
      const text = JSON.stringify(value)
      for (const parse of [parsePublishingLicenseRequest, parseEndUserLicenseRequest, parseEndUserLicenseResponse]) {
        try {
          parse(text)
        } catch (error) {
          assert.ok(isRightsError(error), String(error))
        }
      }
    }),
    { numRuns: 500 },
  )
})
