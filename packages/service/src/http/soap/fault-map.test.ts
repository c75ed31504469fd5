import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorCatalogue } from '@sealward/xrml'
import { faultNames, parseFaultString, readSoapAnswer } from '@sealward/protocol'
import { thrownCodes } from '../thrown-codes.ts'
import { faultMap, faultNameOf, writeSoapRefusal } from './fault-map.ts'

/** Raised only by the other doors, or by the start of the server. */
const elsewhere = [
  'admin-request-invalid',
  'admin-role-missing',
  'admin-token-file-refused',
  'admin-token-refused',
  'application-refused',
  'cipher-mode-unknown',
  'configuration-invalid',
  'embedded-provider-refused',
  'host-name-refused',
  'json-license-invalid',
  'listener-refused',
  'public-key-invalid',
  'rest-message-invalid',
  'tenant-unknown',
]

test('every refusal that a SOAP call can meet has its fault name', () => {
  const codes = thrownCodes('core', 'auth', 'http', 'soapMessages')
  assert.ok(codes.length > 30)
  const missing = codes.filter((code) => !Object.hasOwn(faultMap, code) && !elsewhere.includes(code))
  assert.deepEqual(missing, [])
})

test('the table names only codes of the catalogue', () => {
  for (const code of Object.keys(faultMap)) assert.ok(Object.hasOwn(errorCatalogue, code), code)
})

test('a defect is an unspecified error', () => {
  assert.equal(faultNameOf(undefined), faultNames.unspecifiedError)
})

for (const [version, contentType] of [
  ['1.1', 'text/xml; charset=utf-8'],
  ['1.2', 'application/soap+xml; charset=utf-8'],
] as const) {
  test(`a refusal is a SOAP ${version} fault with the name first`, () => {
    const refusal = writeSoapRefusal('no-rights', { contentType, correlationId: '{1}', challenges: ['Basic'] })
    assert.equal(refusal.status, 500)
    assert.equal(refusal.headers['content-type'], contentType)
    assert.ok(refusal.body.includes(`>${faultNames.noRightsForRequestedPrincipal}: The policy gives`))
    const answer = readSoapAnswer('AcquireLicense', Buffer.from(refusal.body))
    assert.equal(answer.kind === 'fault' ? answer.fault.full : '', faultNames.noRightsForRequestedPrincipal)
  })
}

test('signing in and coming back later are matters of HTTP', () => {
  const request = { contentType: undefined, correlationId: '{1}', challenges: ['Basic realm="x"'] }
  const unauthenticated = writeSoapRefusal('unauthenticated', request)
  assert.equal(unauthenticated.status, 401)
  assert.deepEqual(unauthenticated.headers['www-authenticate'], ['Basic realm="x"'])
  assert.equal(parseFaultString(unauthenticated.body).full, faultNames.unauthorizedAccess)
  const overloaded = writeSoapRefusal('service-overloaded', request)
  assert.equal(overloaded.status, 503)
  assert.equal(overloaded.headers['retry-after'], '1')
})
