/**
 * Tokens that are not for this service, not from an issuer of its configuration, or not about one of its people (threats
 * P14 and D9), through the doors of a service that listens. A table of changes to a genuine token says what must become of
 * each.
 */
import assert from 'node:assert/strict'
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { masterKeyFromFile, newMasterKeyFile } from '@sealward/keys'
import { createIdentity, openService, readConfig } from '@sealward/service'
import { published, signer, writeToken, type Json, type Token } from './tokens.ts'

const now = new Date('2026-05-04T12:00:00Z')
const seconds = now.getTime() / 1000

const adfs = generateKeyPairSync('rsa', { modulusLength: 2048 })
const partner = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const cloud = generateKeyPairSync('rsa', { modulusLength: 2048 })
const strict = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })

const issuers = {
  adfs: 'http://adfs.lakeside.example/adfs/services/trust',
  partner: 'https://login.partner.example',
  cloud: 'https://login.cloud.example',
  strict: 'https://login.strict.example',
}
const tenantId = '5c3e8a5e-6d8f-4f0a-9c1b-0f2d7f6f3a11'

const genuine: Token = {
  header: { alg: 'RS256', typ: 'JWT', kid: 'key-1' },
  claims: {
    iss: issuers.adfs,
    aud: 'microsoft:identityserver:api.rms.rest.com',
    iat: seconds,
    exp: seconds + 3_600,
    email: 'alice@lakeside.example',
  },
  sign: signer('RS256', adfs.privateKey),
}

const claims = (changes: Json, more: Partial<Token> = {}): Token => ({
  ...genuine,
  ...more,
  claims: { ...genuine.claims, ...more.claims, ...changes },
})
const header = (changes: Json, more: Partial<Token> = {}): Token => ({
  ...genuine,
  ...more,
  header: { ...genuine.header, ...changes },
})
const of = {
  partner: (changes: Json): Token =>
    claims(changes, {
      header: { alg: 'ES256', typ: 'JWT', kid: 'key-1' },
      claims: { iss: issuers.partner },
      sign: signer('ES256', partner.privateKey),
    }),
  cloud: (changes: Json): Token =>
    claims(changes, { claims: { iss: issuers.cloud }, sign: signer('RS256', cloud.privateKey) }),
  strict: (typ: string): Token =>
    claims(
      { iss: issuers.strict },
      { header: { alg: 'EdDSA', typ, kid: 'key-1' }, sign: signer('EdDSA', strict.privateKey) },
    ),
}
const text = (changes: string): Partial<Token> => ({
  claimsText: `${JSON.stringify(genuine.claims).slice(0, -1)},${changes}}`,
})
const publicPem = adfs.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const minutes = 60

/** The same kind of attack at the address of a server that counts who fetches keys from it. */
let fetched = 0
const keyServer = createServer((_request, response) => {
  fetched++
  response.end(JSON.stringify({ keys: [published(stranger)] }))
})
const keysAt = (): string => `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/keys`
const byStranger = signer('RS256', stranger.privateKey)

