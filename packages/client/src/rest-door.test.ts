import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { connect } from './connection.ts'
import { callRest, discoverServices } from './rest-door.ts'

const servers: Server[] = []
const received: string[] = []

/** A server that writes down who asks with which credentials. */
async function listen(answer: () => string): Promise<string> {
  const server = createServer((request, response) => {
    const { authorization } = request.headers
    received.push(`${request.headers.host ?? ''} ${authorization ?? 'nothing'}`)
    if (authorization !== undefined) response.end(answer())
    else response.writeHead(401, { 'www-authenticate': 'Bearer realm="x", authorization="https://x.example"' }).end()
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

let own = ''
let partner = ''
before(async () => {
  partner = await listen(() => '[]')
  const names = ['EndUserLicenses', 'PublishingLicenses', 'Templates', 'ClientDebugLogs', 'ClientPerformanceLogs']
  own = await listen(() =>
    JSON.stringify(names.map((Name) => ({ Name, Uri: `${partner}/my/v2/${Name.toLowerCase()}` }))),
  )
})
after(() => {
  for (const server of servers) server.close()
})

test('a token goes to the own service, and not to a partner whom redirections and discovery name', async () => {
  const redirections = [{ from: 'https://old.example/_wmcs/licensing', to: `${partner}/_wmcs/licensing` }]
  const options = { serviceUrl: own, user: 'bob@lakeside.example', token: () => 'the-token', redirections }
  const { templates } = await discoverServices(connect(options))
  assert.equal(new URL(templates).origin, partner)
  await assert.rejects(callRest(connect(options), templates), { code: 'service-host-not-allowed' })
  assert.deepEqual(received, [`${new URL(own).host} nothing`, `${new URL(own).host} Bearer the-token`])
  // A host that the configuration allows is the organisation's own.
  const allowed = connect({ ...options, allowedHosts: [new URL(partner).host] })
  assert.equal(await callRest(allowed, templates), '[]')
})
