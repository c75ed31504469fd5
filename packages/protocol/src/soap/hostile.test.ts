/** Threats X8 (tricks with the encoding) and X9 (headers that disagree with the message), and damaged calls. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError, type ErrorCode } from '@sealward/xrml'
import * as fc from 'fast-check'
import { readSoapCall, writeSoapCall } from './call.ts'
import { exampleRequests } from './example-messages.ts'
import type { SoapHeaders } from './transport.ts'

const call = writeSoapCall('Certify', exampleRequests.Certify)
const call12 = writeSoapCall('Certify', exampleRequests.Certify, { soapVersion: '1.2' })
const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const utf16 = (text: string): Uint8Array => Buffer.from(text, 'utf16le')
const renamed = (encoding: string): string => call.body.replace('encoding="utf-8"', `encoding="${encoding}"`)

function refuses(code: ErrorCode, body: Uint8Array, headers: SoapHeaders = {}): void {
  const read = (): unknown => readSoapCall(body, headers, 'CertificationService')
  assert.throws(read, (error) => isRightsError(error, code) || assert.fail(String(error)))
}

function accepts(body: Uint8Array, headers: SoapHeaders): void {
  assert.equal(readSoapCall(body, headers, 'CertificationService').operation, 'Certify')
}

const encodingTricks: readonly (readonly [name: string, body: Uint8Array])[] = [
  ['declared as UTF-7', utf8(renamed('utf-7'))],
  ['declared as UTF-16, sent as UTF-8', utf8(renamed('utf-16'))],
  ['declared as UTF-8, sent as UTF-16', utf16(call.body)],
  ['declared as a code page', utf8(renamed('windows-1252'))],
  ['an overlong form', Buffer.concat([utf8(call.body), Buffer.from([0xc0, 0xbc])])],
  ['a lone surrogate in UTF-8', Buffer.concat([utf8(call.body), Buffer.from([0xed, 0xa0, 0x80])])],
  ['a lone surrogate in UTF-16', utf16(renamed('utf-16').replace('Ana', '\ud800'))],
  ['an odd number of bytes in UTF-16', Buffer.concat([utf16(renamed('utf-16')), Buffer.from([0x20])])],
  ['a NUL character', utf8(call.body.replace('Ana', 'A\0'))],
  ['a code page', Buffer.from(call.body.replace('encoding="utf-8"', '').replace('Ana', 'Ána'), 'latin1')],
]

for (const [name, body] of encodingTricks) {
  test(`X8: refuses ${name}`, () => refuses('text-encoding-refused', body))
}

const disagreements: readonly (readonly [name: string, body: string, headers: SoapHeaders])[] = [
  [
    'another operation in SOAPAction',
    call.body,
    { soapAction: '"http://microsoft.com/DRM/CertificationService/Other"' },
  ],
  ['another service in SOAPAction', call.body, { soapAction: '"http://microsoft.com/DRM/LicensingService/Certify"' }],
  ['another case in SOAPAction', call.body, { soapAction: '"http://microsoft.com/drm/CertificationService/Certify"' }],
  ['another operation in the action of SOAP 1.2', call12.body, { contentType: 'application/soap+xml; action="x"' }],
  ['the content type of SOAP 1.2 on SOAP 1.1', call.body, { contentType: 'application/soap+xml' }],
  ['the content type of SOAP 1.1 on SOAP 1.2', call12.body, { contentType: 'text/xml' }],
  ['a content type that is not SOAP', call.body, { contentType: 'multipart/related; type="text/xml"' }],
  ['a foreign character set', call.body, { contentType: 'text/xml; charset=iso-8859-1' }],
  ['the character set UTF-16 on UTF-8', call.body, { contentType: 'text/xml; charset="UTF-16"' }],
]

for (const [name, body, headers] of disagreements) {
  test(`X9: refuses ${name}`, () => refuses('soap-transport-mismatch', utf8(body), headers))
}

test('X9: headers that agree, in any spelling, or that say nothing', () => {
  accepts(utf8(call.body), { contentType: 'Text/XML;charset=UTF-8', soapAction: '' })
  accepts(utf8(call.body), { soapAction: '""' })
  accepts(utf8(call.body), { soapAction: ' http://microsoft.com/DRM/CertificationService/Certify ' })
  accepts(utf16(renamed('utf-16')), { contentType: 'text/xml; charset=utf-16' })
  accepts(utf8(call12.body), call12.headers)
})

test('X9: refuses VersionData of another service, or twice', () => {
  const namespace = 'http://microsoft.com/DRM/'
  const foreign = call.body.replace(
    `<VersionData xmlns="${namespace}Certification`,
    `<VersionData xmlns="${namespace}Licensing`,
  )
  refuses('malformed-data-version', utf8(foreign))
  const [header = ''] = /<VersionData.*<\/VersionData>/.exec(call.body) ?? []
  refuses('malformed-data-version', utf8(call.body.replace(header, header + header)))
})

const versionRules: readonly (readonly [minimum: string, maximum: string, code: ErrorCode])[] = [
  ['1.0.0', '1.0.0.0', 'malformed-data-version'],
  ['1.0.0.0', '1.0.0.0.0', 'malformed-data-version'],
  ['1.0.0.-1', '1.0.0.0', 'malformed-data-version'],
  ['1.0.0.x', '1.0.0.0', 'malformed-data-version'],
  ['', '1.0.0.0', 'malformed-data-version'],
  ['1.0.0.0', `1.0.0.${'9'.repeat(400)}`, 'malformed-data-version'],
  ['1.1.0.0', '1.0.0.0', 'malformed-data-version'],
  ['1.0.0.0', '1.2.0.1', 'unsupported-data-version'],
  ['1.0.0.0', '1.10.0.0', 'unsupported-data-version'],
  ['2.0.0.0', '2.0.0.0', 'unsupported-data-version'],
]

for (const [minimum, maximum, code] of versionRules) {
  test(`versions ${minimum} to ${maximum.slice(0, 20)}: ${code}`, () => {
    refuses(code, utf8(writeSoapCall('Certify', exampleRequests.Certify, { versions: { minimum, maximum } }).body))
  })
}

test('a missing header, or a missing value, counts as version 1.0', () => {
  const [header = ''] = /<soap:Header>.*<\/soap:Header>/.exec(call.body) ?? []
  for (const body of [call.body.replace(header, ''), call.body.replace(/<M\w+Version>[\d.]+<\/M\w+Version>/g, '')]) {
    const { versions } = readSoapCall(utf8(body), {}, 'CertificationService')
    assert.deepEqual(versions, { minimum: '1.0.0.0', maximum: '1.0.0.0' })
  }
})

const damages: readonly (readonly [name: string, code: ErrorCode, edit: (body: string) => string])[] = [
  ['a second Body', 'soap-envelope-invalid', (body) => body.replace('<soap:Body>', '<soap:Body /><soap:Body>')],
  ['a second Header', 'soap-envelope-invalid', (body) => body.replace('<soap:Header>', '<soap:Header /><soap:Header>')],
  ['two calls', 'soap-envelope-invalid', (body) => body.replace('</soap:Body>', '<Certify /></soap:Body>')],
  ['an empty Body', 'soap-envelope-invalid', (body) => body.replace(/<Certify.*<\/Certify>/s, '')],
  ['no envelope', 'soap-envelope-invalid', () => '<Certify />'],
  ['a foreign envelope', 'soap-envelope-invalid', (body) => body.replace('soap/envelope/', 'soap/')],
  ['an unknown operation', 'soap-operation-unknown', (body) => body.replaceAll('Certify', 'Cortify')],
  [
    'an operation of another service',
    'soap-operation-unknown',
    (body) => body.replaceAll('CertificationS', 'PublishingS'),
  ],
  [
    'a list twice',
    'soap-message-invalid',
    (body) => body.replace('<Persistent>', '<MachineCertificateChain /><Persistent>'),
  ],
  ['no list', 'soap-argument-missing', (body) => body.replace(/<Machine.*<\/MachineCertificateChain>/s, '')],
  ['an empty list', 'soap-argument-missing', (body) => body.replace(/<Certificate>.*<\/Certificate>/s, '')],
  ['an empty certificate', 'soap-message-invalid', (body) => body.replace(/<XrML xmlns=.*?<\/XrML>/, '')],
  ['a certificate that is none', 'soap-message-invalid', (body) => body.replace(/<(\/?)XrML/g, '<$1Other')],
  ['text beside a certificate', 'soap-message-invalid', (body) => body.replace('<Certificate>', '<Certificate>x')],
  ['neither true nor false', 'soap-message-invalid', (body) => body.replace('>true<', '>yes<')],
  [
    'a nil parameter',
    'soap-argument-missing',
    (body) => body.replace('<requestParams>', '<requestParams x:nil="1" xmlns:x="x">'),
  ],
  ['a document type declaration', 'xml-dtd-refused', (body) => body.replace('?>', '?><!DOCTYPE x>')],
  ['an unknown entity', 'xml-not-well-formed', (body) => body.replace('>true<', '>&true;<')],
  [
    'eighty levels',
    'xml-limit-exceeded',
    (body) => body.replace('>true<', `>${'<a>'.repeat(80)}${'</a>'.repeat(80)}<`),
  ],
]

for (const [name, code, edit] of damages) {
  test(`refuses ${name}`, () => {
    const edited = edit(call.body)
    assert.notEqual(edited, call.body)
    refuses(code, utf8(edited))
  })
}

test('a call cut off anywhere is refused with a code', () => {
  for (let length = 0; length < call.body.length; length += 7) {
    const cut = utf8(call.body.slice(0, length))
    assert.throws(
      () => readSoapCall(cut, {}, 'CertificationService'),
      (error) => isRightsError(error),
    )
  }
})

test('a call with any bytes exchanged is read or refused with a code', () => {
  const bytes = Buffer.from(call.body, 'utf8')
  const change = fc.tuple(
    fc.nat({ max: bytes.length - 1 }),
    fc.oneof(fc.constantFrom('<', '>', '&', '/', '"', '=', '\0', ' '), fc.string()),
  )
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const edited = Buffer.from(bytes)
      for (const [at, text] of changes) edited.write(text, at)
      try {
        readSoapCall(edited, call.headers, 'CertificationService')
      } catch (error) {
        assert.ok(isRightsError(error), String(error))
      }
    }),
    { numRuns: 500 },
  )
})
