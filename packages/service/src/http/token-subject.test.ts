/** A token whose subject is somebody else's is refused at every door as one that is not believed, under a code of its own. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, test } from 'node:test'
import { createLocalJWKSet, exportJWK, SignJWT } from 'jose'
import { createBearerAuthentication, protocolAudience } from '../auth/bearer.ts'
import { externalIssuer } from '../auth/token-issuers.ts'
import { addressOf, openTestOrganisation, publicUrl, testTime, type Person } from './test-organisation.ts'

const issuer = 'https://login.lakeside.example'
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const organisation = await openTestOrganisation()
after(() => organisation.close())

async function tokenOf(sub: string, person: Person): Promise<string> {
  const seconds = testTime.getTime() / 1000
  const claims = {
    iss: issuer,
    aud: protocolAudience,
    iat: seconds,
    exp: seconds + 3600,
    email: addressOf(person),
    sub,
  }
  const header = { alg: 'ES256', typ: 'JWT', kid: 'k' }
  return `Bearer ${await new SignJWT(claims).setProtectedHeader(header).sign(pair.privateKey)}`
}

test('REST and SOAP refuse it with status 401, and the log has its code', async () => {
  const keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k' }] }
  const provider = externalIssuer({
    issuer,
    keyFor: createLocalJWKSet(keys),
    algorithms: ['ES256'],
    domains: ['lakeside.example'],
    accessTokenType: 'JWT',
  })
  const bearer = createBearerAuthentication({ ...organisation.context, serviceUrl: publicUrl, issuers: [provider] })
  const { authentication, listener } = organisation.settings
  const server = organisation.server({
    authentication: { ...authentication, bearer },
    listener: { ...listener, encryptedByProxy: true },
  })
  const templates = async (person: Person) =>
    server.inject({
      method: 'GET',
      url: '/my/v2/templates',
      headers: { authorization: await tokenOf('subject-of-alice', person), 'x-forwarded-proto': 'https' },
    })
  assert.equal((await templates('alice')).statusCode, 200)
  const refused = await templates('bob')
  assert.equal(refused.statusCode, 401)
  assert.match(String(refused.headers['www-authenticate']), /^Bearer /)
  assert.match(organisation.logged.join(''), /"token-subject-mismatch"/)
  assert.ok(!refused.payload.includes('user-alice'), 'whose it was is for administrators')
  const soap = await server.inject({
    method: 'POST',
    url: '/_wmcs/certification/certification.asmx',
    headers: {
      authorization: await tokenOf('subject-of-alice', 'bob'),
      'content-type': 'text/xml; charset=utf-8',
      soapaction: '"http://microsoft.com/DRM/CertificationService/Certify"',
    },
    payload: '<x/>',
  })
  assert.equal(soap.statusCode, 401)
  assert.equal((await templates('alice')).statusCode, 200)
})
