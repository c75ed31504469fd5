/** At which paths of which names SOAP is answered: the service's own, inside and outside, and those of former services. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, suite, test } from 'node:test'
import { setHostNames } from '../administration/service-names.ts'
import { startServer, type RunningServer } from './server.ts'
import { hostileTargets } from './soap/hostile-targets.fixture.ts'
import { webEndpoints } from './soap/web-endpoints.ts'
import { openTestOrganisation, publicUrl, type TestOrganisation } from './test-organisation.ts'

const inside = 'rms.lakeside.example'
const outside = 'rights.lakeside.example'
const old = 'old.lakeside.example:8080'
const formerSites = [
  'named.lakeside.example',
  `http://${old}/rights/_wmcs`,
  `http://${old}/more/_wmcs`,
  'https://secure.lakeside.example/rights/_wmcs',
  `http://${inside}/_wmcs`,
]

let organisation: TestOrganisation
let main: RunningServer
let plain: RunningServer

before(async () => {
  const baseUrl = `${publicUrl}/Rights/_wmcs`
  organisation = await openTestOrganisation({
    baseUrl,
    certificationUrl: `${baseUrl}/certification`,
    licensingUrl: `${baseUrl}/licensing`,
    externalCertificationUrl: `https://${outside}/extern/certification`,
    externalLicensingUrl: `https://${outside}/extern/licensing`,
  })
  main = await startServer(organisation.settings)
  const listener = { host: '127.0.0.1', port: 0, encryptedByProxy: false }
  plain = await startServer({ ...organisation.settings, takeover: true, listener })
})
after(async () => {
  await main.close()
  await plain.close()
  await organisation.close()
})

interface Ask {
  readonly host: string
  readonly target: string
  readonly method?: string
  readonly server?: RunningServer
}

/** Over a bare connection, because clients correct targets. */
function ask({ host, target, method = 'GET', server = main }: Ask): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) })
    const body = method === 'POST' ? 'content-type: text/xml\r\ncontent-length: 4\r\n\r\n<x/>' : '\r\n'
    socket.setTimeout(20_000, () => socket.destroy(new Error(`no answer to ${target}`)))
    socket.once('error', reject)
    socket.write(`${method} ${target} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n${body}`)
    const parts: Buffer[] = []
    socket.on('data', (part) => parts.push(part))
    socket.once('end', () => {
      const text = Buffer.concat(parts).toString()
      resolve({ status: Number(text.split(' ')[1] ?? 0), text })
    })
  })
}

async function statusOf(input: Ask): Promise<number> {
  return (await ask(input)).status
}

const takeOver = (hostNames: readonly string[]) =>
  setHostNames({ ...organisation.context, actor: 'test' }, { hostNames })

suite('the service’s own base paths', () => {
  test('every address is answered there in any case, with its own description, and nowhere else', async () => {
    for (const { path, title, service } of webEndpoints) {
      for (const [host, base] of [
        [inside, '/Rights/_wmcs'],
        [outside, '/extern'],
      ] as const) {
        const { status, text } = await ask({ host, target: `${base.toUpperCase()}/${path}` })
        assert.deepEqual([status, text.includes(`<h1>${title}</h1>`)], [200, true], path)
        assert.ok(text.includes(`<code>${base}/${path}</code>`), text)
        if (service === undefined) continue
        const description = await ask({ host, target: `${base}/${path}?wsdl` })
        assert.ok(description.text.includes(`location="https://${host}${base}/${path}"`), description.text)
      }
      for (const base of ['/_wmcs', '', '/rights', '/rights/_wmcs/_wmcs', '/_wmcs/rights/_wmcs', '/extern']) {
        assert.equal(await statusOf({ host: inside, target: `${base}/${path}` }), 404, `${base}/${path}`)
      }
      assert.equal(await statusOf({ host: outside, target: `/rights/_wmcs/${path}` }), 404, path)
      assert.equal(await statusOf({ host: 'old.lakeside.example', target: `/rights/_wmcs/${path}` }), 404, path)
    }
  })

  test('calls arrive, pages are shown, and what is below but not there is refused as a fault', async () => {
    const call = await ask({ host: inside, target: '/rights/_wmcs/licensing/license.asmx', method: 'POST' })
    assert.deepEqual([call.status, /soap:Fault/.test(call.text)], [500, true])
    for (const target of [
      '/rights/_wmcs',
      '/Rights/_WMCS/',
      '/rights/_wmcs/Licensing',
      '/rights/_wmcs/certification/',
    ]) {
      const { status, text } = await ask({ host: inside, target })
      assert.deepEqual([status, /in operation/.test(text)], [200, true], target)
    }
    const absent = await ask({ host: inside, target: '/rights/_wmcs/nothing.asmx', method: 'POST' })
    assert.deepEqual([absent.status, /soap:Fault/.test(absent.text)], [404, true])
    const elsewhere = await ask({ host: inside, target: '/_wmcs/nothing.asmx', method: 'POST' })
    assert.deepEqual([elsewhere.status, /soap:Fault/.test(elsewhere.text)], [404, false])
    const method = await ask({ host: inside, target: '/rights/_wmcs/licensing/license.asmx', method: 'PUT' })
    assert.match(method.text, /UnspecifiedErrorException/)
  })

  test('this machine reaches both, and what is at the root stays there', async () => {
    for (const target of ['/rights/_wmcs/licensing', '/extern/licensing', '/healthz']) {
      assert.equal(await statusOf({ host: 'localhost', target }), 200, target)
    }
    assert.equal(await statusOf({ host: 'localhost', target: '/_wmcs/licensing' }), 404)
    for (const host of [inside, outside]) {
      assert.equal(await statusOf({ host, target: '/my/v2/templates' }), 401, host)
      assert.equal(await statusOf({ host, target: '/rights/_wmcs/my/v2/templates' }), 404, host)
      assert.equal(await statusOf({ host, target: '/nothing' }), 404, host)
    }
  })

  test('no hostile target leads to a door', async () => {
    for (const target of hostileTargets) {
      for (const method of ['GET', 'POST']) {
        const { status, text } = await ask({ host: inside, target, method })
        // A page would have 200, and a call that reached the service 500.
        assert.ok([400, 401, 403, 404].includes(status), `${target}: ${text}`)
      }
    }
  })
})

