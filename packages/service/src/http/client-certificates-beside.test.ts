/** A certificate beside what else a request says: credentials, headers of proxies, plain HTTP, other sessions (threat P15). */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import type { Issued } from '../../../../test/peers/authority.ts'
import { environment, skipWithout } from '../../../../test/peers/programs.ts'
import { setHostNames } from '../administration/service-names.ts'
import {
  ask,
  connectTo,
  soap,
  trustMachines,
  type Answer,
  type Asked,
  type Shown,
  type Trusting,
} from './client-certificates.fixture.ts'
import { startServer, type HttpInput, type RunningServer } from './server.ts'
import { startTakeover } from './takeover-listener.ts'
import { openTestOrganisation, type TestOrganisation } from './test-organisation.ts'

const skip = skipWithout(['openssl'])

let organisation: TestOrganisation
let trusting: Trusting
let server: RunningServer
let mailServer: Issued
let unknown: Issued
const running: RunningServer[] = []

before(async () => {
  if (skip !== false) return
  organisation = await openTestOrganisation()
  trusting = trustMachines()
  mailServer = trusting.machines.issue({ names: ['DNS:mail01.lakeside.test'] })
  unknown = trusting.machines.issue({ names: ['DNS:web01.lakeside.test'] })
  server = await start()
})
after(async () => {
  if (skip !== false) return
  for (const each of running) await each.close()
  await trusting.close()
  await organisation.close()
})

async function start(changes: Partial<HttpInput> = {}): Promise<RunningServer> {
  const started = await startServer({ ...trusting.settings(organisation), ...changes })
  running.push(started)
  return started
}

const send = (shown: Shown | undefined, asked: Asked = {}, to = server): Promise<Answer> =>
  ask(to, organisation.logged, shown, asked)

/** Whom the service takes for the caller, by its row in the request log; or the code of the refusal. */
async function callerOf(shown: Shown | undefined, headers: Readonly<Record<string, string>>): Promise<string> {
  const answer = await send(shown, { headers })
  await organisation.settings.rows.settled()
  const row = (await organisation.context.store.requests.after(0, 1000)).at(-1)?.record
  return answer.status === 200 ? `${row?.address} by ${row?.authentication}` : (answer.code ?? '')
}

suite('credentials in a request say who asks in it', { skip }, () => {
  test('whatever certificate its connection has', async () => {
    const authorization = await organisation.bearer('bob')
    for (const shown of [mailServer, unknown]) {
      assert.equal(await callerOf(shown, { authorization }), 'bob@lakeside.example by bearer')
    }
    assert.equal(await callerOf(mailServer, {}), 'alice@lakeside.example by certificate')
  })

  test('and wrong ones are refused, not replaced by the certificate', async () => {
    for (const authorization of [
      'Bearer nonsense',
      'Basic bm9ib2R5Ong=',
      'Certificate x',
      await organisation.bearer('dora'),
    ]) {
      const answer = await send(mailServer, { headers: { authorization } })
      assert.deepEqual([answer.status, answer.code], [401, 'credentials-refused'], authorization)
    }
    const basic = organisation.basic('bob')
    assert.notEqual((await send(mailServer, { ...soap, headers: { authorization: basic } })).status, 401)
  })
})