type Outcome = 'accepted' | 'refused'
const table: readonly (readonly [Outcome, string, () => Token])[] = [
  // Audience
  ['accepted', 'the audience with the prefix of AD FS', () => genuine],
  ['accepted', 'the audience without prefix', () => claims({ aud: 'api.rms.rest.com' })],
  [
    'accepted',
    'this service among several audiences',
    () => claims({ aud: ['https://x.example', 'api.rms.rest.com'] }),
  ],
  ['refused', 'another audience', () => claims({ aud: 'https://files.lakeside.example' })],
  ['refused', 'an audience that begins like ours', () => claims({ aud: 'api.rms.rest.com.evil.example' })],
  ['refused', 'no audience', () => claims({ aud: undefined })],
  // Issuer
  ['refused', 'an unknown issuer', () => claims({ iss: 'https://login.evil.example' })],
  ['refused', 'an issuer spelled differently', () => claims({ iss: issuers.adfs.toUpperCase() })],
  ['refused', 'an issuer with the key of another one', () => claims({ iss: issuers.cloud, tid: tenantId })],
  ['refused', 'a list of issuers', () => claims({ iss: [issuers.adfs] })],
  // Tenant
  ['accepted', 'our tenant of an issuer for many', () => of.cloud({ tid: tenantId })],
  ['refused', 'another tenant', () => of.cloud({ tid: '00000000-6d8f-4f0a-9c1b-0f2d7f6f3a11' })],
  ['refused', 'no tenant where one is expected', () => of.cloud({})],
  ['refused', 'a tenant where none is configured', () => claims({ tid: tenantId })],
  // Algorithm
  ['refused', 'no algorithm', () => header({ alg: 'none' }, { sign: signer('none', '') })],
  ['refused', 'no algorithm, with the genuine signature', () => header({ alg: 'None' })],
  ['refused', 'HS256 with the public key', () => header({ alg: 'HS256' }, { sign: signer('HS256', publicPem) })],
  [
    'refused',
    'an algorithm that the issuer does not use',
    () => header({ alg: 'PS256' }, { sign: signer('PS256', adfs.privateKey) }),
  ],
  ['refused', 'the key under another hash', () => header({ alg: 'RS384' }, { sign: signer('RS384', adfs.privateKey) })],
  // Keys
  ['refused', 'a stranger under our key id', () => ({ ...genuine, sign: byStranger })],
  ['refused', 'a path as key id', () => header({ kid: '../../../../dev/null' }, { sign: byStranger })],
  ['refused', 'SQL as key id', () => header({ kid: "' UNION SELECT 'key-1' --" }, { sign: byStranger })],
  ['refused', 'a key id that is an object', () => header({ kid: { $ne: null } })],
  ['refused', 'a stranger with an address of his keys (jku)', () => header({ jku: keysAt() }, { sign: byStranger })],
  [
    'refused',
    'a stranger with an address of his certificate (x5u)',
    () => header({ x5u: keysAt() }, { sign: byStranger }),
  ],
  ['refused', 'a stranger with his key (jwk)', () => header({ jwk: published(stranger) }, { sign: byStranger })],
  [
    'accepted',
    'a genuine signature, whatever address of keys is named',
    () => header({ jku: keysAt(), x5u: keysAt() }),
  ],
  ['refused', 'a critical extension', () => header({ crit: ['b64'], b64: false })],
  // Time
  ['accepted', 'expired 59 seconds ago', () => claims({ exp: seconds - 59 })],
  ['refused', 'expired 61 seconds ago', () => claims({ exp: seconds - 61 })],
  ['refused', 'no expiry', () => claims({ exp: undefined })],
  ['refused', 'an expiry in words', () => claims({ exp: '9999999999' })],
  ['refused', 'not valid for another 61 seconds', () => claims({ nbf: seconds + 61 })],
  ['refused', 'issued in the future', () => claims({ iat: seconds + 2 * minutes })],
  ['refused', 'issued at no time', () => claims({ iat: undefined })],
  // Kind of token
  ['accepted', 'an access token of RFC 9068', () => of.strict('at+jwt')],
  ['refused', 'an identity token of an issuer that tells them apart', () => of.strict('JWT')],
  ['refused', 'an identity token with a nonce', () => claims({ nonce: 'n-0S6_WzA2Mj' })],
  [
    'refused',
    'an identity token with the digest of an access token',
    () => claims({ at_hash: '77QmUPtjPfzWtF2AnpK9RQ' }),
  ],
  ['refused', 'a logout token', () => header({ typ: 'logout+jwt' })],
  ['refused', 'no type', () => header({ typ: undefined })],
  // Whom it names
  ['accepted', 'a colleague whom the partner looks after', () => of.partner({ email: 'pat@partner.example' })],
  ['refused', 'a victim of ours, named by the partner', () => of.partner({})],
  [
    'refused',
    'a victim of ours as user principal name',
    () => of.partner({ email: undefined, upn: 'alice@lakeside.example' }),
  ],
  [
    'refused',
    'a domain that only looks like one of the issuer',
    () => claims({ email: 'alice@lakeside.example.evil.example' }),
  ],
  ['refused', 'an address that its issuer has not verified', () => claims({ email_verified: false })],
  ['refused', 'an address that is verified in no known way', () => claims({ email_verified: 'maybe' })],
  ['refused', 'a disabled user', () => claims({ email: 'dora@lakeside.example' })],
  ['refused', 'two users', () => claims({ upn: 'bob@lakeside.example' })],
  ['refused', 'an application without a user', () => claims({ email: undefined, appid: 'x', apptype: 'Confidential' })],
  // Form
  ['refused', 'a claim that occurs twice', () => ({ ...genuine, ...text('"email":"alice@lakeside.example"') })],
  ['refused', 'a claim that occurs twice, once in disguise', () => ({ ...genuine, ...text('"\\u0065xp":9999999999') })],
  ['refused', 'too much of everything', () => claims({ padding: 'x'.repeat(19_000) })],
  [
    'refused',
    'hundreds of addresses',
    () => claims({ proxyAddresses: Array.from({ length: 300 }, (_, index) => `smtp:${index}@lakeside.example`) }),
  ],
  ['refused', 'claims that are a list', () => ({ ...genuine, claimsText: '[]' })],
  ['refused', 'a cut signature', () => ({ ...genuine, finish: (token) => token.slice(0, -8) })],
  ['refused', 'no signature', () => ({ ...genuine, finish: (token) => token.replace(/[^.]+$/, '') })],
  ['refused', 'five parts', () => ({ ...genuine, finish: (token) => `${token}.x.y` })],
]