suite('web sites of former services', () => {
  before(() => takeOver(formerSites))

  test('each is answered at its path, on its port, in any case', async () => {
    for (const server of [main, plain]) {
      for (const { path, title } of webEndpoints) {
        for (const base of ['/Rights/_wmcs', '/MORE/_wmcs']) {
          const { status, text } = await ask({ host: old.toUpperCase(), target: `${base}/${path}`, server })
          assert.deepEqual([status, text.includes(`<h1>${title}</h1>`)], [200, true], path)
          // What its clients are told is where the service is today.
          assert.ok(text.includes(`<code>/Rights/_wmcs/${path}</code>`), text)
        }
      }
      for (const target of ['/rights/_wmcs', '/rights/_wmcs/', '/rights/_wmcs/licensing', '/more/_WMCS']) {
        assert.equal(await statusOf({ host: old, target, server }), 200, target)
      }
      assert.equal(await statusOf({ host: 'named.lakeside.example', target: '/_wmcs/licensing', server }), 200)
      const call = await ask({ host: old, target: '/rights/_wmcs/Licensing/License.asmx', method: 'POST', server })
      assert.deepEqual([call.status, /soap:Fault/.test(call.text)], [500, true])
    }
  })

  test('another path, another port and another name are not, nor anything else of the name', async () => {
    const refused: readonly (readonly [host: string, target: string])[] = [
      [old, '/_wmcs/licensing/license.asmx'],
      [old, '/rights/licensing/license.asmx'],
      [old, '/rights/_wmcs2/licensing/license.asmx'],
      [old, '/rights/_wmcs/_wmcs/licensing/license.asmx'],
      [old, '/extern/licensing/license.asmx'],
      [old, '/my/v2/templates'],
      [old, '/sealward/v1/machine'],
      [old, '/'],
      ['old.lakeside.example', '/rights/_wmcs/licensing/license.asmx'],
      ['old.lakeside.example:8081', '/rights/_wmcs/licensing/license.asmx'],
      ['older.lakeside.example:8080', '/rights/_wmcs/licensing/license.asmx'],
      ['named.lakeside.example', '/rights/_wmcs/licensing/license.asmx'],
      ['named.lakeside.example', '/extern/licensing/license.asmx'],
      [outside, '/_wmcs/licensing/license.asmx'],
      // Nobody asked for it in the clear.
      ['secure.lakeside.example', '/rights/_wmcs/licensing/license.asmx'],
    ]
    for (const server of [main, plain]) {
      for (const [host, target] of refused) {
        assert.equal(await statusOf({ host, target, server }), 404, `${host}${target}`)
      }
      for (const target of hostileTargets) {
        assert.ok((await statusOf({ host: old, target, server })) >= 400, target)
      }
    }
  })

  test('the service’s own former path is answered beside the one of today, in the clear only where it is listed', async () => {
    for (const server of [main, plain]) {
      assert.equal(await statusOf({ host: inside, target: '/_wmcs/licensing/license.asmx', server }), 200)
    }
    assert.equal(await statusOf({ host: inside, target: '/rights/_wmcs/licensing/license.asmx' }), 200)
    const target = '/rights/_wmcs/licensing/license.asmx'
    assert.equal(await statusOf({ host: inside, target, server: plain }), 404)
  })

  test('a site that is given up is no longer answered, from the next request on', async () => {
    const ofOld = { host: old, target: '/more/_wmcs/licensing/license.asmx' }
    assert.equal(await statusOf(ofOld), 200)
    await takeOver(formerSites.filter((entry) => !entry.endsWith('/more/_wmcs')))
    assert.equal(await statusOf(ofOld), 404)
    assert.equal(await statusOf({ ...ofOld, target: '/rights/_wmcs/licensing/license.asmx' }), 200)
  })
})
