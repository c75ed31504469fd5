/**
 * Identity providers outside of the service: whose tokens it believes, what it does while they are silent, and that a client
 * goes with its credentials only where it may (threats P14, D7, N1). And the embedded one stays out of production (S14).
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { ConfigInput } from '@sealward/service'
import { ask, type Page } from './browser.ts'
import { openIdentityProvider, type IdentityProvider } from './identity-provider.ts'
import { openSignInProgram } from './sign-in-program.ts'
import { anna, application, dora, openSignInService, type SignInService } from './sign-in-service.ts'

const audience = 'api.rms.rest.com'
let service: SignInService
let idp: IdentityProvider
let listener: { readonly port: number; readonly loopbackCertificate: true }

before(async () => {
  service = await openSignInService()
  idp = await openIdentityProvider(service.folder)
  listener = { port: Number(new URL(service.url).port), loopbackCertificate: true }
  await restart()
})
after(async () => {
  await idp.close()
  await service.close()
})

/** With nothing remembered of the provider. */
async function restart(keys: object = { discoveryUrl: `${idp.url}/.well-known/openid-configuration` }): Promise<void> {
  const issuer = { issuer: idp.issuer, algorithms: ['ES256' as const], domains: ['lakeside.example'] }
  await service.restart({
    listener,
    authentication: {
      authorizationUrl: `${idp.url}/authorize`,
      issuers: [{ ...issuer, ...keys, caFile: 'loopback-certificate.pem', accessTokenType: 'at+jwt' }],
    },
  })
}

function templates(token: string): Promise<Page> {
  return ask(`${service.url}/my/v2/templates`, service.ca, { headers: { authorization: `Bearer ${token}` } })
}

test('tokens of the provider open the door, with keys from where it publishes them', async () => {
  idp.asked.length = 0
  for (const aud of [audience, service.url]) assert.equal((await templates(idp.token({ aud, upn: anna }))).status, 200)
  assert.deepEqual(idp.asked, ['/.well-known/openid-configuration', '/keys'])
  await restart({ keysUrl: `${idp.url}/keys` })
  assert.equal((await templates(idp.token({ aud: audience, upn: anna }))).status, 200)
})

const confused: Readonly<Record<string, () => string>> = {
  'for another audience': () => idp.token({ aud: 'https://elsewhere.example', upn: anna }),
  'of a key that nobody knows': () => idp.token({ aud: audience, upn: anna }, { kid: 'made-up' }),
  'of an application': () => idp.token({ aud: audience, appid: 'scan', sub: 'scan' }),
  'of a disabled person': () => idp.token({ aud: audience, upn: dora }),
  'that is an identity token': () => idp.token({ aud: audience, upn: anna, nonce: 'x' }),
  'without the type of an access token': () => idp.token({ aud: audience, upn: anna }, { typ: 'JWT' }),
  'with keys of its own': () => idp.token({ aud: audience, upn: anna }, { kid: 'x', jku: 'https://127.0.0.1:1/keys' }),
}
for (const [name, make] of Object.entries(confused)) {
  test(`401 to a token ${name}`, async () => {
    assert.equal((await templates(make())).status, 401)
  })
}

test('tokens that name keys that nobody knows do not make the service ask again and again', async () => {
  await restart()
  idp.asked.length = 0
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => templates(idp.token({ aud: audience }, { kid: `made-up-${index}` }))),
  )
  assert.deepEqual(idp.asked, ['/.well-known/openid-configuration', '/keys'])
})

test('while the provider cannot be asked the answer is 502, and no refusal', async () => {
  for (const change of [
    { broken: true },
    { discovery: { ...idp.discovery, jwks_uri: 'https://keys.elsewhere.example/keys' } },
    { discovery: { ...idp.discovery, issuer: 'https://elsewhere.example' } },
  ]) {
    const { broken, discovery } = idp
    Object.assign(idp, change)
    await restart()
    const answer = await templates(idp.token({ aud: audience, upn: anna }))
    assert.deepEqual([answer.status, answer.header('retry-after')], [502, '30'])
    assert.match(answer.text, /\[identity-provider-unavailable\]/)
    Object.assign(idp, { broken, discovery })
  }
  assert.match(service.logged.join(''), /it names another host, keys\.elsewhere\.example/)
})

