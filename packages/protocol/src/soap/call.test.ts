import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError, type ErrorCode } from '@sealward/xrml'
import { readSoapAnswer, readSoapCall, writeSoapAnswer, writeSoapCall, type SoapCall } from './call.ts'
import { accountCertificate, exampleRequests, exampleResponses, publishingLicense } from './example-messages.ts'
import { soapOperationNames, soapOperations, type SoapOperationName } from './operations.ts'
import { serviceNamespace } from './service.ts'
import type { SoapHeaders } from './transport.ts'

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')

function read(name: SoapOperationName, body: Uint8Array, headers: SoapHeaders = {}): SoapCall {
  return readSoapCall(body, headers, soapOperations[name].service)
}

function refuses(code: ErrorCode, run: () => unknown): void {
  assert.throws(run, (error) => isRightsError(error, code) || assert.fail(String(error)))
}

for (const soapVersion of ['1.1', '1.2'] as const) {
  for (const name of soapOperationNames) {
    if (soapVersion === '1.2' && soapOperations[name].firstSoapOnly === true) continue
    test(`${name} over SOAP ${soapVersion}: what is read equals what was written`, () => {
      const call = writeSoapCall(name, exampleRequests[name], { soapVersion })
      const seen = read(name, utf8(call.body), call.headers)
      assert.equal(seen.operation, name)
      assert.equal(seen.soapVersion, soapVersion)
      assert.deepEqual(seen.request, exampleRequests[name])
      const answer = readSoapAnswer(name, utf8(writeSoapAnswer(name, exampleResponses[name], soapVersion)))
      assert.ok(answer.kind === 'response')
      assert.deepEqual(answer.response, exampleResponses[name])
    })
  }
}

test('enrolment is spoken in SOAP 1.1 only', () => {
  const call = writeSoapCall('SubEnroll', exampleRequests.SubEnroll, { soapVersion: '1.2' })
  refuses('soap-operation-unknown', () => read('SubEnroll', utf8(call.body), call.headers))
})

test('an answer states the versions 1.0 to 1.2, GetServerInfo states none', () => {
  const answer = readSoapAnswer('Certify', utf8(writeSoapAnswer('Certify', exampleResponses.Certify, '1.1')))
  assert.ok(answer.kind === 'response')
  assert.deepEqual(answer.versions, { minimum: '1.0.0.0', maximum: '1.2.0.0' })
  assert.doesNotMatch(writeSoapAnswer('GetServerInfo', exampleResponses.GetServerInfo, '1.1'), /VersionData/)
})

