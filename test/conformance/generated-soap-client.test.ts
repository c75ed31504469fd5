/**
 * A client that others wrote, generated from the printed service descriptions, walks a user through the running service:
 * Certify, GetClientLicensorCert, AcquireLicense; and, last of all, AcquireContentKey of the decommissioned cluster. Certificates travel inline, in both encodings and with foreign line ends,
 * and every one must arrive as the characters that were signed.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createClientAsync, type IHttpClient } from 'soap'
import {
  openAccountKey,
  openClientLicensorKey,
  openPublishingLicense,
  openUseLicense,
  parseAccountCertificate,
  parseClientLicensorCertificate,
  parsePublishingLicense,
  parseUseLicense,
  parseXrml,
  signXrml,
  softwareKeyHandle,
  verifySignature,
} from '@sealward/xrml'
import type { SampleDesk } from '@sealward/sample'
import { operate } from '@sealward/service'
import { openLakeside, type Lakeside } from '../scenarios/lakeside.ts'
import { serviceDescription, serviceDescriptionsMissing } from '../vectors.ts'

const skip = serviceDescriptionsMissing
const anna = 'anna.berg@lakeside.example'

/** How a message is spelled on the wire. */
interface Spelling {
  readonly name: string
  /** Within the signed text of a licence; a message whose own line ends are changed keeps no difference between them. */
  readonly lineEnd: '\n' | '\r\n'
  readonly contentType: string
  encode(body: string): Uint8Array
}

const spellings: readonly Spelling[] = [
  {
    name: 'UTF-8',
    lineEnd: '\r\n',
    contentType: 'text/xml; charset=utf-8',
    encode: (body) => Buffer.from(body),
  },
  {
    name: 'UTF-8 with a byte order mark',
    lineEnd: '\r\n',
    contentType: 'text/xml; charset=utf-8',
    encode: (body) => Buffer.from(`\uFEFF${body}`),
  },
  {
    name: 'UTF-16 with a byte order mark',
    lineEnd: '\r\n',
    contentType: 'text/xml; charset=utf-16',
    encode: (body) => Buffer.from(`\uFEFF${body.replace('encoding="utf-8"', 'encoding="utf-16"')}`, 'utf16le'),
  },
  {
    name: 'UTF-8 with CRLF line ends',
    lineEnd: '\n',
    contentType: 'text/xml; charset=utf-8',
    encode: (body) => Buffer.from(body.replaceAll('\n', '\r\n').replace('<soap:Body>', '<soap:Body>\r\n')),
  },
]

let lakeside: Lakeside
before(async () => {
  if (skip === false) lakeside = await openLakeside()
})
after(async () => {
  if (skip === false) await lakeside.close()
})

type Call = (file: string, path: string, operation: string, parameters: object) => Promise<string>

/** The generated client writes the message; only its bytes on the wire are ours to spell. */
function session(spelling: Spelling): Call {
  return async (file, path, operation, parameters) => {
    let answer = ''
    const request: IHttpClient['request'] = async (url, data: unknown, callback, headers) => {
      const response = await fetch(url, {
        method: 'POST',
        body: Buffer.from(spelling.encode(String(data))),
        headers: {
          'content-type': spelling.contentType,
          soapaction: String(headers?.['SOAPAction']),
          authorization: `Basic ${Buffer.from(`${anna}:${lakeside.password(anna)}`).toString('base64')}`,
        },
      })
      answer = await response.text()
      callback(null, { status: response.status, headers: {} }, answer)
      return {} as Awaited<ReturnType<IHttpClient['request']>>
    }
    const client = await createClientAsync(serviceDescription(file), {
      httpClient: { request },
      endpoint: `${lakeside.url}${path}`,
    })
    const method = (client as unknown as Record<string, (parameters: object) => Promise<unknown>>)[`${operation}Async`]
    assert.ok(method !== undefined)
    await method(parameters)
    return answer
  }
}

function inline(certificates: readonly string[]): object {
  return { Certificate: certificates.map((text) => ({ $xml: text })) }
}

/** The licence with both spellings of an empty element and line ends between them, signed anew by its desk. */
async function spelledLicense(license: string, desk: SampleDesk, lineEnd: Spelling['lineEnd']): Promise<string> {
  const elements = ['<AUTHENTICATEDDATA id="One"></AUTHENTICATEDDATA>', '<AUTHENTICATEDDATA id="Two" />', '</BODY>']
  const body = parseXrml(license).bodyText.replace(/<\/BODY>$/, elements.join(lineEnd))
  return signXrml({ body, key: desk.licensorKey.handle, hash: 'sha1', order: 'client' })
}

/** Cut out with nothing of ours: whatever stands between the tags. */
function certificatesIn(answer: string): readonly string[] {
  return [...answer.matchAll(/<XrML[ >][^]*?<\/XrML>/g)].map(([text]) => text)
}