test('a client goes only to an authority that it may go to, with all its addresses', async () => {
  const { id: clientId, secret: clientSecret } = application
  const program = openSignInProgram(service)
  writeFileSync(join(program.folder, 'application.json'), JSON.stringify({ clientId, clientSecret }))
  const signIn = ['client', 'sign-in', '--user', anna, '--connection', 'connection.json']
  const secretly = [...signIn, '--client-credentials-file', 'application.json']
  const host = ['--authority-host', new URL(idp.url).host]
  try {
    idp.asked.length = 0
    for (const way of [signIn, [...signIn, '--browser'], secretly]) {
      const { code, stderr } = await program.run(...way)
      assert.equal(code, 3, stderr)
      assert.match(stderr, /\[service-host-not-allowed\]/)
    }
    assert.equal(idp.asked.length, 0)
    const { discovery } = idp
    for (const name of ['token_endpoint', 'device_authorization_endpoint', 'revocation_endpoint']) {
      idp.discovery = { ...discovery, [name]: 'https://elsewhere.example/token' }
      const { code, stderr } = await program.run(...secretly, ...host)
      assert.equal(code, 3, stderr)
      assert.match(stderr, /\[service-host-not-allowed\]/)
    }
    // Whose name is not that of the place where the document was found.
    idp.discovery = { ...discovery, issuer: 'https://elsewhere.example' }
    assert.match((await program.run(...secretly, ...host)).stderr, /\[authority-unknown\]/)
    idp.discovery = discovery
    assert.deepEqual([...new Set(idp.asked)], ['/.well-known/openid-configuration'])
    // Allowed, and it refuses: then it has been asked, and its answer is all that is told.
    const refused = await program.run(...secretly, ...host)
    assert.match(refused.stderr, /\[sign-in-failed\]/)
    assert.equal(idp.asked.at(-1), '/token')
    assert.ok(!program.written().includes(clientSecret))
  } finally {
    program.close()
  }
})

test('the embedded provider never starts where others reach the service', async () => {
  const embedded = { authentication: { embeddedProvider: {} } }
  const certificate = { certificateFile: 'loopback-certificate.pem', keyFile: 'loopback-key.pem' }
  const marks: readonly (readonly [setting: string, change: Partial<ConfigInput>])[] = [
    ['listener.host', { listener: { port: 0, host: '0.0.0.0', ...certificate } }],
    ['publicUrl', { publicUrl: 'https://rms.lakeside.example' }],
    ['externalUrl', { externalUrl: 'https://rms.lakeside.example' }],
    ['takeoverListener', { takeoverListener: { port: 0 } }],
    ['listener.certificateFile', { listener: { port: 0, ...certificate } }],
    ['listener.encryptedByProxy', { listener: { port: 0, encryptedByProxy: true } }],
    ['listener.trustedProxies', { listener: { port: 0, trustedProxies: ['10.1.2.3'] } }],
  ]
  for (const [setting, change] of marks) {
    const started = service.restart({
      publicUrl: service.url,
      externalUrl: undefined,
      takeoverListener: undefined,
      listener,
      ...embedded,
      ...change,
    })
    await assert.rejects(started, (error: Error & { code?: string; detail?: string }) => {
      assert.equal(error.code, 'embedded-provider-refused')
      assert.ok(error.detail?.split(', ').includes(setting), `${setting}: ${error.detail ?? ''}`)
      return true
    })
  }
  await service.restart({
    publicUrl: service.url,
    externalUrl: undefined,
    takeoverListener: undefined,
    listener,
    ...embedded,
  })
})
