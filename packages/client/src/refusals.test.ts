import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { problemNames, writeProblem } from '@sealward/protocol'
import { publicKeyFromKeyObject } from '@sealward/xrml'
import { connect } from './connection.ts'
import { enrolMachine } from './enrol-machine.ts'
import { refusalOf } from './refusals.ts'
import { callRest } from './rest-door.ts'
import type { HttpAnswer } from './transport.ts'

const notEnabled = writeProblem({ name: problemNames.notSignedUp, message: 'The tenant is disabled' })

function answer(status: number, body: string): HttpAnswer {
  return { status, header: () => undefined, body: Buffer.from(body) }
}

test('a tenant that is not enabled has a code of its own, at every door', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(400, { 'content-type': 'application/json' }).end(notEnabled)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const serviceUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const connection = connect({ serviceUrl, user: 'bob@lakeside.example', password: () => Buffer.from('secret') })
    const machineKey = publicKeyFromKeyObject(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey)
    await assert.rejects(enrolMachine(connection, machineKey), { code: 'tenant-not-enabled' })
    await assert.rejects(callRest(connection, `${serviceUrl}/my/v2/templates`), { code: 'tenant-not-enabled' })
  } finally {
    server.close()
  }
})

function problem(name: string): string {
  return writeProblem({ name, message: '' })
}

test('problems without a row show their name, answers without a problem their status', () => {
  assert.match(refusalOf(answer(400, problem('ServiceDisabledException'))).message, /ServiceDisabledException/)
  assert.equal(refusalOf(answer(400, problem(problemNames.unrecognizedUrl))).code, 'no-matching-key')
  for (const [status, body, code] of [
    [400, '<html>', 'service-answer-refused'],
    [401, notEnabled, 'credentials-refused'],
    [503, '', 'service-unreachable'],
  ] as const) {
    assert.equal(refusalOf(answer(status, body)).code, code)
  }
})
