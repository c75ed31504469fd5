import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { isRightsError, type ErrorCode } from '@sealward/xrml'
import { createTransport } from './transport.ts'

let server: Server
let host = ''
let received: (string | undefined)[] = []
before(async () => {
  server = createServer((request, response) => {
    received.push(request.headers.authorization)
    if (request.url === '/redirect') response.writeHead(302, { location: '/' }).end()
    else if (request.url === '/large') response.end(Buffer.alloc(2000))
    else if (request.url !== '/silent') response.end('answer')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => {
  server.closeAllConnections()
  server.close()
})

function code(...codes: ErrorCode[]): (error: unknown) => boolean {
  return (error) => isRightsError(error, ...codes) || assert.fail(String(error))
}

const never = (): never => assert.fail('credentials were asked for')

test('a host that is not allowed gets neither a request nor credentials', async () => {
  received = []
  const transport = createTransport({ allowedHosts: ['rights.lakeside.example', '127.0.0.1'] })
  const hostile = [
    `http://${host}/`,
    'https://rights.lakeside.example.evil.test/',
    'https://rights.lakeside.example:8443/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://localhost/',
    'https://rights.lakeside.example./',
    'https://2130706433:1/',
  ]
  for (const url of hostile) {
    await assert.rejects(transport.send({ method: 'GET', url, authorization: never }), code('service-host-not-allowed'))
  }
  assert.deepEqual(received, [])
})

test('only https is spoken, but for this machine', async () => {
  const transport = createTransport({ allowedHosts: ['rights.lakeside.example', host] })
  const refused = [
    'http://rights.lakeside.example/',
    'file:///etc/passwd',
    'gopher://rights.lakeside.example/',
    'https://user:secret@rights.lakeside.example/',
    'nothing',
  ]
  for (const url of refused) {
    await assert.rejects(transport.send({ method: 'GET', url, authorization: never }), code('service-url-refused'))
  }
  const { status, body } = await transport.send({
    method: 'GET',
    url: `http://${host}/`,
    authorization: () => 'Basic eA==',
  })
  assert.deepEqual([status, Buffer.from(body).toString()], [200, 'answer'])
})

test('redirects, large answers and silence end the call', async () => {
  received = []
  const transport = createTransport({ allowedHosts: [host], timeoutMilliseconds: 200, answerBytesMost: 1000 })
  const get = (path: string) => transport.send({ method: 'GET', url: `http://${host}${path}` })
  await assert.rejects(get('/redirect'), code('service-answer-refused'))
  await assert.rejects(get('/large'), code('service-answer-refused'))
  await assert.rejects(get('/silent'), code('service-unreachable'))
  assert.equal(received.length, 3)
})

test('a request that met a connection just being closed is sent once more, and not for ever', async (t) => {
  let left = 1
  let connections = 0
  const closing = createServer((request, response) => {
    connections++
    if (left-- > 0) request.socket.resetAndDestroy()
    else response.end('answer')
  })
  await new Promise<void>((resolve) => closing.listen(0, '127.0.0.1', resolve))
  t.after(() => closing.close())
  const address = `127.0.0.1:${(closing.address() as AddressInfo).port}`
  const transport = createTransport({ allowedHosts: [address] })
  const post = () => transport.send({ method: 'POST', url: `http://${address}/`, body: 'call' })
  assert.equal(Buffer.from((await post()).body).toString(), 'answer')
  assert.equal(connections, 2)
  left = 10
  await assert.rejects(post(), code('service-unreachable'))
  assert.equal(connections, 4)
})

test('a service that says when to come again is asked again, with new credentials, and not for ever', async (t) => {
  const asked: (string | undefined)[] = []
  let refusals = 2
  let refusal: readonly [status: number, wait: string] = [429, '0']
  const busy = createServer((request, response) => {
    asked.push(request.headers.authorization)
    const [status, wait] = refusal
    if (refusals-- > 0) response.writeHead(status, { 'retry-after': wait }).end('later')
    else response.end('answer')
  })
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve))
  t.after(() => busy.close())
  const address = `127.0.0.1:${(busy.address() as AddressInfo).port}`
  const transport = createTransport({ allowedHosts: [address] })
  let tickets = 0
  const authorization = () => `Negotiate ${++tickets}`
  const statusOf = async () =>
    (await transport.send({ method: 'POST', url: `http://${address}/`, body: 'call', authorization })).status
  assert.equal(await statusOf(), 200)
  assert.deepEqual(asked.splice(0), ['Negotiate 1', 'Negotiate 2', 'Negotiate 3'])
  refusals = 10
  refusal = [503, '0']
  assert.equal(await statusOf(), 503)
  assert.equal(asked.splice(0).length, 5)
  for (const other of [
    [503, '60'],
    [503, 'Fri, 01 Jan 2100 00:00:00 GMT'],
    [502, '0'],
    [500, '0'],
  ] as const) {
    refusals = 10
    refusal = other
    assert.equal(await statusOf(), other[0])
    assert.equal(asked.splice(0).length, 1, `${other.join()}: not again`)
  }
})

test('waiting ends with the time for the whole exchange', async (t) => {
  const busy = createServer((_, response) => response.writeHead(429, { 'retry-after': '2' }).end())
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve))
  t.after(() => busy.close())
  const address = `127.0.0.1:${(busy.address() as AddressInfo).port}`
  const transport = createTransport({ allowedHosts: [address], timeoutMilliseconds: 500 })
  await assert.rejects(transport.send({ method: 'GET', url: `http://${address}/` }), code('service-unreachable'))
})
