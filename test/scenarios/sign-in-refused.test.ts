/** What the embedded OpenID provider and the service refuse: stolen and confused codes and tokens (threats P14, D9). */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { ask, openBrowser, type Page } from './browser.ts'
import { anna, bo, dora, openSignInService, passwords, type SignInService } from './sign-in-service.ts'

const redirect = 'http://127.0.0.1:4711/callback'
let service: SignInService

before(async () => {
  service = await openSignInService()
})
after(() => service.close())

interface Tokens {
  readonly access_token: string
  readonly id_token: string
  readonly refresh_token: string
}

const provider = (path: string): string => `${service.url}/sealward/openid${path}`
const newVerifier = (): string => randomBytes(32).toString('base64url')

function authorization(verifier: string, change: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({
    client_id: 'sealward',
    response_type: 'code',
    redirect_uri: redirect,
    scope: 'openid email',
    state: 'here',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  })
  return provider(`/auth?${query.toString()}`)
}

/** Where the browser is sent back to. */
async function answerFor(user: string, url: string): Promise<URL> {
  const browser = openBrowser(service.ca)
  const consent = await browser.submit(await browser.get(url), { account: user, password: passwords[user] ?? '' })
  const { leavesFor = 'about:blank' } = await browser.submit(consent, { decision: 'allow' })
  return new URL(leavesFor)
}

async function codeFor(user: string, verifier: string): Promise<string> {
  return (await answerFor(user, authorization(verifier))).searchParams.get('code') ?? ''
}

function exchange(code: string, verifier: string, change: Readonly<Record<string, string>> = {}): Promise<Page> {
  const form = {
    grant_type: 'authorization_code',
    client_id: 'sealward',
    redirect_uri: redirect,
    code,
    code_verifier: verifier,
  }
  return ask(provider('/token'), service.ca, { method: 'POST', form: { ...form, ...change } })
}

function refresh(token: string): Promise<Page> {
  const form = { grant_type: 'refresh_token', client_id: 'sealward', refresh_token: token }
  return ask(provider('/token'), service.ca, { method: 'POST', form })
}

async function tokensOf(user: string): Promise<Tokens> {
  const verifier = newVerifier()
  const answer = await exchange(await codeFor(user, verifier), verifier)
  assert.equal(answer.status, 200, answer.text)
  return JSON.parse(answer.text) as Tokens
}

function templates(token: string): Promise<Page> {
  return ask(`${service.url}/my/v2/templates`, service.ca, { headers: { authorization: `Bearer ${token}` } })
}

function assertRefused(answer: Page, error: string): void {
  assert.deepEqual([answer.status, (JSON.parse(answer.text) as { error: string }).error], [400, error])
}

test('the challenge names the provider, and its token opens the door', async () => {
  const probe = await ask(`${service.url}/my/v2/templates`, service.ca)
  assert.equal(probe.header('www-authenticate'), `Bearer realm="${service.url}", authorization="${provider('/auth')}"`)
  assert.equal((await templates((await tokensOf(anna)).access_token)).status, 200)
})

test('an identity token is no access token, and nor is anything else of the answer', async () => {
  const { id_token: identity, refresh_token: renewal, access_token: access } = await tokensOf(anna)
  for (const token of [identity, renewal, access.replace(/[^.]+$/, identity.split('.')[2] ?? '')]) {
    assert.equal((await templates(token)).status, 401)
  }
})

test('a code is good once, and a second use ends what the first has brought', async () => {
  const verifier = newVerifier()
  const code = await codeFor(anna, verifier)
  const first = JSON.parse((await exchange(code, verifier)).text) as Tokens
  assertRefused(await exchange(code, verifier), 'invalid_grant')
  assertRefused(await refresh(first.refresh_token), 'invalid_grant')
})

test('a code is good only for who asked for it', async () => {
  for (const change of [
    { code_verifier: newVerifier() },
    { redirect_uri: 'http://127.0.0.1:4711/other' },
    { client_id: 'd3590ed6-52b3-4102-aeff-aad2292ab01c' },
  ]) {
    const verifier = newVerifier()
    assertRefused(await exchange(await codeFor(anna, verifier), verifier, change), 'invalid_grant')
  }
})

