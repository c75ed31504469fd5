/** Several services on one listener: which certificate is shown, and which requests are sent away (threat P13). */
import assert from 'node:assert/strict'
import { randomBytes, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectPlain } from 'node:net'
import { after, before, suite, test } from 'node:test'
import { connect } from 'node:tls'
import { setHostNames } from '../administration/service-names.ts'
import { makeLoopbackCertificate } from '../tls/self-signed.ts'
import { startInstallation, type InstallationInput } from './installation.ts'
import type { RunningServer } from './server.ts'
import { openTestOrganisation, type TestOrganisation } from './test-organisation.ts'

const lakesideName = 'rms.lakeside.example'
const harbourName = 'rms.harbour.example'
const harbourUrls = {
  tenant: 'harbour',
  baseUrl: `https://${harbourName}/_wmcs`,
  certificationUrl: `https://${harbourName}/_wmcs/certification`,
  licensingUrl: `https://${harbourName}/_wmcs/licensing`,
}
const day = 86_400_000
const newPair = () => {
  const now = Date.now()
  return makeLoopbackCertificate(new Date(now - day), new Date(now + day), randomBytes(16))
}
const pairs = { common: newPair(), lakeside: newPair(), harbour: newPair() }

let lakeside: TestOrganisation
let harbour: TestOrganisation
const running: RunningServer[] = []

before(async () => {
  lakeside = await openTestOrganisation()
  harbour = await openTestOrganisation(harbourUrls)
  await setHostNames({ ...harbour.context, actor: 'test' }, { hostNames: ['old.harbour.example', 'older:8080'] })
})
after(async () => {
  for (const server of running) await server.close()
  await lakeside.close()
  await harbour.close()
})

async function start(changes: Partial<InstallationInput> = {}): Promise<RunningServer> {
  const server = await startInstallation({
    services: [lakeside.settings, harbour.settings],
    listener: { host: '127.0.0.1', port: 0, encryptedByProxy: false, tls: pairs.common },
    trustedProxies: [],
    discoveryNames: [],
    certificates: new Map([
      ['lakeside', pairs.lakeside],
      ['harbour', pairs.harbour],
    ]),
    ...changes,
  })
  running.push(server)
  return server
}

interface Sent {
  readonly serverName?: string
  readonly lines: readonly string[]
  readonly target?: string
}

/** One request as it is written. @returns who was shown, the status, and the body */
async function send({ url }: RunningServer, { serverName, lines, target = '/my/v2/templates' }: Sent) {
  const { hostname, port, protocol } = new URL(url)
  const socket =
    protocol === 'https:'
      ? connect({ host: hostname, port: Number(port), servername: serverName ?? '', rejectUnauthorized: false })
      : connectPlain(Number(port), hostname)
  await once(socket, protocol === 'https:' ? 'secureConnect' : 'connect')
  const shown = 'getPeerCertificate' in socket ? socket.getPeerCertificate().fingerprint256 : undefined
  socket.setEncoding('utf8')
  let text = ''
  socket.on('data', (part: string) => {
    text += part
  })
  socket.write([`GET ${target} HTTP/1.1`, ...lines, 'Connection: close', '', ''].join('\r\n'))
  await once(socket, 'close')
  const certificate = Object.entries(pairs).find(
    ([, pair]) => new X509Certificate(pair.certificate).fingerprint256 === shown,
  )
  return { certificate: certificate?.[0], status: Number(text.split(' ')[1]), text }
}

const host = (name: string): string => `Host: ${name}`

