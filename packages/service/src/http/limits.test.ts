/** What one client may cost (threats N3, N4), over real connections. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { get, type RequestOptions } from 'node:https'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { faultNames, parseFaultString, parseProblem } from '@sealward/protocol'
import { createBasicAuthentication } from '../auth/basic.ts'
import { createPasswordCheck } from '../auth/password-check.ts'
import type { CoreContext } from '../core/ports.ts'
import { defaultHttpLimits, type HttpLimits } from './limits.ts'
import { isLoopback } from './loopback.ts'
import { requireSafeListener } from './node-server.ts'
import { startServer, type HttpInput, type RunningServer } from './server.ts'
import { openTestOrganisation, type TestOrganisation } from './test-organisation.ts'

let organisation: TestOrganisation
const running: RunningServer[] = []

before(async () => {
  organisation = await openTestOrganisation()
})

after(async () => {
  for (const server of running) await server.close()
  await organisation.close()
})

async function start(limits: Partial<HttpLimits> = {}, changes: Partial<HttpInput> = {}): Promise<string> {
  const server = await startServer({
    ...organisation.settings,
    ...changes,
    limits: { ...defaultHttpLimits, ...limits },
  })
  running.push(server)
  return server.url
}

async function rest(url: string, path: string, body?: string): Promise<Response> {
  return fetch(`${url}/my/v2/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: await organisation.bearer('alice'), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body }),
  })
}

function raw(url: string, text: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  // A server that has enough of a client resets the connection.
  socket.on('error', () => undefined)
  socket.write(text)
  return socket
}

async function everything(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk))
  await new Promise((resolve) => socket.once('close', resolve))
  return Buffer.concat(chunks).toString('utf8')
}

/** A core that stands still in every request until it is released. */
function heldContext(requests: number) {
  const { promise: gate, resolve: release } = Promise.withResolvers<void>()
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>()
  let waiting = 0
  const configuration: CoreContext['configuration'] = async () => {
    waiting++
    if (waiting === requests) enter()
    await gate
    return organisation.context.configuration()
  }
  return { context: { ...organisation.context, configuration }, entered, release }
}

test('listens on the loopback address and tells its URL', async () => {
  const url = await start()
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/)
  assert.equal((await fetch(`${url}/healthz`)).status, 200)
})

// The certificate is made by a program that `scripts/debian-packages.js` installs; without it a run of CI fails.
const openssl = 'openssl'
const hasOpenssl = spawnSync(openssl, ['version']).status === 0
const withoutOpenssl = !hasOpenssl && process.env['CI'] !== 'true' && `${openssl} is not installed`

test('listens with TLS where a certificate is given', { skip: withoutOpenssl }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sealward-tls-'))
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const request = 'req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1'
  execFileSync(openssl, [...request.split(' '), '-keyout', keyFile, '-out', certificateFile], { stdio: 'ignore' })
  const [key, certificate] = [await readFile(keyFile, 'utf8'), await readFile(certificateFile, 'utf8')]
  await rm(folder, { recursive: true })
  const url = await start({}, { listener: { ...organisation.settings.listener, tls: { key, certificate } } })
  assert.match(url, /^https:/)
  const status = (options: RequestOptions): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      get(`${url}/healthz`, { ca: certificate, agent: false, ...options }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).on('error', reject)
    })
  assert.equal(await status({}), 200)
  await assert.rejects(status({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }))
})

test('plain HTTP is for this machine, or behind a proxy that encrypts (S14)', () => {
  const listener = { port: 0, encryptedByProxy: false }
  for (const host of ['127.0.0.1', '127.8.8.8', '::1', 'localhost']) requireSafeListener({ ...listener, host })
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'rms.lakeside.example', '127.0.0.1.example']) {
    assert.equal(isLoopback(host), false)
    assert.throws(() => requireSafeListener({ ...listener, host }), { code: 'listener-refused' })
    requireSafeListener({ ...listener, host, encryptedByProxy: true })
    requireSafeListener({ ...listener, host, tls: { certificate: '', key: '' } })
  }
})