for (const [name, change, error] of [
  ['without proof of possession', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
  ['with the proof in the clear', { code_challenge_method: 'plain' }, 'invalid_request'],
  ['for another resource', { resource: 'https://elsewhere.example' }, 'invalid_target'],
  ['with the token in the address', { response_type: 'id_token', nonce: 'x' }, 'unsupported_response_type'],
] as const) {
  test(`nobody is asked for a password ${name}`, async () => {
    const browser = openBrowser(service.ca)
    const query = { ...change, response_mode: 'form_post' }
    const { leavesFor = '', text } = await browser.get(authorization(newVerifier(), query))
    assert.doesNotMatch(text, /<script/)
    assert.ok(leavesFor.includes(`error=${error}`), leavesFor + text)
    assert.doesNotMatch(leavesFor, /code=/)
  })
}

test('the answer goes to registered addresses only', async () => {
  for (const change of [
    { redirect_uri: 'https://elsewhere.example/callback' },
    { redirect_uri: 'http://127.0.0.1:4711/other' },
    { client_id: 'nobody' },
  ]) {
    const answer = await openBrowser(service.ca).get(authorization(newVerifier(), change))
    assert.equal(answer.status, 400, answer.text + (answer.leavesFor ?? ''))
    assert.match(answer.text, /<h1>Not signed in<\/h1>/)
  }
})

test('clients of the protocol are registered with their redirects (rest-protocol 4.2)', async () => {
  const office = {
    client_id: 'd3590ed6-52b3-4102-aeff-aad2292ab01c',
    redirect_uri: 'urn:ietf:wg:oauth:2.0:oob',
    scope: '',
  }
  const answer = await answerFor(bo, authorization(newVerifier(), { ...office, resource: service.url }))
  assert.equal(answer.protocol, 'urn:')
  assert.match(answer.search, /code=/)
})

test('a disabled person gets in neither with the password nor with a token from before', async () => {
  const browser = openBrowser(service.ca)
  const page = await browser.get(authorization(newVerifier()))
  assert.equal((await browser.submit(page, { account: dora, password: passwords[dora] ?? '' })).status, 403)

  const { access_token: access, refresh_token: renewal } = await tokensOf(bo)
  assert.equal((await templates(access)).status, 200)
  service.setDisabled(bo, true)
  const late = Date.now() + 30_000
  while ((await templates(access)).status !== 401) {
    assert.ok(Date.now() < late, 'the token of a disabled person counts on')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  assertRefused(await refresh(renewal), 'invalid_grant')
  service.setDisabled(bo, false)
})

test('a form without the cookie of its sign-in is nobody', async () => {
  const page = await openBrowser(service.ca).get(authorization(newVerifier()))
  const form = { account: anna, password: passwords[anna] ?? '' }
  const answer = await ask(page.url, service.ca, { method: 'POST', form })
  assert.equal(answer.status, 400)
  assert.equal(answer.header('set-cookie'), undefined)
})

test('what is no form, or too large, is refused', async () => {
  const large = await ask(provider('/token'), service.ca, { method: 'POST', form: { code: 'x'.repeat(60_000) } })
  assert.equal(large.status, 400)
  const browser = openBrowser(service.ca)
  const page = await browser.get(authorization(newVerifier()))
  assert.equal((await browser.submit(page, { account: 'x'.repeat(9_000) })).status, 413)
  assert.equal((await ask(provider('/nothing'), service.ca)).status, 404)
  assert.equal((await ask(`${provider('/token')}?x`, service.ca, { method: 'POST', body: '{}' })).status, 400)
})

test('guessing is slowed down on the page and with Basic together', async () => {
  const browser = openBrowser(service.ca)
  const page = await browser.get(authorization(newVerifier()))
  const guess = (): Promise<Page> => browser.submit(page, { account: 'nobody@lakeside.example', password: 'guess' })
  for (let attempt = 0; attempt < 20; attempt++) await guess()
  const authorized = { authorization: `Basic ${Buffer.from(`${anna}:guess`).toString('base64')}` }
  const statuses = new Set<number>()
  for (let round = 0; round < 10 && !(statuses.has(429) && statuses.has(503)); round++) {
    const basic = ask(`${service.url}/_wmcs/licensing/license.asmx`, service.ca, {
      method: 'POST',
      headers: { ...authorized, 'content-type': 'text/xml' },
      body: '<x/>',
    })
    for (const { status } of await Promise.all([guess(), guess(), basic])) statuses.add(status)
  }
  assert.ok(statuses.has(429) && statuses.has(503), [...statuses].join(' '))
})
