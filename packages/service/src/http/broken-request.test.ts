/** Requests whose rest never comes, at every door and behind requests that were answered (threat N3). */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, before, suite, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { defaultHttpLimits } from './limits.ts'
import { startServer, type RunningServer } from './server.ts'
import { openTestOrganisation, type TestOrganisation } from './test-organisation.ts'

let organisation: TestOrganisation
let server: RunningServer
let authorization: string

before(async () => {
  organisation = await openTestOrganisation()
  const limits = { ...defaultHttpLimits, requestTimeout: 600, headersTimeout: 400, timeoutCheckInterval: 50 }
  server = await startServer({ ...organisation.settings, limits })
  authorization = await organisation.bearer('alice')
})
after(async () => {
  await server.close()
  await organisation.close()
})

/** Sends a text and nothing more, and never closes by itself. */
async function send(text: string, url = server.url): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), allowHalfOpen: true })
  // A server that has enough of a client resets the connection.
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(text)
  return socket
}

/** Everything up to the end of the server's half, or of the connection. */
async function answerOf(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  await Promise.race([once(socket, 'end'), once(socket, 'close')])
  return text
}

const head = (path: string, rest: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n${rest}`
const slow = 'Content-Length: 100\r\n\r\n{'

/** What was logged meanwhile. */
async function during<Result>(work: () => Promise<Result>): Promise<readonly [Result, readonly LogLine[]]> {
  const start = organisation.logged.length
  const result = await work()
  return [result, organisation.logged.slice(start).map((line) => JSON.parse(line) as LogLine)]
}

interface LogLine {
  readonly correlationId: string
  readonly door: string
  readonly code?: string
  readonly status: number
}

suite('a body that does not end', () => {
  const doors = [
    [
      'soap',
      '/_wmcs/licensing/license.asmx',
      'Content-Type: text/xml\r\n',
      /text\/xml[^]*<soap:Fault>.*\[request-timeout\]/,
    ],
    [
      'soap',
      '/_wmcs/certification/certification.asmx',
      'Content-Type: application/soap+xml\r\n',
      /application\/soap\+xml[^]*soap-envelope[^]*\[request-timeout\]/,
    ],
    ['rest', '/my/v2/publishinglicenses', '', /application\/json[^]*"Code":"Microsoft[^"]*RequestTimeoutException"/],
    ['own', '/sealward/v1/machine', '', /application\/json[^]*\[request-timeout\]/],
  ] as const
  for (const [door, path, type, form] of doors) {
    test(`is refused in the form of its door, once in the log: ${path}`, async () => {
      const [answer, lines] = await during(async () => answerOf(await send(head(path, type + slow))))
      assert.match(answer, /^HTTP\/1\.1 408 /)
      assert.match(answer, form)
      assert.match(answer, /cache-control: no-store/)
      assert.deepEqual(
        lines.map((line) => [line.door, line.code, line.status]),
        [[door, 'request-timeout', 408]],
      )
      assert.ok(answer.includes(lines[0]?.correlationId ?? 'none'))
    })
  }
})

test('what is no HTTP inside a body is refused in the form of its door', async () => {
  const chunks = 'Content-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'
  const [answer, lines] = await during(async () => answerOf(await send(head('/_wmcs/licensing/license.asmx', chunks))))
  assert.match(answer, /^HTTP\/1\.1 500 [^]*<soap:Fault>.*\[request-malformed\]/)
  assert.deepEqual(
    lines.map((line) => [line.door, line.code]),
    [['soap', 'request-malformed']],
  )
})

test('what has no door yet is refused in JSON, once in the log', async () => {
  const cases = [
    ['GET /my/v2/templates HTTP/1.1\r\nHost: localhost\r\n', 408, 'request-timeout'],
    ['what?\r\n\r\n', 400, 'request-malformed'],
    [`GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`, 413, 'request-too-large'],
  ] as const
  for (const [text, status, code] of cases) {
    const [answer, lines] = await during(async () => answerOf(await send(text)))
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} [^]*"Code":"[^]*\\[${code}\\]`))
    assert.deepEqual(
      lines.map((line) => [line.door, line.code, line.status]),
      [['none', code, status]],
    )
  }
})

test('a request that was refused before its body came is not answered again when that stops coming', async () => {
  const [answer, lines] = await during(async () => answerOf(await send(head('/my/v2/nothing', slow))))
  assert.equal(answer.match(/HTTP\/1\.1 /g)?.length, 1)
  assert.match(answer, /^HTTP\/1\.1 404 /)
  assert.deepEqual(
    lines.map(({ code }) => code),
    ['resource-unknown'],
  )
})

test('what follows a request that is answered still gets no answer in its place', async () => {
  const whole = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'
  const answer = await answerOf(await send(`${whole}${head('/_wmcs/licensing/license.asmx', slow)}`))
  assert.equal(answer.match(/HTTP\/1\.1 200 /g)?.length, 1)
  assert.ok(answer.indexOf('HTTP/1.1 200 ') < answer.indexOf('HTTP/1.1 408 '))
})

test('a client that does not close its half of the connection does not keep it', async () => {
  const short = { requestTimeout: 100, headersTimeout: 100, timeoutCheckInterval: 20, connectionsPerAddress: 1 }
  const alone = await startServer({ ...organisation.settings, limits: { ...defaultHttpLimits, ...short } })
  for (const text of ['what?\r\n\r\n', head('/my/v2/publishinglicenses', slow)]) {
    const socket = await send(text, alone.url)
    await answerOf(socket)
    while (!(await isThere(alone.url))) await setTimeout(50)
    socket.destroy()
  }
  await alone.close()
})

async function isThere(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`, { headers: { connection: 'close' } })).ok
  } catch {
    return false
  }
}