suite('a connection is made for one service', () => {
  let server: RunningServer
  before(async () => {
    server = await start()
  })

  test('each shows its own certificate, for former names too, and others the common one', async () => {
    for (const [serverName, certificate] of [
      [lakesideName, 'lakeside'],
      ['RMS.Lakeside.example', 'lakeside'],
      [harbourName, 'harbour'],
      ['old.harbour.example', 'harbour'],
      // What a client asks for when it connects has no port.
      ['older', 'harbour'],
      ['nobody.example', 'common'],
      [undefined, 'common'],
    ] as const) {
      const sent = { lines: [host(lakesideName)], ...(serverName === undefined ? {} : { serverName }) }
      assert.equal((await send(server, sent)).certificate, certificate, serverName)
    }
  })

  test('a request for another one is misdirected, on every door', async () => {
    for (const target of [
      '/my/v2/templates',
      '/_wmcs/licensing/license.asmx',
      '/admin/v1/keys',
      '/sealward/v1/machine',
    ]) {
      const sent = { serverName: lakesideName, lines: [host(harbourName)], target }
      const { status, text } = await send(server, sent)
      assert.equal(status, 421, target)
      assert.equal(/authenticate|lakeside|login/i.test(text), false, text)
    }
    assert.equal((await send(server, { serverName: lakesideName, lines: [host('old.harbour.example')] })).status, 421)
    assert.equal((await send(server, { serverName: 'old.harbour.example', lines: [host(harbourName)] })).status, 401)
    assert.equal((await send(server, { serverName: 'nobody.example', lines: [host(harbourName)] })).status, 401)
    assert.equal((await send(server, { lines: [host(lakesideName)] })).status, 401)
  })

  test('who names two hosts, or none, gets nothing', async () => {
    assert.equal((await send(server, { lines: [host(lakesideName), host(harbourName)] })).status, 404)
    assert.equal((await send(server, { lines: [] })).status, 400)
    assert.equal((await send(server, { lines: [host('')] })).status, 404)
  })

  test('what is not HTTP gets an answer all the same', async () => {
    const { status } = await send(server, { lines: ['nonsense'] })
    assert.equal(status, 400)
  })
})

test('only a listed proxy says what the client asked for, and it keeps its connections for everybody', async () => {
  const sent = { serverName: lakesideName, lines: [host(lakesideName), `X-Forwarded-Host: ${harbourName}`] }
  const answered = async (server: RunningServer) => {
    const { status } = await send(server, sent)
    const logged = [...lakeside.logged, ...harbour.logged].at(-1) ?? ''
    return [status, logged]
  }
  const unlisted = await start()
  assert.equal((await answered(unlisted))[0], 401)
  assert.match(lakeside.logged.at(-1) ?? '', /"tenant":"lakeside"/)
  const listed = await start({ trustedProxies: ['127.0.0.1'] })
  assert.equal((await answered(listed))[0], 401)
  assert.match(harbour.logged.at(-1) ?? '', /"tenant":"harbour"/)
  const twice = { ...sent, lines: [host(lakesideName), `X-Forwarded-Host: ${lakesideName}, evil.example`] }
  assert.equal((await send(listed, twice)).status, 404)
})

test('over plain HTTP former names alone are answered', async () => {
  const plain = await start({ takeover: true, listener: { host: '127.0.0.1', port: 0, encryptedByProxy: false } })
  const status = async (name: string, target = '/_wmcs/licensing') =>
    (await send(plain, { lines: [host(name)], target })).status
  assert.equal(await status('old.harbour.example'), 200)
  assert.equal(await status('older:8080'), 200)
  assert.equal(await status('older'), 404)
  assert.equal(await status(harbourName), 404)
  assert.equal(await status(lakesideName), 404)
  assert.equal(await status('old.harbour.example', '/my/v2/templates'), 404)
  assert.equal(await status('127.0.0.1', '/admin/v1/keys'), 404)
})

test('the listener of several services is as safe as that of one', async () => {
  const open = { host: '0.0.0.0', port: 0, encryptedByProxy: false }
  await assert.rejects(start({ listener: open }), { code: 'listener-refused' })
})

test('closing ends connections that are kept, and answers what has begun', async () => {
  const server = await start({ listener: { host: '127.0.0.1', port: 0, encryptedByProxy: false } })
  const { hostname, port } = new URL(server.url)
  const socket = connectPlain(Number(port), hostname)
  await once(socket, 'connect')
  socket.write(`GET /healthz HTTP/1.1\r\n${host(lakesideName)}\r\n\r\n`)
  await once(socket, 'data')
  const closed = once(socket, 'close')
  await server.close()
  await closed
  await assert.rejects(fetch(server.url))
})