for (const spelling of spellings) {
  test(`Certify, GetClientLicensorCert and AcquireLicense in ${spelling.name}`, { skip }, async () => {
    const call = session(spelling)
    const { organisation } = lakeside.sample
    const { machine } = organisation.hierarchies.mode2

    const certified = await call('ms-rmpr-certification.wsdl', '/_wmcs/Certification/Certification.asmx', 'Certify', {
      requestParams: { MachineCertificateChain: inline(machine.chain), Persistent: true },
    })
    const accountChain = certificatesIn(certified)
    for (const text of accountChain) verifySignature(parseXrml(text))
    const account = parseAccountCertificate(parseXrml(accountChain[0] ?? ''))
    assert.deepEqual([...account.addresses], [anna])
    const accountKey = softwareKeyHandle(await openAccountKey(account, machine.key.handle))

    const licensed = await call('ms-rmpr-publish.wsdl', '/_wmcs/licensing/publish.asmx', 'GetClientLicensorCert', {
      RequestParams: { GetClientLicensorCertParams: [{ PersonaCerts: inline(accountChain) }] },
    })
    const clientLicensor = parseClientLicensorCertificate(parseXrml(certificatesIn(licensed)[0] ?? ''))
    await openClientLicensorKey(clientLicensor, accountKey)

    // Published ten years ago under the Mode 1 key of a cluster that is gone; licensed now by the Mode 2 service.
    const template = { kind: 'template', template: 'old-finance', edition: 'current' } as const
    const old = await organisation.protectDocument({
      desk: 'anna-2009',
      policy: template,
      content: Buffer.from('PK old figures'),
    })
    const { lineEnd } = spelling
    const license = await spelledLicense(old.licenses[0] ?? '', organisation.desks['anna-2009'], lineEnd)
    for (const part of ['></AUTHENTICATEDDATA>', ' />', `${lineEnd}<`]) assert.ok(license.includes(part), part)
    const publishing = parsePublishingLicense(parseXrml(license))
    assert.equal(publishing.server.publicKey.bits, 1024)
    const acquired = await call('ms-rmpr-license.wsdl', '/_wmcs/licensing/License.asmx', 'AcquireLicense', {
      RequestParams: {
        AcquireLicenseParams: [
          { LicenseeCerts: inline(accountChain), IssuanceLicense: inline([license, ...old.licenses.slice(1, 2)]) },
        ],
      },
    })
    const [useText = '', licensorText = ''] = certificatesIn(acquired)
    const use = parseUseLicense(parseXrml(useText))
    verifySignature(use.document)
    assert.equal(use.issuer.publicKey.fingerprint, organisation.keyOf('rms').publicKey.fingerprint)
    assert.equal(parseXrml(licensorText).type, 'server-licensor-certificate')
    const sealed = await openPublishingLicense(publishing, organisation.keyOf('rms-old'))
    const delivered = await openUseLicense(use, accountKey)
    assert.deepEqual(
      Buffer.from(delivered.payload),
      Buffer.from(sealed.contentKey.payload),
      'header and key, byte for byte',
    )
  })
}

test('AcquireContentKey of the decommissioned cluster in every spelling', { skip }, async () => {
  const { organisation } = lakeside.sample
  const { licenses } = await organisation.protectDocument({
    desk: 'anna-2009',
    policy: { kind: 'template', template: 'old-finance', edition: 'current' },
    content: Buffer.from('PK old figures'),
  })
  const publishing = parsePublishingLicense(parseXrml(licenses[0] ?? ''))
  const { contentKey } = await openPublishingLicense(publishing, organisation.keyOf('rms-old'))
  const ask = (spelling: Spelling, issuanceLicense = licenses.slice(0, 2)) =>
    session(spelling)(
      'ms-rmsi-decommission.wsdl',
      '/_wmcs/decommission/decommission.asmx',
      'AcquireContentKey',
      // Of several licences the first one counts.
      {
        paramsSoap: {
          AcquireContentKeyParams: [
            { IssuanceLicense: inline(issuanceLicense) },
            { IssuanceLicense: inline(['<XrML />']) },
          ],
        },
      },
    )
  const administer = (...[name, input]: [Parameters<typeof operate>[1], Parameters<typeof operate>[2]]) => {
    const service = lakeside.service()
    return operate({ administration: service.administration('ines'), core: service.context }, name, input)
  }
  const [utf8] = spellings
  assert.ok(utf8 !== undefined)
  await assert.rejects(ask(utf8), /Microsoft\.DigitalRightsManagement\.Utilities\.ClusterNotDecommissionedException/)
  await administer('setState', { body: { state: 'decommissioned', force: true } })
  await assert.rejects(ask(utf8), /System\.UnauthorizedAccessException/)
  await administer('admit', { parameters: { door: 'decommissioning' }, body: { member: anna } })
  for (const spelling of spellings) {
    const answer = await ask(spelling)
    assert.match(answer, /<ContentKeyType>AES<\/ContentKeyType>/, spelling.name)
    const [, key = ''] = /<ContentKey>([^<]+)<\/ContentKey>/.exec(answer) ?? []
    assert.deepEqual(Buffer.from(key, 'base64'), Buffer.from(contentKey.payload), spelling.name)
  }
  // The plant's key was never exported.
  const foreign = await organisation.protectDocument({ desk: 'david-2015', content: Buffer.from('PK shift plan') })
  await assert.rejects(
    ask(utf8, foreign.licenses.slice(0, 2)),
    /Microsoft\.DigitalRightsManagement\.Licensing\.UnsignedIssuanceLicenseNoMatchingIssuedPrincipalException/,
  )
})
