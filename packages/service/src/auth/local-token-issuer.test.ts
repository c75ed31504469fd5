import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { Cluster } from '../core/ports.ts'
import { createBearerAuthentication } from './bearer.ts'
import { issueToken, localTokenIssuer } from './local-token-issuer.ts'
import { alice, bob, disabledDora, peopleDirectory } from './test-people.ts'

const start = Date.parse('2026-05-04T12:00:00Z')

/** As much of a service as signing in needs. */
function service(secret: string, tenant = 'lakeside', at = start) {
  const cluster = { tenant, baseUrl: 'https://rms.lakeside.example/_wmcs' } as Cluster
  const mac = (purpose: string, data: Uint8Array) => createHmac('sha256', secret).update(purpose).update(data).digest()
  const context = {
    cluster,
    store: { mac },
    clock: { now: () => new Date(at) },
    random: { guid: () => '{1}' },
  } as unknown as Parameters<typeof issueToken>[0] & Pick<Parameters<typeof createBearerAuthentication>[0], 'store'>
  const bearer = createBearerAuthentication({
    directory: peopleDirectory(),
    store: context.store,
    clock: context.clock,
    serviceUrl: 'https://rms.lakeside.example',
    issuers: [localTokenIssuer(context)],
  })
  return { context, authenticate: (token: string) => bearer.authenticate(token) }
}

test('a token of the service signs its user in, until it expires', async () => {
  const { context, authenticate } = service('secret')
  const token = await issueToken(context, { user: bob, lifetime: 600_000 })
  assert.deepEqual(await authenticate(token), { user: bob, authentication: 'bearer' })
  assert.deepEqual(decodeProtectedHeader(token), { alg: 'EdDSA', typ: 'at+jwt' })
  assert.equal(decodeJwt(token).exp, start / 1000 + 600)
  const later = service('secret', 'lakeside', start + 661_000)
  await assert.rejects(later.authenticate(token), { code: 'credentials-refused' })
})

test('the key belongs to one store and one tenant', async () => {
  const token = await issueToken(service('secret').context, { user: alice, lifetime: 600_000 })
  assert.equal((await service('secret').authenticate(token)).user, alice)
  for (const other of [service('another secret'), service('secret', 'hillside')]) {
    await assert.rejects(other.authenticate(token), { code: 'credentials-refused' })
  }
})

test('a user who was disabled meanwhile is refused', async () => {
  const { context, authenticate } = service('secret')
  const token = await issueToken(context, { user: disabledDora, lifetime: 600_000 })
  await assert.rejects(authenticate(token), { code: 'credentials-refused' })
})

test('a token of a user whose address is somebody else’s now is refused', async () => {
  const { context, authenticate } = service('secret')
  const token = await issueToken(context, { user: { ...alice, id: 'user-former-alice' }, lifetime: 600_000 })
  await assert.rejects(authenticate(token), {
    code: 'credentials-refused',
    detail: 'its address is somebody else’s now',
  })
})
