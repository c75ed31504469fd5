/** The names of former services: whom the service answers for, on which paths, and what goes over plain HTTP. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, suite, test } from 'node:test'
import { setHostNames } from '../administration/service-names.ts'
import { startServer, type RunningServer } from './server.ts'
import { webEndpoints } from './soap/web-endpoints.ts'
import { openTestOrganisation, type TestOrganisation } from './test-organisation.ts'

let organisation: TestOrganisation
let main: RunningServer
let plain: RunningServer

before(async () => {
  organisation = await openTestOrganisation()
  main = await startServer(organisation.settings)
  const listener = { host: '127.0.0.1', port: 0, encryptedByProxy: false }
  plain = await startServer({ ...organisation.settings, takeover: true, listener })
  await setHostNames({ ...organisation.context, actor: 'test' }, { hostNames: ['old.lakeside.example', 'older:8080'] })
})
after(async () => {
  await main.close()
  await plain.close()
  await organisation.close()
})

function send(
  server: RunningServer,
  host: string,
  path: string,
  options: { readonly method?: string; readonly authorization?: string } = {},
) {
  const { hostname, port } = new URL(server.url)
  const headers = { host, ...(options.authorization === undefined ? {} : { authorization: options.authorization }) }
  return new Promise<{ readonly status: number; readonly body: string }>((resolve, reject) => {
    const sent = request({ hostname, port, path, method: options.method ?? 'GET', headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        body += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

suite('hosts', () => {
  test('own names, this machine and former names are answered, others are not', async () => {
    const path = '/_wmcs/licensing'
    for (const host of [
      'rms.lakeside.example',
      'RMS.lakeside.example:8443',
      'localhost',
      '127.0.0.1:1',
      '[::1]:8080',
      'old.lakeside.example',
      'OLD.lakeside.example:443',
      'older:8080',
    ]) {
      assert.equal((await send(main, host, path)).status, 200, host)
    }
    for (const host of [
      'evil.example',
      'old.lakeside.example:8080',
      'older',
      'lakeside.example',
      'rms.lakeside.example.evil.example',
      '127.0.0.1.evil.example',
    ]) {
      assert.equal((await send(main, host, path)).status, 404, host)
    }
    assert.equal((await send(main, 'monitor', '/healthz')).status, 200)
  })

  test('a name that is given up is no longer answered', async () => {
    const administration = { ...organisation.context, actor: 'test' }
    await setHostNames(administration, { hostNames: ['older:8080'] })
    assert.equal((await send(main, 'old.lakeside.example', '/_wmcs/licensing')).status, 404)
    await setHostNames(administration, { hostNames: ['old.lakeside.example', 'older:8080'] })
    assert.equal((await send(main, 'old.lakeside.example', '/_wmcs/licensing')).status, 200)
  })
})

suite('paths of a cluster', () => {
  test('every documented address shows its page, in any case', async () => {
    for (const { path: below, title } of webEndpoints) {
      const path = `/_wmcs/${below}`
      for (const spelled of [path, path.toUpperCase()]) {
        const { status, body } = await send(main, 'old.lakeside.example', spelled)
        assert.deepEqual([status, body.includes(`<h1>${title}</h1>`)], [200, true], spelled)
      }
    }
    for (const path of ['/_wmcs', '/_wmcs/', '/_WMCS/Licensing', '/_wmcs/certification/']) {
      assert.equal((await send(main, 'old.lakeside.example', path)).status, 200, path)
    }
    const { body } = await send(main, 'localhost', '/_wmcs/certification/servercertification.asmx')
    assert.match(body, /ServerCertificationWebService/)
  })

  test('what is not admitted or not spoken is refused as a fault', async () => {
    assert.match(
      (await postTo('/_wmcs/certification/ServerCertification.asmx')).body,
      /System\.UnauthorizedAccessException/,
    )
    assert.match((await postTo('/_wmcs/certification/Activation.asmx')).body, /System\.InvalidOperationException/)
    assert.equal((await postTo('/_wmcs/decommission/decommission.asmx')).status, 401)
    assert.equal((await postTo('/_wmcs/nothing.asmx')).status, 404)
  })

  test('a service that only licenses has no certification', async () => {
    const { context } = organisation
    const licensing = { ...context, cluster: { ...context.cluster, rootAccountIssuers: ['0'.repeat(64)] } }
    const server = organisation.server({ context: licensing })
    for (const { path: below, rootOnly } of webEndpoints) {
      const path = `/_wmcs/${below}`
      assert.equal((await server.inject({ url: path })).statusCode, rootOnly ? 404 : 200, path)
    }
  })

  test('the pipelines for federated people keep the rules of the others', async () => {
    const server = organisation.server({ licensingNeedsCaller: true })
    for (const pipeline of ['licensing', 'licensingexternal']) {
      const response = await server.inject({ method: 'POST', url: `/_wmcs/${pipeline}/license.asmx`, payload: '<x/>' })
      assert.equal(response.statusCode, 401, pipeline)
    }
  })
})

suite('plain HTTP', () => {
  test('is for former names and for SOAP alone', async () => {
    assert.equal((await send(plain, 'old.lakeside.example', '/_wmcs/licensing/license.asmx')).status, 200)
    for (const host of ['rms.lakeside.example', 'localhost', 'evil.example']) {
      assert.equal((await send(plain, host, '/_wmcs/licensing/license.asmx')).status, 404, host)
    }
    for (const path of ['/my/v2/templates', '/sealward/v1/machine', '/admin/v1/configuration', '/healthz', '/']) {
      assert.equal((await send(plain, 'old.lakeside.example', path)).status, 404, path)
    }
  })
})

test('plain HTTP for former names asks for no password and takes none', async () => {
  const listener = { host: '0.0.0.0', port: 0, encryptedByProxy: false }
  const server = organisation.server({ takeover: true, listener, licensingNeedsCaller: true })
  const post = (headers: Readonly<Record<string, string>>) =>
    server.inject({
      method: 'POST',
      url: '/_wmcs/licensing/license.asmx',
      remoteAddress: '192.0.2.1',
      headers: { host: 'old.lakeside.example', ...headers },
      payload: '<x/>',
    })
  const asked = await post({})
  assert.equal(asked.statusCode, 401)
  assert.match(String(asked.headers['www-authenticate']), /^Bearer [^,]*, authorization="[^"]*"$/)
  const answer = await post({ authorization: organisation.basic('alice') })
  assert.equal(answer.statusCode, 500)
  assert.match(answer.payload, /System\.UnauthorizedAccessException.*not encrypted/)
})

function postTo(path: string) {
  return send(main, 'old.lakeside.example', path, { method: 'POST' })
}
