import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { serviceNamespace } from '@sealward/protocol'
import { descendant, readXml } from '@sealward/xrml'
import { openTestOrganisation, publicUrl, type TestOrganisation } from '../test-organisation.ts'
import { webEndpoints } from './web-endpoints.ts'

let organisation: TestOrganisation
let server: FastifyInstance

before(async () => {
  organisation = await openTestOrganisation()
  server = organisation.server()
})

after(() => organisation.close())

test('a browser sees the name of every service', async () => {
  for (const { path: below, title } of webEndpoints) {
    const path = `/_wmcs/${below}`
    const page = await server.inject({ method: 'GET', url: path.toUpperCase() })
    assert.equal(page.statusCode, 200, path)
    assert.ok(page.payload.includes(`<title>${title}</title>`), path)
  }
  const put = await server.inject({ method: 'PUT', url: '/_wmcs/licensing/license.asmx', payload: 'x' })
  assert.equal(put.statusCode, 500)
  assert.match(put.payload, /UnspecifiedErrorException/)
})

test('a tool gets the description of every service, with the public address that it was asked at', async () => {
  for (const { path: below, service } of webEndpoints) {
    const path = `/_wmcs/${below}`
    for (const query of ['wsdl', 'WSDL']) {
      const answer = await server.inject({ method: 'GET', url: `${path}?${query}`, headers: { host: 'localhost' } })
      assert.equal(answer.statusCode, service === undefined ? 404 : 200, path)
      if (service === undefined) continue
      const description = readXml(answer.payload)
      assert.equal(description.attributes.get('targetNamespace'), serviceNamespace(service))
      const address = descendant(description, 'service', 'port', 'address')
      assert.equal(address?.attributes.get('location'), `${publicUrl}${path}`)
    }
  }
})

test('other questions have no answer', async () => {
  for (const query of ['wsdl=1', 'disco', 'wsdl?wsdl', 'x'.repeat(5_000)]) {
    const answer = await server.inject({ method: 'GET', url: `/_wmcs/licensing/license.asmx?${query}` })
    assert.notEqual(answer.statusCode, 200, query.slice(0, 10))
    assert.match(answer.payload, /Fault/)
  }
})
