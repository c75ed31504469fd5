/** Several services on one listener: a certificate is believed by the service whose authority it is of, and by no other (threat P13). */
import assert from 'node:assert/strict'
import { Agent } from 'node:https'
import { after, before, suite, test } from 'node:test'
import type { Issued } from '../../../../test/peers/authority.ts'
import { skipWithout } from '../../../../test/peers/programs.ts'
import { setHostNames } from '../administration/service-names.ts'
import type { Cluster } from '../core/ports.ts'
import {
  ask,
  eventually,
  newPair,
  trustMachines,
  type Answer,
  type Asked,
  type Shown,
  type Trusting,
} from './client-certificates.fixture.ts'
import { startInstallation } from './installation.ts'
import type { HttpInput, RunningServer } from './server.ts'
import { openTestOrganisation, type TestOrganisation } from './test-organisation.ts'

const skip = skipWithout(['openssl'])
const names = { lakeside: 'rms.lakeside.example', harbour: 'rms.harbour.example', quay: 'rms.quay.example' } as const
type Name = keyof typeof names

let organisations: Readonly<Record<Name, TestOrganisation>>
let lakesideTrust: Trusting
let harbourTrust: Trusting
let server: RunningServer
let ofLakeside: Issued
let ofHarbour: Issued

before(async () => {
  if (skip !== false) return
  organisations = {
    lakeside: await openTestOrganisation(),
    harbour: await openTestOrganisation(elsewhere('harbour')),
    quay: await openTestOrganisation(elsewhere('quay')),
  }
  // Their authorities have the same name, as those of two installations of the same product have.
  lakesideTrust = trustMachines(true)
  harbourTrust = trustMachines()
  const mail = { subject: '/O=Lakeside/CN=mail01', names: ['DNS:mail01.lakeside.test'] }
  ofLakeside = lakesideTrust.machines.issue(mail)
  ofHarbour = harbourTrust.machines.issue(mail)
  const believing = (trusting: Trusting, name: Name): HttpInput => trusting.settings(organisations[name])
  server = await startInstallation({
    // The third believes nobody.
    services: [believing(lakesideTrust, 'lakeside'), believing(harbourTrust, 'harbour'), organisations.quay.settings],
    listener: { host: '127.0.0.1', port: 0, encryptedByProxy: false, tls: newPair() },
    trustedProxies: [],
    discoveryNames: ['discover.example'],
    certificates: new Map([['lakeside', newPair()]]),
    clients: new Map([
      ['lakeside', lakesideTrust.authorities],
      ['harbour', harbourTrust.authorities],
    ]),
  })
})
after(async () => {
  if (skip !== false) return
  await server.close()
  for (const trusting of [lakesideTrust, harbourTrust]) await trusting.close()
  for (const organisation of Object.values(organisations)) await organisation.close()
})

function elsewhere(name: Name): Partial<Cluster> {
  const baseUrl = `https://${names[name]}/_wmcs`
  return { tenant: name, baseUrl, certificationUrl: `${baseUrl}/certification`, licensingUrl: `${baseUrl}/licensing` }
}

function takeOver(to: Name, hostNames: readonly string[]): Promise<unknown> {
  return setHostNames({ ...organisations[to].context, actor: 'test' }, { hostNames })
}

/** @param serverName that the connection is made for; the name of the service unless given */
function send(name: Name, shown: Shown | undefined, asked: Asked & { readonly host?: string } = {}): Promise<Answer> {
  const { host = names[name], serverName = host, ...rest } = asked
  return ask(server, organisations[name].logged, shown, { serverName, headers: { host }, ...rest })
}

suite('a certificate', { skip }, () => {
  test('is believed by its own service', async () => {
    assert.equal((await send('lakeside', ofLakeside)).status, 200)
    assert.equal((await send('harbour', ofHarbour)).status, 200)
  })

  test('is nobody at another one', async () => {
    const [lakeside, harbour] = [await send('lakeside', ofHarbour), await send('harbour', ofLakeside)]
    for (const answer of [lakeside, harbour]) {
      assert.deepEqual([answer.status, answer.code], [401, 'client-certificate-refused'])
    }
    for (const shown of [ofLakeside, ofHarbour]) {
      const answer = await send('quay', shown)
      assert.deepEqual([answer.status, answer.code], [401, 'unauthenticated'])
    }
  })

  test('is not carried to another one over the same connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    assert.equal((await send('lakeside', ofLakeside, { agent })).status, 200)
    const headers = { host: names.harbour }
    const moved = await ask(server, organisations.harbour.logged, ofLakeside, {
      serverName: names.lakeside,
      headers,
      agent,
    })
    assert.deepEqual([moved.status, moved.code], [421, 'request-misdirected'])
    agent.destroy()
  })

  test('is nobody’s where the client named no server, or one that is no service', async () => {
    for (const serverName of ['', 'nobody.example', 'discover.example']) {
      const answer = await send('lakeside', ofLakeside, { serverName })
      assert.deepEqual([answer.status, answer.code], [401, 'client-certificate-refused'], serverName)
      assert.match(answer.detail, /another service/)
    }
  })

  test('of a connection stays with the service for which it was made, even if the name moves', async () => {
    const host = 'old.lakeside.example'
    // The one to which the name moves believes the same authority, and has the same entries.
    harbourTrust.believe(lakesideTrust.machines, harbourTrust.machines)
    await eventually(async () => (await send('harbour', ofLakeside)).status === 200)
    await takeOver('lakeside', [host])
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    assert.equal((await send('lakeside', ofLakeside, { host, agent })).status, 200)
    await takeOver('lakeside', [])
    await takeOver('harbour', [host])
    const answer = await send('harbour', ofLakeside, { host, agent })
    assert.deepEqual([answer.status, answer.code], [401, 'client-certificate-refused'])
    assert.match(answer.detail, /another service/)
    assert.equal((await send('harbour', ofLakeside, { host })).status, 200)
    agent.destroy()
    harbourTrust.believe(harbourTrust.machines)
    await eventually(async () => (await send('harbour', ofLakeside)).status === 401)
  })

  test('is taken back for one service, and the others see nothing of it', async () => {
    const revoked = lakesideTrust.machines.issue({ names: ['DNS:mail01.lakeside.test'] })
    assert.equal((await send('lakeside', revoked)).status, 200)
    lakesideTrust.machines.revoke(revoked)
    lakesideTrust.writeLists(lakesideTrust.machines.revocationList())
    await eventually(async () => (await send('lakeside', revoked)).status === 401)
    assert.equal((await send('lakeside', ofLakeside)).status, 200)
    assert.equal((await send('harbour', ofHarbour)).status, 200)
  })

  test('changes nothing for who signs in otherwise', async () => {
    for (const name of ['lakeside', 'harbour', 'quay'] as const) {
      const headers = { host: names[name], authorization: await organisations[name].bearer('bob') }
      assert.equal((await send(name, undefined, { headers })).status, 200)
      assert.equal((await send(name, ofLakeside, { headers })).status, 200)
      assert.equal((await send(name, undefined)).code, 'unauthenticated')
    }
  })
})
