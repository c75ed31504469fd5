/**
 * Several services with base paths and former web sites of their own, over TLS and over plain HTTP. A name belongs to one service
 * with all its paths (threat P13): the same path on two names leads to two services, another path on a name to nobody.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { after, before, test } from 'node:test'
import { setHostNames } from '../administration/service-names.ts'
import { makeLoopbackCertificate } from '../tls/self-signed.ts'
import { startInstallation } from './installation.ts'
import type { Listener } from './node-server.ts'
import type { RunningServer } from './server.ts'
import { openTestOrganisation, type TestOrganisation } from './test-organisation.ts'

const day = 86_400_000
const file = '/licensing/license.asmx'
const names = { lakeside: 'rms.lakeside.example', harbour: 'rms.harbour.example' } as const
const bases = { lakeside: '/rights/_wmcs', harbour: '/Rights/_wmcs' } as const
const former = {
  lakeside: ['http://old.lakeside.example:8080/same/_wmcs', 'https://old.lakeside.example/secure/_wmcs'],
  harbour: ['http://old.harbour.example:8080/same/_wmcs', `http://${names.harbour}/_wmcs`],
} as const
type Name = keyof typeof names

const organisations: Partial<Record<Name, TestOrganisation>> = {}
let secure: RunningServer
let plain: RunningServer

before(async () => {
  for (const name of ['lakeside', 'harbour'] as const) {
    const baseUrl = `https://${names[name]}${bases[name]}`
    const urls = { baseUrl, certificationUrl: `${baseUrl}/certification`, licensingUrl: `${baseUrl}/licensing` }
    const organisation = await openTestOrganisation({ tenant: name, ...urls })
    organisations[name] = organisation
    await setHostNames({ ...organisation.context, actor: 'test' }, { hostNames: former[name] })
  }
  const now = Date.now()
  const tls = makeLoopbackCertificate(new Date(now - day), new Date(now + day), randomBytes(16))
  secure = await start({ tls }, false)
  plain = await start({}, true)
})
after(async () => {
  await secure.close()
  await plain.close()
  for (const organisation of Object.values(organisations)) await organisation.close()
})

function start(listener: Pick<Listener, 'tls'>, takeover: boolean): Promise<RunningServer> {
  return startInstallation({
    services: Object.values(organisations).map(({ settings }) => settings),
    listener: { host: '127.0.0.1', port: 0, encryptedByProxy: false, ...listener },
    trustedProxies: [],
    discoveryNames: [],
    certificates: new Map(),
    takeover,
  })
}

/** Who answers at an address: the service that its description names. @returns the status of anything else */
function answerer(server: RunningServer, host: string, path: string): Promise<Name | number> {
  const { hostname, port, protocol } = new URL(server.url)
  const send = protocol === 'https:' ? secureRequest : plainRequest
  const servername = host.replace(/:\d+$/, '')
  const target = { hostname, port, path: `${path}?wsdl`, headers: { host }, servername, rejectUnauthorized: false }
  return new Promise((resolve, reject) => {
    const sent = send(target, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        body += part
      })
      response.on('end', () => {
        const found = (['lakeside', 'harbour'] as const).find((name) =>
          body.includes(`location="https://${names[name]}${bases[name]}${file}"`),
        )
        resolve(response.statusCode === 200 && found !== undefined ? found : (response.statusCode ?? 0))
      })
    })
    sent.on('error', reject).end()
  })
}

test('the same base path on two names leads to two services', async () => {
  assert.equal(await answerer(secure, names.lakeside, `/RIGHTS/_wmcs${file}`), 'lakeside')
  assert.equal(await answerer(secure, names.harbour, `/rights/_WMCS${file}`), 'harbour')
  for (const server of [secure, plain]) {
    assert.equal(await answerer(server, 'old.lakeside.example:8080', `/same/_wmcs${file}`), 'lakeside')
    assert.equal(await answerer(server, 'OLD.harbour.example:8080', `/Same/_wmcs${file}`), 'harbour')
  }
})

test('a web site with https is answered over TLS, one with http over both', async () => {
  assert.equal(await answerer(secure, 'old.lakeside.example', `/secure/_wmcs${file}`), 'lakeside')
  assert.equal(await answerer(plain, 'old.lakeside.example', `/secure/_wmcs${file}`), 404)
  // The address from before the service was moved, on its own name.
  assert.equal(await answerer(secure, names.harbour, `/_wmcs${file}`), 'harbour')
  assert.equal(await answerer(plain, names.harbour, `/_wmcs${file}`), 'harbour')
  assert.equal(await answerer(plain, names.harbour, `/rights/_wmcs${file}`), 404)
  assert.equal(await answerer(plain, names.lakeside, `/rights/_wmcs${file}`), 404)
})

test('a path of another name, or of another service, leads nowhere', async () => {
  for (const server of [secure, plain]) {
    for (const [host, path] of [
      [names.lakeside, `/_wmcs${file}`],
      [names.lakeside, `/same/_wmcs${file}`],
      [names.harbour, `/same/_wmcs${file}`],
      ['old.lakeside.example:8080', `/secure/_wmcs${file}`],
      ['old.lakeside.example', `/same/_wmcs${file}`],
      ['old.harbour.example', `/secure/_wmcs${file}`],
      ['old.harbour.example:8080', '/my/v2/templates'],
      ['old.harbour.example:8080', `/rights/_wmcs${file}`],
      ['nobody.example', `/rights/_wmcs${file}`],
    ] as const) {
      assert.equal(await answerer(server, host, path), 404, `${host}${path}`)
    }
  }
})