suite('headers about certificates are never believed', { skip }, () => {
  const names = [
    'Client-Cert',
    'Client-Cert-Chain',
    'X-Client-Cert',
    'X-SSL-Client-Cert',
    'X-SSL-Cert',
    'X-Forwarded-Client-Cert',
    'X-Forwarded-Tls-Client-Cert',
    'X-ARR-ClientCert',
    'SSL-Client-Cert',
  ]
  const spoofed = (): Readonly<Record<string, string>> => {
    const der = `:${mailServer.cert.replaceAll(/-----[^-]+-----|\s/g, '')}:`
    const says = { 'x-ssl-client-verify': 'SUCCESS', 'x-ssl-client-s-dn': 'CN=mail01' }
    return {
      ...Object.fromEntries(
        names.map((name, index) => [name, index % 2 === 0 ? der : mailServer.cert.replaceAll('\n', ' ')]),
      ),
      ...says,
    }
  }

  test('without a certificate, with one and with a wrong one', async () => {
    assert.equal(await callerOf(undefined, spoofed()), 'unauthenticated')
    assert.equal(await callerOf(unknown, spoofed()), 'client-certificate-refused')
    const files = trusting.machines.issue({ subject: '/O=Lakeside/CN=scan01' })
    assert.equal(await callerOf(files, spoofed()), 'carol@lakeside.example by certificate')
  })

  test('from a listed proxy neither, and its own certificate is not that of its clients', async () => {
    const behind = await start({ trustedProxies: ['127.0.0.1'] })
    for (const headers of [
      {},
      spoofed(),
      { ...spoofed(), 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.7' },
    ]) {
      assert.equal((await send(undefined, { headers }, behind)).code, 'unauthenticated')
      assert.equal((await send(mailServer, { headers }, behind)).code, 'unauthenticated')
    }
  })

  test('an unlisted proxy shares its connection too', async () => {
    for (const header of ['via', 'forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host']) {
      assert.equal((await send(mailServer, { headers: { [header]: '192.0.2.7' } })).code, 'unauthenticated', header)
    }
  })
})

test('over plain HTTP for former names there are no certificates', { skip }, async () => {
  await setHostNames({ ...organisation.context, actor: 'test' }, { hostNames: ['old.lakeside.example'] })
  const plain = await startTakeover(trusting.settings(organisation), { host: '127.0.0.1', port: 0 })
  running.push(plain)
  const headers = { host: 'old.lakeside.example', 'client-cert': mailServer.cert.replaceAll('\n', ' ') }
  const sent = get(`${plain.url}/_wmcs/certification/ServerCertification.asmx?wsdl`, { headers })
  const [page] = (await once(sent, 'response')) as [IncomingMessage]
  page.resume()
  assert.equal(page.statusCode, 200)
  const status = await new Promise((resolve) => {
    const path = '/_wmcs/certification/ServerCertification.asmx'
    const { hostname, port } = new URL(plain.url)
    const asked = get({ hostname, port, path, method: 'POST', headers, agent: false })
    asked.on('response', (answer) => resolve(answer.resume().statusCode))
  })
  assert.equal(status, 401)
})

suite('what a connection was is not handed on', { skip }, () => {
  const versions = ['TLSv1.3', 'TLSv1.2'] as const

  for (const version of versions) {
    test(`no session is resumed, ${version}`, async () => {
      const options = { cert: mailServer.cert, key: mailServer.key, minVersion: version, maxVersion: version }
      const first = await connectTo(server, options)
      // With TLS 1.2 it is there after the handshake, with TLS 1.3 it comes later.
      const sessions: (Buffer | undefined)[] = [first.getSession()]
      first.on('session', (session: Buffer) => sessions.push(session))
      assert.match(await requestOn(first), /^HTTP\/1\.1 200 /)
      const session = sessions.at(-1)
      const second = await connectTo(server, { minVersion: version, maxVersion: version, ...(session && { session }) })
      assert.equal(second.isSessionReused(), false)
      assert.match(await requestOn(second), /^HTTP\/1\.1 401 /)
    })
  }

  test('a client cannot change its certificate within a connection', async () => {
    // OpenSSL's client renegotiates at a line with R; the request follows once that is done or refused.
    const file = join(trusting.folder, 'renegotiating.pem')
    writeFileSync(file, mailServer.cert + mailServer.key)
    const { host } = new URL(server.url)
    const args = [
      '--pdeathsig',
      'KILL',
      'openssl',
      's_client',
      '-connect',
      host,
      '-tls1_2',
      '-cert',
      file,
      '-key',
      file,
    ]
    const client = spawn('setpriv', args, { env: environment, stdio: ['pipe', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [client.stdout, client.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()))
    while (!said.includes('Verify return code')) await once(client.stdout, 'data')
    client.stdin.write('R\n')
    const kill = setTimeout(() => client.kill('SIGKILL'), 20_000)
    client.stdin.end()
    await once(client, 'close')
    clearTimeout(kill)
    assert.match(said, /RENEGOTIATING/)
    assert.match(said, /no renegotiation|alert/i)
  })
})

async function requestOn(socket: TLSSocket): Promise<string> {
  let said = ''
  socket.setEncoding('latin1').on('data', (part: string) => (said += part))
  socket.write('GET /my/v2/templates HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  await once(socket, 'close')
  return said
}