test('bodies have a size, and a licence a larger one', async () => {
  const url = await start({ bodyBytes: 1_000, restLicenseBodyBytes: 10_000, licenseBodyBytes: 10_000 })
  const cases = [
    ['publishinglicenses', 1_000, 400],
    ['publishinglicenses', 1_001, 413],
    ['clientlogs/debug', 1_001, 413],
    ['enduserlicenses', 10_000, 400],
    ['enduserlicenses', 10_001, 413],
  ] as const
  for (const [path, size, status] of cases) {
    const response = await rest(url, path, 'x'.repeat(size))
    assert.equal(response.status, status, `${path} ${size}`)
    const expected = status === 413 ? 'RequestTooLargeException' : 'BadInputException'
    assert.equal(parseProblem(await response.text()).name, expected)
  }
  const soapCases = [
    ['licensing/publish.asmx', 1_001],
    ['certification/certification.asmx', 1_001],
    ['licensing/license.asmx', 10_001],
  ] as const
  for (const [path, size] of soapCases) {
    const headers = { 'content-type': 'text/xml' }
    const response = await fetch(`${url}/_wmcs/${path}`, { method: 'POST', headers, body: 'x'.repeat(size) })
    assert.equal(response.status, 500)
    assert.equal(parseFaultString(await response.text()).full, faultNames.unspecifiedError)
    assert.match(organisation.logged.at(-1) ?? '', /"code":"request-too-large"/)
  }
})

test('an address sends few large bodies at once', async () => {
  const url = await start({ bodyBytes: 1_000, restLicenseBodyBytes: 10_000, largeBodiesPerAddress: 2 })
  const post = 'POST /_wmcs/licensing/license.asmx HTTP/1.1\r\nHost: localhost\r\n'
  const large = [raw(url, `${post}Content-Length: 1001\r\n\r\n`), raw(url, `${post}Content-Length: 9000\r\n\r\n`)]
  await Promise.all(large.map((socket) => once(socket, 'connect')))
  assert.equal((await fetch(`${url}/healthz`)).status, 200)
  const third = raw(url, `${post}Content-Length: 1001\r\nConnection: close\r\n\r\n${'x'.repeat(1_001)}`)
  assert.match(await everything(third), /^HTTP\/1\.1 503 [^]*retry-after: 1/)
  const small = raw(url, `${post}Content-Length: 1000\r\nConnection: close\r\n\r\n${'x'.repeat(1_000)}`)
  assert.match(await everything(small), /^HTTP\/1\.1 500 /)
  for (const socket of large) socket.destroy()
  const again = async (): Promise<number> =>
    (await fetch(`${url}/_wmcs/licensing/license.asmx`, { method: 'POST', body: 'x'.repeat(1_001) })).status
  while ((await again()) === 503);
  assert.equal(await again(), 500)
})

test('a large body must say its size', async () => {
  const url = await start({ bodyBytes: 1_000, restLicenseBodyBytes: 10_000 })
  const post = 'POST /_wmcs/licensing/license.asmx HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n'
  const chunk = `3e8\r\n${'x'.repeat(1_000)}\r\n`
  await everything(raw(url, `${post}Connection: close\r\n\r\n${chunk}0\r\n\r\n`))
  assert.match(organisation.logged.at(-1) ?? '', /"code":"xml-not-well-formed"/)
  await everything(raw(url, `${post}Connection: close\r\n\r\n${chunk}1\r\nx\r\n0\r\n\r\n`))
  assert.match(organisation.logged.at(-1) ?? '', /"code":"request-too-large"/)
})

test('a body without declared size is cut off at the limit', async () => {
  const url = await start({ bodyBytes: 1_000 })
  const authorization = await organisation.bearer('alice')
  const head = `POST /my/v2/publishinglicenses HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n`
  const socket = raw(url, `${head}Transfer-Encoding: chunked\r\n\r\n7d0\r\n${'x'.repeat(2_000)}\r\n`)
  assert.match(await everything(socket), /^HTTP\/1\.1 413 /)
})

