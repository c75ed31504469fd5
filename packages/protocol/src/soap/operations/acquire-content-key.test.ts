import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError, type ErrorCode } from '@sealward/xrml'
import { readSoapAnswer, readSoapCall, writeSoapAnswer, writeSoapCall } from '../call.ts'
import { exampleRequests, exampleResponses, publishingLicense } from '../example-messages.ts'

const call = writeSoapCall('AcquireContentKey', exampleRequests.AcquireContentKey).body
const answer = writeSoapAnswer('AcquireContentKey', exampleResponses.AcquireContentKey, '1.1')

function read(body: string): unknown {
  return readSoapCall(Buffer.from(body), {}, 'DecommissionService').request
}

function refuses(code: ErrorCode, step: () => unknown): void {
  assert.throws(step, (error) => isRightsError(error, code))
}

function edited(body: string, from: string | RegExp, to: string): string {
  const changed = body.replace(from, to)
  assert.notEqual(changed, body)
  return changed
}

function refusesAnswer(code: ErrorCode, from: string | RegExp, to: string): void {
  refuses(code, () => readSoapAnswer('AcquireContentKey', Buffer.from(edited(answer, from, to))))
}

test('only the first licence of a call counts', () => {
  const more = '<AcquireContentKeyParams><IssuanceLicense><Nothing /></IssuanceLicense></AcquireContentKeyParams>'
  assert.deepEqual(read(edited(call, '</paramsSoap>', `${more}</paramsSoap>`)), exampleRequests.AcquireContentKey)
})

test('a call without a licence, and one with a licence above the limit, are refused', () => {
  refuses('soap-argument-missing', () => read(edited(call, /<paramsSoap>.*<\/paramsSoap>/s, '')))
  refuses('soap-argument-missing', () => read(edited(call, /<IssuanceLicense>.*<\/IssuanceLicense>/s, '')))
  const large = publishingLicense.replace('<X>', `<X>${'x'.repeat(8 * 1024 * 1024)}`)
  refuses('soap-limit-exceeded', () => read(edited(call, publishingLicense, large)))
})

test('an answer without a readable key is refused', () => {
  refusesAnswer('soap-message-invalid', '>AES<', '>IDEA<')
  refusesAnswer('soap-message-invalid', /<ContentKey>[^<]*/, '<ContentKey>not base64!')
  refusesAnswer('soap-argument-missing', /<ContentKey>[^<]*<\/ContentKey>/, '')
  refusesAnswer('soap-argument-missing', /<AcquireContentKeyResponse>.*?<\/AcquireContentKeyResponse>/s, '')
})
