import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { after, test } from 'node:test'
import { createLocalJWKSet, exportJWK, SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose'
import { isRightsError } from '@sealward/xrml'
import { masterKey } from '../core/cluster.fixture.ts'
import { openStore } from '../store/open-store.ts'
import { createBearerAuthentication } from './bearer.ts'
import { alice, peopleDirectory } from './test-people.ts'
import { externalIssuer, type TokenIssuer } from './token-issuers.ts'

const now = new Date('2026-05-04T12:00:00Z')
const seconds = now.getTime() / 1000
const issuer = 'http://adfs.lakeside.example/adfs/services/trust'
const serviceUrl = 'https://rms.lakeside.example'
const emailClaim = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress'
const upnClaim = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn'
const proxyClaim = 'http://schemas.xmlsoap.org/claims/ProxyAddresses'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const partner = generateKeyPairSync('ec', { namedCurve: 'P-256' })

async function issuerWith(name: string, kid: string, publicKey: KeyObject, algorithm: 'RS256' | 'ES256') {
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' }] }
  const domains = name === issuer ? ['Lakeside.example'] : ['partner.example']
  return externalIssuer({
    issuer: name,
    keyFor: createLocalJWKSet(keys),
    algorithms: [algorithm],
    domains,
    accessTokenType: 'JWT',
  })
}

const issuers: readonly TokenIssuer[] = [
  await issuerWith(issuer, 'adfs-1', rsa.publicKey, 'RS256'),
  await issuerWith('https://login.partner.example', 'partner-1', partner.publicKey, 'ES256'),
]

const store = await openStore({ file: ':memory:', tenant: 'lakeside', masterKey })
after(() => store.close())

const bearer = createBearerAuthentication({
  directory: peopleDirectory(),
  store,
  clock: { now: () => now },
  serviceUrl,
  issuers,
})

interface Spec {
  readonly claims?: JWTPayload
  readonly header?: Partial<JWTHeaderParameters>
  readonly key?: KeyObject
  readonly without?: readonly string[]
}

async function token({ claims = {}, header = {}, key = rsa.privateKey, without = [] }: Spec = {}): Promise<string> {
  const all: JWTPayload = {
    iss: issuer,
    aud: 'microsoft:identityserver:api.rms.rest.com',
    iat: seconds,
    exp: seconds + 3600,
    [emailClaim]: alice.address,
    ...claims,
  }
  const kept = Object.fromEntries(Object.entries(all).filter(([name]) => !without.includes(name)))
  return new SignJWT(kept).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'adfs-1', ...header }).sign(key)
}

const foreignEmail = { [emailClaim]: 'eve@elsewhere.example' }

const accepted: Readonly<Record<string, Spec>> = {
  'an AD FS token': {},
  'an audience without prefix': { claims: { aud: 'api.rms.rest.com' } },
  'the service as audience': { claims: { aud: serviceUrl } },
  'the service as audience, with a slash': { claims: { aud: `microsoft:identityserver:${serviceUrl}/` } },
  'one audience of several': { claims: { aud: ['https://other.example', 'api.rms.rest.com'] } },
  'an access token by type': { header: { typ: 'at+jwt' } },
  'an access token by media type': { header: { typ: 'application/at+jwt' } },
  'an address in capitals': { claims: { [emailClaim]: 'ALICE@LAKESIDE.EXAMPLE' } },
  'an alias': { claims: { [emailClaim]: 'alice.adams@lakeside.example' } },
  'the short e-mail claim': { claims: { email: alice.address }, without: [emailClaim] },
  'the short UPN claim': { claims: { upn: alice.address }, without: [emailClaim] },
  'the UPN': { claims: { [upnClaim]: alice.address }, without: [emailClaim] },
  'proxy addresses': {
    claims: { [proxyClaim]: ['X500:/o=Lakeside/cn=alice', 'SMTP:alice@lakeside.example'] },
    without: [emailClaim],
  },
  'one proxy address': { claims: { proxyAddresses: 'smtp:alice@lakeside.example' }, without: [emailClaim] },
  'another address nobody has': { claims: { upn: 'alice@old.lakeside.example' } },
  'expired 59 seconds ago': { claims: { exp: seconds - 59 } },
  'valid in 59 seconds': { claims: { nbf: seconds + 59 } },
}

for (const [name, spec] of Object.entries(accepted)) {
  test(`accepts ${name}`, async () => {
    assert.deepEqual(await bearer.authenticate(await token(spec)), { user: alice, authentication: 'bearer' })
  })
}

const refused: Readonly<Record<string, () => Promise<string> | string>> = {
  'no token at all': () => 'x',
  'an empty token': () => '',
  'two parts': async () => (await token()).split('.').slice(0, 2).join('.'),
  'a token that is too long': () => token({ claims: { padding: 'x'.repeat(40_000) } }),
  'no issuer': () => token({ without: ['iss'] }),
  'our issuer with the key of another one': () =>
    token({ key: partner.privateKey, header: { alg: 'ES256', kid: 'partner-1' } }),
  'an unknown key id': () => token({ header: { kid: 'adfs-2' } }),
  'an unknown user': () => token({ claims: { [emailClaim]: 'nobody@lakeside.example' } }),
  'an address of a foreign domain alone': () => token({ claims: foreignEmail }),
  'an address of another kind': () =>
    token({ claims: { proxyAddresses: ['SIP:alice@lakeside.example'] }, without: [emailClaim] }),
  'an address that is an object': () => token({ claims: { email: { value: alice.address } }, without: [emailClaim] }),
}

for (const [name, make] of Object.entries(refused)) {
  test(`refuses ${name}`, async () => {
    const made = await make()
    await assert.rejects(bearer.authenticate(made), (error) => {
      assert.ok(isRightsError(error, 'credentials-refused'))
      assert.ok(made.length < 20 || !error.message.includes(made.slice(0, 20)))
      return true
    })
  })
}

test('a signature over other claims is refused', async () => {
  const [header, , signature] = (await token()).split('.')
  const [, claims] = (await token({ claims: { [emailClaim]: 'bob@lakeside.example' } })).split('.')
  await assert.rejects(bearer.authenticate(`${header}.${claims}.${signature}`), { code: 'credentials-refused' })
})

test('the resource that challenges name is an audience, with and without the prefix of AD FS, and no other is', async () => {
  const settings = { directory: peopleDirectory(), store, clock: { now: () => now }, serviceUrl, issuers }
  const cloud = createBearerAuthentication({ ...settings, resource: 'https://api.lakeside.example/' })
  for (const aud of ['https://api.lakeside.example/', 'microsoft:identityserver:https://api.lakeside.example/']) {
    const named = await token({ claims: { aud } })
    assert.equal((await cloud.authenticate(named)).user.address, alice.address)
    await assert.rejects(bearer.authenticate(named), (error) => isRightsError(error, 'credentials-refused'))
  }
  const other = token({ claims: { aud: 'https://api.lakeside.example/x' } })
  await assert.rejects(cloud.authenticate(await other), (error) => isRightsError(error, 'credentials-refused'))
})