test('the body of a probe is read and thrown away, and the connection goes on', async () => {
  const url = await start()
  const probe = `POST /my/v2/enduserlicenses HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello`
  const socket = raw(url, `${probe}GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  const answers = await everything(socket)
  assert.match(answers, /^HTTP\/1\.1 401 /)
  assert.match(answers, /HTTP\/1\.1 200 OK/)
})

test('a slow body ends after its time, and others are served meanwhile', async () => {
  const url = await start({ requestTimeout: 300, headersTimeout: 200, timeoutCheckInterval: 50, requestsAtOnce: 1 })
  const authorization = await organisation.bearer('alice')
  const head = `POST /my/v2/publishinglicenses HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n`
  const slow = Array.from({ length: 20 }, () => raw(url, `${head}Content-Length: 100\r\n\r\n{`))
  const ends = slow.map(everything)
  assert.equal((await rest(url, 'templates')).status, 200)
  for (const answer of await Promise.all(ends)) {
    assert.match(answer, /^HTTP\/1\.1 408 /)
    assert.match(answer, /"Code":/)
  }
})

test('a client that asks first is told to go on', async () => {
  const post = 'POST /_wmcs/licensing/license.asmx HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n'
  const socket = raw(await start(), `${post}Connection: close\r\nContent-Length: 1\r\n\r\n`)
  const answers = everything(socket)
  await once(socket, 'data')
  socket.write('x')
  assert.match(await answers, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 500 /)
})

test('slow headers end after their time', async () => {
  const url = await start({ requestTimeout: 300, headersTimeout: 200, timeoutCheckInterval: 50 })
  const answer = await everything(raw(url, 'GET /my/v2/templates HTTP/1.1\r\nHost: localhost\r\n'))
  assert.match(answer, /^HTTP\/1\.1 408 /)
})

test('what is not HTTP gets an answer in JSON', async () => {
  const answer = await everything(raw(await start(), 'what?\r\n\r\n'))
  assert.match(answer, /^HTTP\/1\.1 400 /)
  assert.match(answer, /"Code":"Microsoft\.RightsManagement\.Exceptions\.MalformedRequestException"/)
})

test('an address has only so many connections', async () => {
  const url = await start({ connectionsPerAddress: 2 })
  const open = [raw(url, 'GET / HTTP/1.1\r\n'), raw(url, 'GET / HTTP/1.1\r\n')]
  await Promise.all(open.map((socket) => once(socket, 'connect')))
  assert.equal(await everything(raw(url, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')), '')
  const [first] = open
  first?.destroy()
  while (
    !(await fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    ))
  );
  for (const socket of open) socket.destroy()
})

test('too many requests are sent away with 503 and a time to come back; health stays up', async () => {
  const { context, entered, release } = heldContext(64)
  const url = await start({ requestsAtOnce: 64, requestsWaiting: 0 }, { context })
  const inside = Array.from({ length: 64 }, () => rest(url, 'templates'))
  await entered
  const shed = await rest(url, 'templates')
  assert.equal(shed.status, 503)
  assert.equal(shed.headers.get('retry-after'), '1')
  assert.equal(parseProblem(await shed.text()).name, 'ServiceUnavailableException')
  const headers = { 'content-type': 'text/xml' }
  const soap = await fetch(`${url}/_wmcs/licensing/license.asmx`, { method: 'POST', headers, body: '<x/>' })
  assert.equal(soap.status, 503)
  assert.equal(soap.headers.get('retry-after'), '1')
  assert.match(await soap.text(), /<soap:Fault>/)
  assert.equal((await fetch(`${url}/healthz`)).status, 200)
  release()
  for (const response of await Promise.all(inside)) assert.equal(response.status, 200)
  assert.equal((await rest(url, 'templates')).status, 200)
})

test('closing lets the requests finish that are being answered', async () => {
  const { context, entered, release } = heldContext(1)
  const server = await startServer({ ...organisation.settings, context })
  const answer = rest(server.url, 'templates')
  await entered
  const closed = server.close()
  release()
  assert.equal((await answer).status, 200)
  await closed
  await assert.rejects(fetch(`${server.url}/healthz`))
})

test('a slow sender does not keep the server from closing', async () => {
  const limits = { ...defaultHttpLimits, closingTime: 50 }
  const server = await startServer({ ...organisation.settings, limits })
  const slow = raw(server.url, 'GET /healthz HTTP/1.1\r\n')
  await once(slow, 'connect')
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200)
  const end = everything(slow)
  await server.close()
  assert.equal(await end, '')
})

test('the address of a client is that of its connection, whatever it says (P15)', async () => {
  const headers = { 'x-forwarded-for': '198.51.100.7' }
  await fetch(`${await start()}/healthz`, { headers })
  assert.match(organisation.logged.at(-1) ?? '', /"remoteAddress":"127\.0\.0\.1"/)
  await fetch(`${await start({}, { trustedProxies: ['127.0.0.1'] })}/healthz`, { headers })
  assert.match(organisation.logged.at(-1) ?? '', /"remoteAddress":"198\.51\.100\.7"/)
})

test('failed sign-ins slow the address down', async () => {
  const { directory, clock } = organisation.context
  const basic = createBasicAuthentication({ passwords: createPasswordCheck({ directory, clock }), realm: 'x' })
  const url = await start({}, { authentication: { ...organisation.settings.authentication, basic } })
  const headers = {
    authorization: `Basic ${Buffer.from('nobody@lakeside.example:x').toString('base64')}`,
    'content-type': 'text/xml',
  }
  const statuses = new Set<number>()
  for (let attempt = 0; attempt < 21; attempt++) {
    const response = await fetch(`${url}/_wmcs/licensing/license.asmx`, { method: 'POST', headers, body: '<x/>' })
    statuses.add(response.status)
    if (response.status === 401) assert.match(response.headers.get('www-authenticate') ?? '', /^Basic realm="x"/)
    if (response.status === 503) assert.equal(response.headers.get('retry-after'), '1')
  }
  assert.deepEqual([...statuses], [401, 503])
})
