import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { faultNames, lastSegment, problemNames, writeProblem, type Fault } from '@sealward/protocol'
import { publicKeyFromKeyObject } from '@sealward/xrml'
import { connect } from './connection.ts'
import { enrolMachine } from './enrol-machine.ts'
import { denialOf, faultError, refusalOf } from './refusals.ts'
import { callRest } from './rest-door.ts'
import { callSoap } from './soap-door.ts'
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
    await assert.rejects(enrolMachine(connection, `${serviceUrl}/sealward/v1/machine`, machineKey), {
      code: 'tenant-not-enabled',
    })
    await assert.rejects(callRest(connection, `${serviceUrl}/my/v2/templates`), { code: 'tenant-not-enabled' })
  } finally {
    server.close()
  }
})

function problem(name: string, message = ''): string {
  return writeProblem({ name, message })
}

function denied(message: string): Fault {
  return { name: lastSegment(faultNames.unauthorizedAccess), full: faultNames.unauthorizedAccess, message }
}

test('where one name stands for several reasons the code in the text decides, if the name can mean it', () => {
  for (const code of ['publishing-not-onboarded', 'service-read-only', 'online-publishing-disabled'] as const) {
    const text = `Some cause [${code}] (c-1)`
    assert.equal(faultError(denied(text), 'AcquireLicense').code, code)
    assert.equal(denialOf(denied(text)).code, code)
    assert.equal(refusalOf(answer(400, problem(problemNames.serviceDisabled, text))).code, code)
  }
  assert.equal(faultError(denied('[tenant-disabled]'), 'AcquireLicense').code, 'tenant-not-enabled')
  // A service does not choose among all the messages of this client.
  assert.equal(faultError(denied('[defect]'), 'AcquireLicense').code, 'service-refused')
  assert.equal(denialOf(denied('[content-expired]')).code, 'credentials-refused')
})

test('a denial names its cause at both doors', () => {
  for (const code of ['client-certificate-refused', 'token-subject-mismatch', 'user-disabled'] as const) {
    const text = `Some cause [${code}] (c-1)`
    assert.equal(refusalOf(answer(401, problem('UnauthorizedException', text))).code, code)
    assert.equal(denialOf(denied(text)).code, code)
    assert.equal(faultError(denied(text), 'Certify').code, code)
  }
  // What this client acts on is not for a denial to say, and no text of a page is taken for a code.
  for (const code of ['resource-unknown', 'service-unreachable', 'defect', 'unheard-of'])
    assert.equal(refusalOf(answer(401, problem('UnauthorizedException', `[${code}]`))).code, 'credentials-refused')
})

test('services that state no code are taken at their word', () => {
  assert.equal(denialOf(undefined).code, 'credentials-refused')
  assert.match(faultError(denied('no'), 'AcquireLicense').message, /UnauthorizedAccessException/)
  assert.equal(refusalOf(answer(400, problem(problemNames.serviceDisabled))).code, 'publishing-not-onboarded')
})

test('problems without a row show their name, answers without a problem their status', () => {
  assert.match(refusalOf(answer(400, problem('AccessDeniedException'))).message, /AccessDeniedException/)
  assert.equal(refusalOf(answer(400, problem(problemNames.unrecognizedUrl))).code, 'no-matching-key')
  for (const [status, body, code] of [
    [400, '<html>', 'service-answer-refused'],
    [401, notEnabled, 'credentials-refused'],
    [404, '', 'resource-unknown'],
    [503, '', 'service-unreachable'],
  ] as const) {
    assert.equal(refusalOf(answer(status, body)).code, code)
  }
})

test('a password goes to the user’s own service, and to no other one that licences lead to', async () => {
  const received: (string | undefined)[] = []
  const server = createServer((request, response) => {
    received.push(request.headers.authorization)
    response.writeHead(401).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    const partner = `http://localhost:${port}/_wmcs/licensing`
    const connection = connect({
      serviceUrl: `http://127.0.0.1:${port}`,
      user: 'bob@lakeside.example',
      password: () => Buffer.from('secret'),
      redirections: [{ from: partner, to: partner }],
    })
    for (const directory of [connection.service.licensing, partner]) {
      await assert.rejects(callSoap(connection, directory, 'GetLicensorCertificate', {}), {
        code: 'credentials-refused',
      })
    }
    const own = `Basic ${Buffer.from('bob@lakeside.example:secret').toString('base64')}`
    assert.deepEqual(received, [own, undefined])
  } finally {
    server.close()
  }
})
