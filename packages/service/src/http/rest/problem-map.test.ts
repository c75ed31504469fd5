import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseProblem } from '@sealward/protocol'
import { errorCatalogue } from '@sealward/xrml'
import { thrownCodes } from '../thrown-codes.ts'
import { problemMap, writeRestRefusal } from './problem-map.ts'

/** Raised only for SOAP calls or administrators, by the start of the server, or wrapped before they leave. */
const elsewhere =
  /^(account-certificate-|machine-chain-|chain-|draft-|challenge-|configuration-|embedded-provider-|listener-|credential-too|cryptographic-mode|admin-|endpoint-|precertify-|pre-license-|signed-license-|server-editing-|federated-sign-|group-expansion-|sub-enrolment-|host-name-|service-type-|soap-|json-license-unsupported)/

test('every refusal that a REST request can meet has its problem', () => {
  const codes = thrownCodes('core', 'auth', 'http', 'restMessages').filter((code) => !elsewhere.test(code))
  assert.deepEqual(
    codes.filter((code) => !Object.hasOwn(problemMap, code)),
    [],
  )
})

test('the table names only codes of the catalogue', () => {
  for (const code of Object.keys(problemMap)) assert.ok(Object.hasOwn(errorCatalogue, code), code)
})

test('a refusal is a JSON object with Code and Message, a defect too', () => {
  for (const code of ['no-matching-key', 'resource-unknown', undefined] as const) {
    const refusal = writeRestRefusal(code, { correlationId: '{1}', challenges: [] })
    assert.equal(refusal.headers['content-type'], 'application/json; charset=utf-8')
    const { Code, Message } = JSON.parse(refusal.body) as Record<string, string>
    assert.match(Code!, /^Microsoft\.RightsManagement\.Exceptions\.\w+Exception$/)
    assert.match(Message!, /\{1\}/)
  }
  const unknown = writeRestRefusal('no-matching-key', { correlationId: '{1}', challenges: [] })
  assert.equal(unknown.status, 400)
  assert.equal(parseProblem(unknown.body).name, 'UnrecognizedUrlException')
})
