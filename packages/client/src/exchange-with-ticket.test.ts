/**
 * What curl is told and what becomes of its answers, with a program in its place that writes down how it was called. With a
 * domain controller: test/scenarios/sign-in-with-a-ticket.test.ts.
 */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { isRightsError, type ErrorCode } from '@sealward/xrml'
import { callCredentials } from './call-credentials.ts'
import { connect, type Connection } from './connection.ts'
import { callSoap } from './soap-door.ts'
import { createTransport } from './transport.ts'

const folder = mkdtempSync(join(tmpdir(), 'sealward-ticket-'))
const programs = join(folder, 'programs')
const path = (name: string): string => join(folder, name)
const own = 'http://localhost:1'
const original = { PATH: process.env['PATH'], NTLM_USER_FILE: process.env['NTLM_USER_FILE'] }

let other: Server
let otherUrl = ''
let received: (string | undefined)[] = []

before(async () => {
  mkdirSync(programs)
  process.env['PATH'] = `${programs}${delimiter}${original.PATH ?? ''}`
  process.env['NTLM_USER_FILE'] = path('passwords')
  other = createServer((request, response) => {
    received.push(request.headers.authorization)
    response.writeHead(401, { 'www-authenticate': 'Negotiate' }).end()
  })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  otherUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
})
beforeEach(() => {
  rmSync(path('arguments'), { force: true })
  received = []
  program('klist', 'exit 0')
  program('curl', answers('HTTP/1.1 200 OK', 'answer'))
})
after(() => {
  process.env['PATH'] = original.PATH
  other.closeAllConnections()
  other.close()
  rmSync(folder, { recursive: true })
})

function program(name: string, script: string): void {
  writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

/** A program that writes down its call, and answers with that head and body. */
function answers(head: string, body: string): string {
  return `
env > ${path('environment')}
cat > ${path('input')}
printf '%s\\n' "$@" > ${path('arguments')}
while [ "$1" != --dump-header ]; do [ "$1" = --cacert ] && cp "$2" ${path('authorities')}; shift; done
printf '${head.replaceAll('\n', '\\r\\n')}\\r\\n\\r\\n' > "$2"
printf '${body}'`
}

const transport = createTransport({ allowedHosts: ['localhost:1'], answerBytesMost: 2_000 })
const send = () =>
  transport.send({ method: 'POST', url: `${own}/x`, headers: { soapaction: '"a"' }, body: 'a body', ticket: true })
const failure = (): Promise<ErrorCode | 'none'> =>
  send().then(
    () => 'none' as const,
    (error: unknown) => (isRightsError(error) ? error.code : assert.fail(String(error))),
  )

test('curl gets the body on its input, the authorities of this program, and nothing of NTLM', async () => {
  program('curl', answers('HTTP/1.1 401 Unauthorized\nA: b\n\nHTTP/1.1 200 OK\nX-Kind:  two', 'answer'))
  const answer = await send()
  assert.deepEqual([answer.status, answer.header('x-kind'), answer.header('a')], [200, 'two', undefined])
  assert.equal(Buffer.from(answer.body).toString(), 'answer')
  const said = readFileSync(path('arguments'), 'utf8')
  assert.equal(readFileSync(path('input'), 'utf8'), 'a body')
  assert.doesNotMatch(said, /a body/)
  const [first, ...others] = said.trimEnd().split('\n')
  assert.equal(first, '--disable')
  for (const option of ['--negotiate', '--noproxy', 'soapaction: "a"', `${own}/x`]) assert.ok(others.includes(option))
  for (const option of ['--location', '--ntlm', '--insecure', '--delegation']) assert.ok(!others.includes(option))
  assert.match(readFileSync(path('authorities'), 'utf8'), /^-----BEGIN CERTIFICATE-----/)
  assert.doesNotMatch(readFileSync(path('environment'), 'utf8'), /NTLM_USER_FILE/)
})

test('a service that has too much to do is asked again with the ticket', async () => {
  const busy = answers('HTTP/1.1 503 Service Unavailable\nRetry-After: 0', 'busy')
  program('curl', `if [ -e ${path('arguments')} ]; then ${answers('HTTP/1.1 200 OK', 'answer')}\nelse ${busy}\nfi`)
  assert.equal((await send()).status, 200)
})

test('a ticket that is asked for goes before the certificate of this machine', () => {
  const named = { user: 'anna@lakeside.example', password: undefined, signsInByCertificate: true }
  assert.deepEqual(callCredentials({ ...named, ticket: true }), { ticket: true })
  assert.deepEqual(callCredentials({ ...named, ticket: false }), {})
})

test('without a ticket nothing is sent', async () => {
  program('klist', 'exit 1')
  assert.equal(await failure(), 'ticket-missing')
  assert.equal(existsSync(path('arguments')), false)
})

for (const [name, script, code] of [
  ['that is made without Kerberos', 'exit 4', 'ticket-sign-in-unavailable'],
  ['that finds nobody', 'exit 7', 'service-unreachable'],
  ['that answers too much', answers('HTTP/1.1 200 OK', 'x'.repeat(2_001)), 'service-answer-refused'],
  ['that answers something else', answers('220 mail.lakeside.test', ''), 'service-answer-refused'],
  ['that is sent elsewhere', answers('HTTP/1.1 302 Found', ''), 'service-answer-refused'],
] as const) {
  test(`a curl ${name}: ${code}`, async () => {
    program('curl', script)
    assert.equal(await failure(), code)
  })
}

test('where a program is missing it is named', async () => {
  process.env['PATH'] = programs
  try {
    rmSync(join(programs, 'klist'))
    await assert.rejects(send(), { code: 'ticket-sign-in-unavailable', message: /klist is not installed/ })
  } finally {
    process.env['PATH'] = `${programs}${delimiter}${original.PATH ?? ''}`
  }
})

test('a host that is not the organisation’s is asked without a ticket, though it wants one', async () => {
  const connection: Connection = connect({
    serviceUrl: own,
    user: 'anna@lakeside.example',
    ticket: true,
    trustedServers: [new URL(otherUrl).host],
  })
  const call = callSoap(connection, `${otherUrl}/_wmcs/licensing`, 'GetLicensorCertificate', {})
  await assert.rejects(call, { code: 'credentials-refused' })
  assert.deepEqual(received, [undefined])
  assert.equal(existsSync(path('arguments')), false)
  await assert.rejects(callSoap(connection, 'http://127.0.0.1:2/_wmcs/licensing', 'GetLicensorCertificate', {}), {
    code: 'service-host-not-allowed',
  })
  await assert.rejects(callSoap(connection, `${own}/_wmcs/licensing`, 'GetLicensorCertificate', {}))
  assert.equal(existsSync(path('arguments')), true)
})
