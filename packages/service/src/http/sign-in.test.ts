/** What a door offers for signing in, and over which connections (RFC 9110, 11.6; threat P15). */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import type { Listener } from './node-server.ts'
import { startServer } from './server.ts'
import { openTestOrganisation, publicUrl, type TestOrganisation } from './test-organisation.ts'

const outside = '192.0.2.1'
const proxy = '10.1.2.3'
const bearerChallenge = `Bearer realm="api.rms.rest.com", authorization="${publicUrl}/sealward/authorize"`

let organisation: TestOrganisation
before(async () => {
  organisation = await openTestOrganisation()
})
after(() => organisation.close())

interface Call {
  readonly from: string
  readonly authorization?: string
  readonly forwarded?: Readonly<Record<string, string>>
  readonly url?: string
}

function send(server: FastifyInstance, { from, authorization, forwarded, url = '/my/v2/templates' }: Call) {
  return server.inject({
    method: url.startsWith('/my') ? 'GET' : 'POST',
    url,
    remoteAddress: from,
    headers: { ...forwarded, ...(authorization === undefined ? {} : { authorization }) },
  })
}

function serverWith(listener: Partial<Listener>, trustedProxies: readonly string[] = []): FastifyInstance {
  return organisation.server({ listener: { ...organisation.settings.listener, ...listener }, trustedProxies })
}

test('no password and no token is looked at that came over plain HTTP from outside', async () => {
  const server = serverWith({ host: '0.0.0.0' })
  const bearer = await organisation.bearer('alice')
  assert.equal((await send(server, { from: '127.0.0.1', authorization: bearer })).statusCode, 200)
  const answer = await send(server, { from: outside, authorization: bearer })
  assert.equal(answer.statusCode, 403)
  const machine = { from: outside, url: '/sealward/v1/machine' }
  assert.equal((await send(server, { ...machine, authorization: organisation.basic('alice') })).statusCode, 403)
})

test('nobody is asked for a password over plain HTTP from outside', async () => {
  const url = '/_wmcs/certification/ServiceLocator.asmx'
  const server = organisation.server({ licensingNeedsCaller: true })
  for (const [from, expected] of [
    [outside, [bearerChallenge]],
    ['127.0.0.1', ['Basic realm="Sealward", charset="UTF-8"']],
  ] as const) {
    const answer = await send(server, { from, url: '/_wmcs/licensing/license.asmx' })
    assert.equal(answer.statusCode, 401)
    assert.deepEqual([answer.headers['www-authenticate']].flat(), expected)
    assert.equal((await send(server, { from, url, authorization: 'Negotiate YII=' })).statusCode === 200, false)
  }
})

test('where passwords are switched off, none is asked for and none is taken', async () => {
  const { basic: _, ...authentication } = organisation.settings.authentication
  const server = organisation.server({ authentication, licensingNeedsCaller: true })
  for (const url of ['/_wmcs/licensing/license.asmx', '/sealward/v1/machine']) {
    for (const authorization of [undefined, organisation.basic('alice')]) {
      const call = { from: '127.0.0.1', url, ...(authorization === undefined ? {} : { authorization }) }
      const answer = await send(server, call)
      assert.equal(answer.statusCode, 401)
      assert.deepEqual([answer.headers['www-authenticate']].flat(), [bearerChallenge])
    }
  }
  const authorization = await organisation.bearer('alice')
  assert.equal((await send(server, { from: '127.0.0.1', authorization })).statusCode, 200)
})

test('only listed proxies say whether the client came encrypted, and from where', async () => {
  const authorization = await organisation.bearer('alice')
  const server = serverWith({ host: '0.0.0.0', encryptedByProxy: true }, ['10.1.2.0/24'])
  const status = async (from: string, forwarded: Readonly<Record<string, string>>) =>
    (await send(server, { from, authorization, forwarded })).statusCode
  assert.equal(await status(proxy, { 'x-forwarded-proto': 'https', 'x-forwarded-for': outside }), 200)
  assert.match(organisation.logged.at(-1) ?? '', new RegExp(`"remoteAddress":"${outside}"`))
  assert.equal(await status(proxy, { 'x-forwarded-proto': 'http' }), 403)
  assert.equal(await status(outside, { 'x-forwarded-proto': 'https', 'x-forwarded-for': proxy }), 403)
  assert.match(organisation.logged.at(-1) ?? '', new RegExp(`"remoteAddress":"${outside}"`))
})

test('a host named by others than a listed proxy is not believed', async () => {
  const server = serverWith({ host: '0.0.0.0', encryptedByProxy: true }, [proxy])
  const authorization = await organisation.bearer('alice')
  const forwarded = { host: 'evil.example', 'x-forwarded-host': 'rms.lakeside.example' }
  assert.equal((await send(server, { from: proxy, authorization, forwarded })).statusCode, 200)
  assert.equal((await send(server, { from: outside, authorization, forwarded })).statusCode, 404)
})

test('two Authorization headers are one too many', async () => {
  const server = await startServer(organisation.settings)
  const headers = [await organisation.bearer('alice'), await organisation.bearer('bob')].map(
    (value) => `Authorization: ${value}\r\n`,
  )
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.setEncoding('utf8')
  let answer = ''
  socket.on('data', (part: string) => {
    answer += part
  })
  socket.write(`GET /my/v2/templates HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers.join('')}\r\n`)
  await new Promise((resolve) => socket.once('close', resolve))
  assert.match(answer, /^HTTP\/1\.1 400 /)
  await server.close()
})