// As a Windows client sends it: prefixes declared far outside, array attributes, lists in either order.
const windowsCall = (certificate: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"><soap:Header><VersionData xmlns="http://microsoft.com/DRM/LicensingService"><MinimumVersion>1.0.0.0</MinimumVersion><MaximumVersion>1.0.0.0</MaximumVersion></VersionData></soap:Header>\r\n<soap:Body><AcquireLicense xmlns="http://microsoft.com/DRM/LicensingService"><RequestParams soapenc:arrayType="AcquireLicenseParams[1]"><AcquireLicenseParams>\r\n<IssuanceLicense soapenc:arrayType="Certificate[2]"><Certificate>${publishingLicense}</Certificate><Certificate>${certificate}</Certificate></IssuanceLicense><LicenseeCerts><Certificate>\r\n${certificate}\r\n</Certificate></LicenseeCerts><ApplicationData xsi:nil="true"/></AcquireLicenseParams></RequestParams></AcquireLicense></soap:Body></soap:Envelope>`

const crlfCertificate =
  '<XrML\r\n version="1.2" xmlns="">\r\n  <BODY type="LICENSE"><A></A>\r\n<B /><C a=\'1\'/></BODY>\r\n</XrML>'

const encodings: readonly (readonly [name: string, encode: (text: string) => Uint8Array])[] = [
  ['UTF-8', utf8],
  ['UTF-8 with byte order mark', (text) => utf8(`\ufeff${text}`)],
  ['UTF-16LE with byte order mark', (text) => Buffer.from(`\ufeff${text.replace('utf-8', 'utf-16')}`, 'utf16le')],
  ['UTF-16LE without byte order mark', (text) => Buffer.from(text.replace('utf-8', 'utf-16'), 'utf16le')],
  ['UTF-16BE', (text) => Buffer.from(`\ufeff${text.replace('utf-8', 'utf-16')}`, 'utf16le').swap16()],
]

for (const [name, encode] of encodings) {
  for (const certificate of [accountCertificate, crlfCertificate]) {
    test(`certificates keep every character in ${name}${certificate === crlfCertificate ? ' with CRLF' : ''}`, () => {
      const call = read('AcquireLicense', encode(windowsCall(certificate)))
      assert.deepEqual(call.request, {
        requests: [{ licenseeCertificates: [certificate], issuanceLicense: [publishingLicense, certificate] }],
      })
    })
  }
}

test('takes certificates that come as escaped text or as a CDATA section', () => {
  const escaped = accountCertificate.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  for (const spelling of [escaped, `<![CDATA[${accountCertificate}]]>`]) {
    const call = read('AcquireLicense', utf8(windowsCall(spelling)))
    assert.deepEqual(call.request, {
      requests: [
        { licenseeCertificates: [accountCertificate], issuanceLicense: [publishingLicense, accountCertificate] },
      ],
    })
  }
})

test('a batch states version 1.1 and repeats no licence', () => {
  const item = { licenseeCertificates: [accountCertificate], issuanceLicense: [publishingLicense] }
  const request = { requests: [item, item, { ...item, issuanceLicense: [accountCertificate] }] }
  const { body } = writeSoapCall('AcquireLicense', request)
  assert.equal(body.split(publishingLicense).length, 2)
  const call = read('AcquireLicense', utf8(body))
  assert.equal(call.versions.maximum, '1.1.0.0')
  assert.deepEqual(call.request, request)
})

test('refuses a batch in a call of version 1.0, and a first request without licence', () => {
  const item = { licenseeCertificates: [accountCertificate], issuanceLicense: [publishingLicense] }
  const versions = { minimum: '1.0.0.0', maximum: '1.0.0.0' }
  const batch = writeSoapCall('AcquireLicense', { requests: [item, item] }, { versions })
  refuses('soap-message-invalid', () => read('AcquireLicense', utf8(batch.body)))
  const bare = writeSoapCall('AcquireLicense', { requests: [{ ...item, issuanceLicense: [] }] })
  refuses('soap-argument-missing', () => read('AcquireLicense', utf8(bare.body)))
})

test('refuses a hundred and one certificates, twenty-six templates, and a licensee certificate above 30 720 bytes', () => {
  const many = Array.from({ length: 101 }, () => accountCertificate)
  const certify = writeSoapCall('Certify', { machineCertificateChain: many, persistent: true })
  refuses('soap-limit-exceeded', () => read('Certify', utf8(certify.body)))
  const templates = writeSoapCall('AcquireTemplates', { guids: many.slice(0, 26).map(() => '{0}') })
  refuses('soap-limit-exceeded', () => read('AcquireTemplates', utf8(templates.body)))
  const large = accountCertificate.replace('Ana', 'A'.repeat(30_720))
  const request = { requests: [{ licenseeCertificates: [large], issuanceLicense: [publishingLicense] }] }
  refuses('soap-limit-exceeded', () => read('AcquireLicense', utf8(writeSoapCall('AcquireLicense', request).body)))
})

test('takes no text that would end its element or swallow what follows', () => {
  const hostile = [
    '<XrML/></Certificate><Certificate><XrML></XrML>',
    '<XrML><!-- </XrML>',
    '<XrML><![CDATA[</XrML>',
    '<XrML><?x </XrML>',
    `<?xml version="1.0"?>${accountCertificate}`,
    '',
  ]
  for (const text of hostile) {
    refuses('certificate-not-insertable', () =>
      writeSoapCall('Certify', { machineCertificateChain: [text], persistent: true }),
    )
  }
  const item = { licenseeCertificates: [accountCertificate], issuanceLicense: [publishingLicense] }
  refuses('xml-not-well-formed', () =>
    writeSoapCall('AcquireLicense', {
      requests: [{ ...item, applicationData: '</ApplicationData><ApplicationData>' }],
    }),
  )
})

test('an answer to another operation is no answer', () => {
  const body = utf8(writeSoapAnswer('Certify', exampleResponses.Certify, '1.1'))
  refuses('soap-message-invalid', () => readSoapAnswer('GetLicensorCertificate', body))
})

test('every operation has its own element in the namespace of its service', () => {
  const elements = soapOperationNames.map((name) => `${serviceNamespace(soapOperations[name].service)}/${name}`)
  assert.equal(new Set(elements).size, soapOperationNames.length)
  for (const name of soapOperationNames) assert.equal(soapOperations[name].name, name)
})
