/** Certificates that are taken back, and authorities that change, while the service runs and connections are open. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { createAuthority, type Issued } from '../../../../test/peers/authority.ts'
import { skipWithout } from '../../../../test/peers/programs.ts'
import { readClientTrust } from '../tls/client-authorities.ts'
import {
  ask,
  connectTo,
  eventually,
  trustMachines,
  type Answer,
  type Shown,
  type Trusting,
} from './client-certificates.fixture.ts'
import { startServer, type RunningServer } from './server.ts'
import { openTestOrganisation, type TestOrganisation } from './test-organisation.ts'

const skip = skipWithout(['openssl'])
const mail = { subject: '/O=Lakeside/CN=mail01', names: ['DNS:mail01.lakeside.test'] }

let organisation: TestOrganisation
let trusting: Trusting
let server: RunningServer
let good: Issued

before(async () => {
  if (skip !== false) return
  organisation = await openTestOrganisation()
  trusting = trustMachines(true)
  good = trusting.machines.issue(mail)
  server = await startServer(trusting.settings(organisation))
})
after(async () => {
  if (skip !== false) return
  await server.close()
  await trusting.close()
  await organisation.close()
})

const send = (shown: Shown, agent?: Agent): Promise<Answer> =>
  ask(server, organisation.logged, shown, agent === undefined ? {} : { agent })
const accepted = async (shown: Shown): Promise<boolean> => (await send(shown)).status === 200

async function revokeNow(issued: Issued): Promise<void> {
  const known = trusting.authorities.current()
  trusting.machines.revoke(issued)
  trusting.writeLists(trusting.machines.revocationList())
  await eventually(async () => trusting.authorities.current() !== known)
}

async function requireRefused(socket: TLSSocket, rest: string): Promise<void> {
  let said = ''
  socket.setEncoding('latin1').on('data', (part: string) => (said += part))
  socket.write(rest)
  await once(socket, 'close')
  assert.match(said, /^HTTP\/1\.1 401 /)
  assert.match(said, /connection: close/i)
}

suite('with revocation lists', { skip }, () => {
  test('a certificate that is revoked is refused, and its open connection ends', async () => {
    const stolen = trusting.machines.issue(mail)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    assert.equal((await send(stolen, agent)).status, 200)
    const idle = await connectTo(server, stolen)
    const ended = once(idle.resume(), 'close')
    trusting.machines.revoke(stolen)
    trusting.writeLists(trusting.machines.revocationList())
    await eventually(async () => !(await accepted(stolen)))
    const answer = await send(stolen)
    assert.deepEqual([answer.status, answer.code], [401, 'client-certificate-refused'])
    assert.match(answer.detail, /CERT_REVOKED/)
    assert.equal((await send(stolen, agent)).status, 401)
    agent.destroy()
    await ended
    assert.equal(await accepted(good), true)
  })

  test('a request that was begun before the change counts for nothing after it', async () => {
    const slow = trusting.machines.issue(mail)
    const socket = await connectTo(server, slow)
    socket.write('GET /my/v2/templates HTTP/1.1\r\n')
    await revokeNow(slow)
    await requireRefused(socket, 'Host: localhost\r\n\r\n')
  })

  test('neither does a connection whose handshake was held back until after the change', async () => {
    const slow = trusting.machines.issue(mail)
    const { hostname, port } = new URL(server.url)
    const plain = connectPlain(Number(port), hostname)
    await once(plain, 'connect')
    await revokeNow(slow)
    await requireRefused(
      await connectTo(server, { ...slow, socket: plain }),
      'GET /my/v2/templates HTTP/1.1\r\nHost: localhost\r\n\r\n',
    )
  })

  test('every authority needs a list that is in date', async () => {
    const servers = trusting.machines.below('/O=Lakeside/CN=Servers')
    const files = servers.issue({ names: ['DNS:files01.lakeside.test'] })
    assert.match((await send(files)).detail, /UNABLE_TO_GET_CRL/)
    trusting.writeLists(trusting.machines.revocationList(), servers.revocationList())
    await eventually(() => accepted(files))
    trusting.writeLists(trusting.machines.revocationList(), servers.revocationList(-1))
    await eventually(async () => !(await accepted(files)))
    assert.match((await send(files)).detail, /CRL_HAS_EXPIRED/)
    assert.equal(await accepted(good), true)
  })

  test('a list of somebody else revokes nothing and excuses nothing', async () => {
    const impostor = createAuthority(trusting.folder, '/O=Lakeside/CN=Machines')
    trusting.writeLists(impostor.revocationList())
    await eventually(async () => !(await accepted(good)))
    trusting.writeLists(trusting.machines.revocationList())
    await eventually(() => accepted(good))
  })

  test('a file that cannot be used is a warning, and the one before counts on', async () => {
    const seen = trusting.warnings.length
    for (const text of ['', 'nothing', '-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n']) {
      const said = trusting.warnings.length
      trusting.writeLists(text)
      await eventually(async () => trusting.warnings.length > said)
      assert.equal(await accepted(good), true)
    }
    rmSync(join(trusting.folder, 'lists.pem'))
    await eventually(async () => trusting.warnings.length > seen + 3)
    assert.equal(await accepted(good), true)
    assert.match(trusting.warnings.at(-1) ?? '', /lists\.pem cannot be read/)
    trusting.writeLists(trusting.machines.revocationList())
    await eventually(() => accepted(good))
  })
})

suite('authorities', { skip }, () => {
  test('change while the service runs', async () => {
    const next = createAuthority(trusting.folder, '/O=Lakeside/CN=Machines')
    const renewed = next.issue(mail)
    assert.equal(await accepted(renewed), false)
    trusting.writeLists(trusting.machines.revocationList(), next.revocationList())
    trusting.believe(trusting.machines, next)
    await eventually(() => accepted(renewed))
    assert.equal(await accepted(good), true)
    trusting.believe(next)
    await eventually(async () => !(await accepted(good)))
    assert.equal(await accepted(renewed), true)
    trusting.believe(trusting.machines)
    await eventually(() => accepted(good))
  })

  const refused: Readonly<Record<string, readonly [() => string, RegExp]>> = {
    'that are no certificates': [() => 'text', /has nothing between BEGIN CERTIFICATE/],
    'that cannot be read': [
      () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
      /has a certificate that cannot be read/,
    ],
    'that are servers': [() => good.cert, /is not the certificate of an authority/],
    'without the one above': [
      () => trusting.machines.issue({ subject: '/CN=Below', authority: true }).cert,
      /the authority above CN=Below is missing/,
    ],
  }
  for (const [name, [text, message]] of Object.entries(refused)) {
    test(`${name} are refused at the start`, () => {
      writeFileSync(join(trusting.folder, 'tried.pem'), text())
      assert.throws(() => readClientTrust({ authoritiesFile: 'tried.pem' }, trusting.folder), {
        code: 'configuration-invalid',
        message,
      })
    })
  }
})
