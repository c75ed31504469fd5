/** Requests recorded from a public client of the protocol, in two releases, are read as what they are. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseChallenge } from './challenge.ts'
import { parseDiscoveryQuery } from './discovery.ts'
import { parseEndUserLicenseRequest, parseEndUserLicenseResponse } from './end-user-license.ts'
import { writeEndUserLicenseRequest } from './end-user-license.ts'
import { parseLicenseHint, parsePlatform, parseRequestIdentity } from './headers.ts'
import { isJsonLicense, parseJsonLicense } from './json-license.ts'
import { matchRestTarget } from './paths.ts'
import { parsePublishingLicenseRequest, parsePublishingLicenseResponse } from './publishing-license.ts'
import { writePublishingLicenseRequest } from './publishing-license.ts'
import type { Json } from './members.ts'
import { parseJsonKey, verifySignedJson } from './signed-json.ts'
import { parseTemplates } from './templates.ts'

interface Exchange {
  readonly request: {
    readonly method: string
    readonly path: string
    readonly headers: readonly { readonly name: string; readonly value: string }[]
    readonly body: string | null
  }
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }
}

const project = join(import.meta.dirname, '../../../..')
const recordings = join(process.env['SEALWARD_VECTORS'] ?? join(project, '../shared/vectors'), 'rest')
const absent = !existsSync(recordings)
const skip = absent && process.env['CI'] !== 'true' ? `no recorded exchanges in ${recordings}` : false

function exchangesOf(file: string): readonly Exchange[] {
  const recording = JSON.parse(readFileSync(join(recordings, file), 'utf8')) as {
    readonly exchanges: readonly Exchange[]
  }
  return recording.exchanges
}

function* all(path: string): Generator<Exchange> {
  for (const file of readdirSync(recordings).sort()) {
    for (const exchange of exchangesOf(file)) if (exchange.request.path.startsWith(path)) yield exchange
  }
}

const headersOf = ({ request }: Exchange): Readonly<Record<string, string>> =>
  Object.fromEntries(request.headers.map(({ name, value }) => [name.toLowerCase(), value]))

test('every recorded target is known', { skip }, () => {
  for (const { request } of all('/')) assert.ok(matchRestTarget(request.path) !== undefined, request.path)
})

test('the probe is answered by a challenge, and only the second request identifies itself', { skip }, () => {
  for (const exchange of all('/my/v2')) {
    const { status, headers } = exchange.response
    const authenticated = headersOf(exchange)['authorization'] !== undefined
    assert.equal(status, authenticated ? 200 : 401)
    assert.equal(parseRequestIdentity(headersOf(exchange)) !== undefined, authenticated)
    assert.equal(parsePlatform(headersOf(exchange)).get('AppName'), authenticated ? 'rmscore' : undefined)
    if (authenticated) continue
    assert.deepEqual(parseChallenge(headers['WWW-Authenticate'] ?? ''), {
      resource: 'api.rms.rest.com',
      authorization: 'https://adfs.contoso.test/adfs/oauth2/authorize',
    })
  }
})

test('discovery asks by address to publish and by licensing URL to open', { skip }, () => {
  for (const exchange of all('/my/v2/servicediscovery')) {
    const subject = parseDiscoveryQuery(matchRestTarget(exchange.request.path)?.query ?? '')
    const hint = parseLicenseHint(headersOf(exchange))
    if (subject.kind === 'email') {
      assert.equal(subject.email, 'alice@contoso.test')
      assert.deepEqual(hint, {})
    } else {
      assert.equal(subject.url, 'https://rms.contoso.test/_wmcs/licensing')
      if (hint.serviceUrl !== undefined) assert.equal(hint.serviceUrl, subject.url)
    }
  }
})

test('every recorded publishing request is read, and written back to the same JSON', { skip }, () => {
  let count = 0
  for (const { request } of all('/my/v2/publishinglicenses')) {
    if (request.body === null || request.body === '') continue
    const parsed = parsePublishingLicenseRequest(request.body)
    assert.deepEqual(JSON.parse(writePublishingLicenseRequest(parsed)), JSON.parse(request.body))
    count++
  }
  assert.ok(count >= 8)
})

test('the recorded policy has rights, expiry, offline days and application data', { skip }, () => {
  const exchange = exchangesOf('03-protect-custom-open.json').find(({ request }) =>
    request.path.endsWith('publishinglicenses'),
  )
  assert.deepEqual(parsePublishingLicenseRequest(exchange?.request.body ?? ''), {
    preferDeprecatedAlgorithms: false,
    allowAuditedExtraction: true,
    signedApplicationData: new Map([['app', 'harness']]),
    referralInfo: 'mailto:alice@contoso.test',
    source: {
      kind: 'policy',
      policy: {
        descriptors: [{ name: 'Harness policy', description: 'Harness policy description', language: 'C' }],
        userRights: [
          { users: ['bob@contoso.test', 'sales@contoso.test'], rights: ['VIEW', 'EDIT'] },
          { users: ['ANYONE'], rights: ['VIEW'] },
        ],
        userRoles: [],
        allowOfflineAccess: true,
        intervalTimeInDays: 30,
        contentValidUntil: new Date('2026-11-30T21:49:29Z'),
        encryptedApplicationData: new Map([['secret', 's1']]),
      },
    },
  })
})

test('every recorded licence keeps its bytes; those in JSON verify, and their certificate too', { skip }, () => {
  let json = 0
  for (const { request } of all('/my/v2/enduserlicenses')) {
    if (request.body === null || request.body === '') continue
    const parsed = parseEndUserLicenseRequest(request.body)
    if (isJsonLicense(parsed.license.text)) {
      const { signed, certificate, issuedTo, validity } = parseJsonLicense(parsed.license.text)
      assert.ok(verifySignedJson(signed, issuedTo.publicKey))
      const issuer = (JSON.parse(certificate.payload) as { readonly iss: { readonly pubk: Json } }).iss.pubk
      assert.ok(verifySignedJson(certificate, parseJsonKey(issuer)))
      assert.ok(!verifySignedJson({ ...signed, payload: `${signed.payload} ` }, issuedTo.publicKey))
      assert.equal(issuedTo.address, 'alice@contoso.test')
      assert.deepEqual(validity.until, new Date('2027-01-01T00:00:00Z'))
      json++
    } else {
      assert.match(parsed.license.text, /^<\?xml version="1\.0"\?><XrML version="1\.2" xmlns="">/)
      assert.equal(writeEndUserLicenseRequest(parsed), request.body)
    }
  }
  assert.equal(json, 2)
})

test('the answers that the recorded client accepted are read', { skip }, () => {
  for (const [path, parse] of [
    ['/my/v2/publishinglicenses', parsePublishingLicenseResponse],
    ['/my/v2/enduserlicenses', parseEndUserLicenseResponse],
    ['/my/v2/templates', parseTemplates],
  ] as const) {
    for (const { response } of all(path)) if (response.status === 200) parse(response.body)
  }
})
