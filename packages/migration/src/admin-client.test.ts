import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite, test, type TestContext } from 'node:test'
import type { AdminApi } from './admin-api.ts'
import { createAdminClient } from './admin-client.ts'

interface Seen {
  readonly line: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

async function served(
  t: TestContext,
  answer: (response: ServerResponse) => void,
): Promise<{ client: AdminApi; seen: Seen[] }> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      seen.push({
        line: `${request.method ?? ''} ${request.url ?? ''}`,
        headers: request.headers,
        body: Buffer.concat(parts).toString('utf8'),
      })
      answer(response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { client: createAdminClient({ url, token: 'secret-token', actor: 'anna' }), seen }
}

const json = (status: number, value: unknown) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

suite('the client of the administration', () => {
  test('sends token, actor and a body, and reads the answer', async (t) => {
    const { client, seen } = await served(t, json(200, { previous: 'not-activated', more: 1 }))
    assert.deepEqual(await client.setState('enabled', { force: true }), { previous: 'not-activated' })
    const [request] = seen
    assert.equal(request!.line, 'PUT /admin/v1/state')
    assert.equal(request!.headers.authorization, 'Bearer secret-token')
    assert.equal(request!.headers['x-sealward-actor'], 'anna')
    assert.deepEqual(JSON.parse(request!.body), { state: 'enabled', force: true })
  })

  test('names keys and templates in the path, and files in base64', async (t) => {
    const { client, seen } = await served(
      t,
      json(200, { keyId: 'a', mode: 2, active: false, templates: [], warnings: [] }),
    )
    await client.importDomain({ file: Buffer.from('TPD'), password: 'p', trustedRoots: ['r'], anyone: 'drop' })
    await client.publishTemplate('{0d2b7a55-9a3c-4e0f-8e5b-2f5b3f0c9e11}')
    await client.setOnboarding(undefined)
    assert.deepEqual(JSON.parse(seen[0]!.body), { file: 'VFBE', password: 'p', trustedRoots: ['r'], anyone: 'drop' })
    assert.equal(seen[1]!.line, 'POST /admin/v1/templates/%7B0d2b7a55-9a3c-4e0f-8e5b-2f5b3f0c9e11%7D/publish')
    assert.deepEqual(JSON.parse(seen[2]!.body), { useLicense: false, scope: 'All' })
  })

  test('takes no group and no licence condition for no policy', async (t) => {
    const { client } = await served(t, json(200, { useLicense: false, scope: 'All' }))
    assert.equal(await client.onboarding(), undefined)
  })

  test('throws the code of the service', async (t) => {
    const error = { code: 'key-already-imported', cause: 'c', cure: 'd', detail: 'abc' }
    const { client } = await served(t, json(409, { error }))
    await assert.rejects(client.keys(), { code: 'key-already-imported', detail: 'abc' })
  })

  test('refuses answers that it cannot read, and codes that it does not know', async (t) => {
    const cases: readonly (readonly [(response: ServerResponse) => void, string])[] = [
      [json(200, { keys: [] }), 'service-answer-refused'],
      [json(200, [{ id: 7 }]), 'service-answer-refused'],
      [(response) => void response.end('<html>'), 'service-answer-refused'],
      [(response) => void response.writeHead(502).end('<html>'), 'service-answer-refused'],
      [json(500, { error: { code: '__proto__' } }), 'service-refused'],
      [(response) => void response.destroy(), 'service-unreachable'],
      [(response) => void response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(), 'service-unreachable'],
    ]
    for (const [answer, code] of cases) {
      const { client } = await served(t, answer)
      await assert.rejects(client.keys(), { code })
    }
  })

  test('carries its token over no network in the clear', () => {
    const options = { token: 't', actor: 'a' }
    for (const url of [
      'http://rights.example',
      'ftp://127.0.0.1',
      'http://127.0.0.1.example',
      'nothing',
      'https://u:p@x',
    ]) {
      assert.throws(() => createAdminClient({ ...options, url }), { code: 'service-url-refused' }, url)
    }
    for (const url of ['http://127.0.0.1:1', 'http://[::1]:1', 'http://localhost', 'https://rights.example'])
      createAdminClient({ ...options, url })
  })
})