const folder = mkdtempSync(join(tmpdir(), 'sealward-tokens-'))
let service: Awaited<ReturnType<typeof openService>>
let server: Awaited<ReturnType<typeof service.listen>>

function issuer(name: keyof typeof issuers, pair: { readonly publicKey: KeyObject }, settings: object) {
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ keys: [published(pair)] }))
  return { issuer: issuers[name], keysFile: `${name}.json`, domains: ['Lakeside.example'], ...settings }
}

function configuration() {
  return readConfig({
    publicUrl: 'https://rms.lakeside.example',
    database: 'service.db',
    directory: 'people.json',
    listener: { port: 0 },
    authentication: {
      issuers: [
        issuer('adfs', adfs, { algorithms: ['RS256'] }),
        issuer('partner', partner, { algorithms: ['ES256'], domains: ['partner.example'] }),
        issuer('cloud', cloud, { algorithms: ['RS256'], tenantId: tenantId.toUpperCase() }),
        issuer('strict', strict, { algorithms: ['EdDSA'], accessTokenType: 'at+jwt' }),
      ],
    },
  })
}

function user(id: string, number: number, address: string, disabled = false) {
  return { id, sid: `S-1-5-21-1-1-1-${number}`, address, disabled }
}

before(async () => {
  const users = [
    user('a', 1, 'alice@lakeside.example'),
    user('b', 2, 'bob@lakeside.example'),
    user('d', 3, 'dora@lakeside.example', true),
    user('p', 4, 'pat@partner.example'),
  ]
  writeFileSync(join(folder, 'people.json'), JSON.stringify({ users }))
  const masterKey = masterKeyFromFile(newMasterKeyFile(randomBytes))
  const clock = { now: () => now }
  service = await openService({ config: configuration(), masterKey, folder, clock, requestLog: { write: () => {} } })
  await createIdentity(service.administration('set-up'))
  server = await service.listen()
  await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve))
})
after(async () => {
  keyServer.close()
  await server.close()
  await service.close()
  rmSync(folder, { recursive: true })
})

const soapRequest = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
<FindServiceLocationsForUser xmlns="http://microsoft.com/DRM/ServerService"><ServiceNames><ServiceLocationRequest>
<Type>CertificationService</Type></ServiceLocationRequest></ServiceNames></FindServiceLocationsForUser>
</soap:Body></soap:Envelope>`

const rest = (token: string): Promise<Response> =>
  fetch(`${server.url}/my/v2/templates`, { headers: { authorization: `Bearer ${token}` } })
const soap = (token: string): Promise<Response> =>
  fetch(`${server.url}/_wmcs/certification/ServiceLocator.asmx`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/xml; charset=utf-8' },
    body: soapRequest,
  })

for (const [outcome, name, make] of table) {
  test(`${name}: ${outcome}`, async () => {
    const token = writeToken(make())
    for (const [door, answer] of Object.entries({ rest: await rest(token), soap: await soap(token) })) {
      assert.equal(answer.status, outcome === 'accepted' ? 200 : 401, door)
      assert.equal(answer.headers.get('www-authenticate') !== null, outcome === 'refused', door)
      assert.ok(!(await answer.text()).includes(token.slice(-20)), 'a refusal does not repeat what it refuses')
    }
  })
}

test('keys are fetched from no address that a token names', () => assert.equal(fetched, 0))
