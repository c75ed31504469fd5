/** What clients write differently must not matter, and what contradicts itself must not pass (threats X8, X9). */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { deflateSync, gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { faultNames, readSoapAnswer, writeSoapCall, type SoapVersion } from '@sealward/protocol'
import { bootstrap, publishOffline, type TestClient, type TestDocument } from '../test-client.ts'
import { openTestOrganisation, type TestOrganisation } from '../test-organisation.ts'

let organisation: TestOrganisation
let server: FastifyInstance
let bob: TestClient
let document: TestDocument

const spellings = '<AUTHENTICATEDDATA id="One"></AUTHENTICATEDDATA>\r\n<AUTHENTICATEDDATA id="Two" />\r\n'

before(async () => {
  organisation = await openTestOrganisation()
  server = organisation.server()
  bob = await bootstrap(organisation, server, 'bob')
  document = await publishOffline(await bootstrap(organisation, server, 'alice'), spellings)
})

after(() => organisation.close())

function call(soapVersion: SoapVersion = '1.1') {
  const request = { requests: [{ licenseeCertificates: bob.accountChain, issuanceLicense: document.chain }] }
  return writeSoapCall('AcquireLicense', request, { soapVersion })
}

async function send(
  payload: Uint8Array,
  headers: Record<string, string> = { 'content-type': 'text/xml' },
  url = '/_wmcs/licensing/license.asmx',
) {
  const response = await server.inject({ method: 'POST', url, headers, payload: Buffer.from(payload) })
  const answer = readSoapAnswer('AcquireLicense', response.rawPayload)
  return {
    status: response.statusCode,
    type: response.headers['content-type'],
    fault: answer.kind === 'fault' ? answer.fault.full : undefined,
    text: response.payload,
  }
}

function bytes(text: string, encoding: 'utf-8' | 'utf-16le' | 'utf-16be', mark: boolean): Uint8Array {
  const declared = text.replace('encoding="utf-8"', `encoding="${encoding === 'utf-8' ? 'utf-8' : 'utf-16'}"`)
  const marked = mark ? `\ufeff${declared}` : declared
  if (encoding === 'utf-8') return Buffer.from(marked, 'utf8')
  const little = Buffer.from(marked, 'utf16le')
  return encoding === 'utf-16le' ? little : little.swap16()
}

for (const encoding of ['utf-8', 'utf-16le', 'utf-16be'] as const) {
  for (const mark of [true, false]) {
    for (const soapVersion of ['1.1', '1.2'] as const) {
      test(`reads ${encoding} ${mark ? 'with' : 'without'} BOM over SOAP ${soapVersion}`, async () => {
        const { body, headers } = call(soapVersion)
        const contentType = headers.contentType.replace('utf-8', encoding === 'utf-8' ? 'utf-8' : 'utf-16')
        const { status, type } = await send(bytes(body, encoding, mark), { 'content-type': contentType })
        assert.equal(status, 200)
        assert.equal(type, soapVersion === '1.1' ? 'text/xml; charset=utf-8' : 'application/soap+xml; charset=utf-8')
      })
    }
  }
}

test('line ends and unknown attributes around the certificates do not matter', async () => {
  const body = call()
    .body.replace(
      /<(LicenseeCerts|IssuanceLicense|RequestParams)>/g,
      '\r\n  <$1 soapenc:arrayType="Certificate[2]">\r\n',
    )
    .replace('<soap:Envelope', '<soap:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"')
  assert.match(body, /arrayType/)
  assert.equal((await send(Buffer.from(body))).status, 200)
})

test('a licence that is spelled otherwise than it was signed does not pass', async () => {
  const { body } = call()
  assert.ok(body.includes(spellings))
  for (const changed of [
    body.replace('id="One"></AUTHENTICATEDDATA>', 'id="One"/>'),
    body.replace('id="Two" />', 'id="Two"/>'),
    body.replace(spellings, spellings.replaceAll('\r\n', '\n')),
  ]) {
    assert.notEqual(changed, body)
    const { status, fault } = await send(Buffer.from(changed))
    assert.equal(status, 500)
    assert.equal(fault, faultNames.invalidRightsLabelSignature)
  }
})

test('paths are found in any case', async () => {
  for (const url of ['/_wmcs/licensing/License.asmx', '/_WMCS/Licensing/LICENSE.ASMX']) {
    assert.equal((await send(Buffer.from(call().body), undefined, url)).status, 200)
  }
})

test('what a client says before its message is read: its first element decides, not its headers', async () => {
  const { body } = call()
  const without = await server.inject({
    method: 'POST',
    url: '/_wmcs/licensing/license.asmx',
    payload: Buffer.from(body),
  })
  assert.equal(without.statusCode, 200)
  const empty = await send(Buffer.from(body), { 'content-type': 'text/xml', soapaction: '""' })
  assert.equal(empty.status, 200)
})

const action = 'http://microsoft.com/DRM/LicensingService/AcquireLicense'
const unspecified = faultNames.unspecifiedError

/** What is sent, and the fault that answers it. */
const contradictions: Readonly<
  Record<string, readonly [change: (body: string) => Uint8Array | string, headers: Record<string, string>, string]>
> = {
  'another SOAPAction': [
    (body) => body,
    { 'content-type': 'text/xml', soapaction: action.replace('AcquireLicense', 'Certify') },
    unspecified,
  ],
  'another action parameter': [
    (body) => body,
    { 'content-type': 'text/xml; action="http://microsoft.com/DRM/X"' },
    unspecified,
  ],
  'SOAP 1.1 sent as SOAP 1.2': [(body) => body, { 'content-type': 'application/soap+xml' }, unspecified],
  'a form post': [(body) => body, { 'content-type': 'application/x-www-form-urlencoded' }, unspecified],
  'plain text': [(body) => body, { 'content-type': 'text/plain' }, unspecified],
  'a content type that is none': [(body) => body, { 'content-type': ';;;' }, unspecified],
  'UTF-8 declared as UTF-16': [(body) => body, { 'content-type': 'text/xml; charset=utf-16' }, unspecified],
  'UTF-7': [(body) => body, { 'content-type': 'text/xml; charset=utf-7' }, unspecified],
  'another character set in the message': [
    (body) => body.replace('encoding="utf-8"', 'encoding="iso-8859-1"'),
    { 'content-type': 'text/xml' },
    unspecified,
  ],
  'an overlong character': [
    (body) => Buffer.concat([Buffer.from(body), Buffer.from([0xc0, 0xaf])]),
    { 'content-type': 'text/xml' },
    unspecified,
  ],
  'a lone surrogate': [
    (body) => Buffer.from(`${body.replace('utf-8', 'utf-16')}\ud800`, 'utf16le'),
    { 'content-type': 'text/xml' },
    unspecified,
  ],
  'a NUL inside': [(body) => body.replace('<soap:Body>', '\0<soap:Body>'), { 'content-type': 'text/xml' }, unspecified],
  'a document type': [
    (body) => body.replace('<soap:Envelope', '<!DOCTYPE x [<!ENTITY a "b">]><soap:Envelope'),
    { 'content-type': 'text/xml' },
    unspecified,
  ],
  'a gzip body': [(body) => gzipSync(body), { 'content-type': 'text/xml', 'content-encoding': 'gzip' }, unspecified],
  'a deflate body': [
    (body) => deflateSync(body),
    { 'content-type': 'text/xml', 'content-encoding': 'deflate' },
    unspecified,
  ],
  'a body that only claims to be compressed': [
    (body) => body,
    { 'content-type': 'text/xml', 'content-encoding': 'br' },
    unspecified,
  ],
  'no message': [() => '', { 'content-type': 'text/xml' }, unspecified],
  'a message that is not SOAP': [() => '<x/>', { 'content-type': 'text/xml' }, unspecified],
  'two calls in one body': [
    (body) => body.replace('</soap:Body>', '<x/></soap:Body>'),
    { 'content-type': 'text/xml' },
    unspecified,
  ],
  'an operation of nobody': [
    (body) => body.replaceAll(/AcquireLicense(?=[ >])/g, 'AcquireEverything'),
    { 'content-type': 'text/xml' },
    faultNames.invalidOperation,
  ],
  'no licence at all': [
    (body) => body.replace(/<IssuanceLicense>.*<\/IssuanceLicense>/s, ''),
    { 'content-type': 'text/xml' },
    faultNames.argumentNull,
  ],
  'a version that is none': [
    (body) => body.replace('<MinimumVersion>1.0.0.0', '<MinimumVersion>one'),
    { 'content-type': 'text/xml' },
    faultNames.malformedDataVersion,
  ],
  'a minimum above the maximum': [
    (body) => body.replace('<MinimumVersion>1.0.0.0', '<MinimumVersion>1.1.0.0'),
    { 'content-type': 'text/xml' },
    faultNames.malformedDataVersion,
  ],
  'a version of the future': [
    (body) => body.replace('<MaximumVersion>1.0.0.0', '<MaximumVersion>9.0.0.0'),
    { 'content-type': 'text/xml' },
    faultNames.unsupportedDataVersion,
  ],
  'the version header of another service': [
    (body) =>
      body.replace(
        '<VersionData xmlns="http://microsoft.com/DRM/LicensingService">',
        '<VersionData xmlns="http://microsoft.com/DRM/PublishingService">',
      ),
    { 'content-type': 'text/xml' },
    faultNames.malformedDataVersion,
  ],
}

for (const [name, [change, headers, fault]] of Object.entries(contradictions)) {
  test(`refuses ${name} with a fault`, async () => {
    const { body } = call()
    const changed = change(body)
    if (typeof changed === 'string' && changed === body) assert.notDeepEqual(headers, { 'content-type': 'text/xml' })
    const answer = await send(Buffer.from(changed as string), headers)
    assert.equal(answer.status, 500)
    assert.equal(answer.fault, fault)
  })
}

test('an operation of another service is refused on this path', async () => {
  const { fault } = await send(Buffer.from(call().body), undefined, '/_wmcs/licensing/publish.asmx')
  assert.equal(fault, faultNames.invalidOperation)
})

test('an address of no service answers with a fault', async () => {
  const answer = await send(Buffer.from(call().body), undefined, '/_wmcs/licensing/unknown.asmx')
  assert.equal(answer.status, 404)
  assert.equal(answer.fault, faultNames.unspecifiedError)
})
