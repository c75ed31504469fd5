/**
 * An independent SOAP implementation, driven by the printed service descriptions and by those that we hand out, calls
 * every operation: it writes the calls that our reader reads, and reads the answers that our writer writes.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { child, children, descendant, readXml, type XmlElement } from '@sealward/xrml'
import { createClientAsync, type Client, type IHttpClient } from 'soap'
import { readSoapCall, writeSoapAnswer, writeSoapCall } from './call.ts'
import { accountCertificate, exampleRequests, exampleResponses, publishingLicense } from './example-messages.ts'
import { licensorCertificate } from './example-messages.ts'
import { faultNames, writeFault } from './fault.ts'
import { serviceTypes } from './operations/find-service-locations.ts'
import { soapOperationNames, soapOperations, type SoapOperationName } from './operations.ts'
import { writeServiceDescription } from './service-description.ts'
import { serviceNamespace } from './service.ts'

const project = join(import.meta.dirname, '../../../..')
const vectors = process.env['SEALWARD_VECTORS'] ?? join(project, '../shared/vectors')
const descriptions = join(vectors, '../spec/wsdl')
const absent = !existsSync(descriptions)
const skip = absent && process.env['CI'] !== 'true' ? `no service descriptions in ${descriptions}` : false

type Arguments = Readonly<Record<string, unknown>>
type Invoke = (parameters: Arguments) => Promise<readonly [result: unknown]>

const files: Readonly<Record<SoapOperationName, string>> = {
  AcquireContentKey: 'ms-rmsi-decommission.wsdl',
  AcquireIssuanceLicense: 'ms-rmpr-publish.wsdl',
  AcquireLicense: 'ms-rmpr-license.wsdl',
  AcquirePreLicense: 'ms-rmsi-license-prelicense.wsdl',
  AcquireTemplateInformation: 'ms-rmpr-templatedistribution.wsdl',
  AcquireTemplates: 'ms-rmpr-templatedistribution.wsdl',
  Certify: 'ms-rmpr-certification.wsdl',
  EditIssuanceLicense: 'ms-rmsi-editissuancelicense.wsdl',
  FindServiceLocations: 'ms-rmprs-server-findservicelocations.wsdl',
  FindServiceLocationsForUser: 'ms-rmpr-server.wsdl',
  GetClientLicensorCert: 'ms-rmpr-publish.wsdl',
  GetLicensorCertificate: 'ms-rmpr-server.wsdl',
  GetServerInfo: 'ms-rmpr-server.wsdl',
  IsPrincipalMemberOf: 'ms-rmprs-groupexpansion.wsdl',
  Precertify: 'ms-rmsi-precertification.wsdl',
  SubEnroll: 'ms-rmprs-subenroll.wsdl',
}

const inline = (...certificates: readonly string[]): Arguments => ({
  Certificate: certificates.map((certificate) => ({ $xml: certificate })),
})

/** The example requests in the terms of the service descriptions. */
const calls: Readonly<Record<SoapOperationName, Arguments>> = {
  AcquireContentKey: {
    paramsSoap: {
      AcquireContentKeyParams: [{ IssuanceLicense: inline(...exampleRequests.AcquireContentKey.issuanceLicense) }],
    },
  },
  AcquireIssuanceLicense: {
    RequestParams: { AcquireIssuanceLicenseParams: [{ UnsignedIssuanceLicense: { $xml: publishingLicense } }] },
  },
  AcquireLicense: {
    RequestParams: {
      AcquireLicenseParams: [
        {
          LicenseeCerts: inline(accountCertificate, licensorCertificate),
          IssuanceLicense: inline(...(exampleRequests.AcquireLicense.requests[0]?.issuanceLicense ?? [])),
          ApplicationData: { $xml: '<App version="1">x</App>' },
        },
      ],
    },
  },
  AcquirePreLicense: {
    RequestParams: {
      AcquirePreLicenseParams: [
        {
          LicenseeIdentities: { string: ['li.chen@lakeside.example', 'nobody@lakeside.example'] },
          IssuanceLicense: inline(publishingLicense),
        },
      ],
    },
  },
  AcquireTemplateInformation: {},
  AcquireTemplates: { guids: { string: exampleRequests.AcquireTemplates.guids } },
  Certify: {
    requestParams: {
      MachineCertificateChain: inline(accountCertificate, licensorCertificate),
      Persistent: true,
    },
  },
  EditIssuanceLicense: {
    RequestParams: {
      EditIssuanceLicenseParams: [
        { SignedIssuanceLicense: { $xml: publishingLicense }, UnsignedIssuanceLicense: { $xml: publishingLicense } },
      ],
    },
  },
  FindServiceLocations: {
    ServiceNames: { ServiceLocationRequest: [{ Type: 'LicensingInternalService' }, { Type: 'GroupExpansionService' }] },
  },
  FindServiceLocationsForUser: {
    ServiceNames: {
      ServiceLocationRequest: [{ Type: 'LicensingInternalService' }, { Type: 'LicensingService' }],
    },
  },
  GetClientLicensorCert: {
    RequestParams: {
      GetClientLicensorCertParams: [{ PersonaCerts: inline(accountCertificate, licensorCertificate) }],
    },
  },
  GetLicensorCertificate: {},
  GetServerInfo: {
    requests: {
      ServerInfoRequest: [{ Type: 'VersionInfo' }, { Type: 'ServerFeatureInfo', AdditionalInfo: 'a < b' }],
    },
  },
  IsPrincipalMemberOf: {
    principalName: 'li.chen@lakeside.example',
    principalCrossForest: 'li.chen@lakeside.example',
    targetGroups: { string: exampleRequests.IsPrincipalMemberOf.targetGroups },
    crossForestCallsSoFar: 2,
  },
  Precertify: {
    requestParams: {
      PrecertifyParams: [
        {
          UserName: 'li.chen@lakeside.example',
          Identification: { AuthenticationMode: 'Windows', Id: 'S-1-5-21-1-2-3-1104' },
        },
      ],
    },
  },
  SubEnroll: {
    oInput: {
      CertificatePublicKey: { aPublicKeyBytes: 'MAYCARECARE=', Guid: exampleRequests.SubEnroll.guid },
      EnrolleeInformation: {
        SKU: 'RMS 2.0',
        Version: '6.0.0.0',
        Name: 'Legal & more',
        URL: 'https://legal.lakeside.example/_wmcs',
      },
    },
  },
}

/** What the independent implementation must find in the example answers. */
const expectations: Readonly<Record<SoapOperationName, RegExp>> = {
  AcquireContentKey: /"ContentKey":"a2V5IG9mIGEgZG9jdW1lbnQ=","ContentKeyType":"AES"/,
  AcquireIssuanceLicense: /"AcquireIssuanceLicenseResponse":\[\{"CertificateChain":\{"Certificate":\[\{"XrML"/,
  AcquireLicense: /"XrML".*"ExceptionString":"A\.NoRightsForRequestedPrincipalException: no & no","batchindex":"1"/,
  AcquirePreLicense:
    /"Licenses":\{"Certificate":\[\{"XrML".*"ExceptionString":"A\.NoRights.*no & no".*\},"CertificateChain":\{"Certificate"/,
  AcquireTemplateInformation: /"ServerPublicKey":"MAMCARE=","GuidHashCount":1,"GuidHash":\[\{"Guid":"\{0f45fd50/,
  AcquireTemplates: /"Template":"<XrML xmlns=.*\\r\\n<XrML/,
  Certify: /"Quota":\{"Verified":true,"CurrentConsumption":5,"Maximum":10\}/,
  EditIssuanceLicense: /"CertificateChain":\{"Certificate":\[\{"XrML"/,
  FindServiceLocations: /"URL":"https:.*"URL":(""|null),"Type":"GroupExpansionService"/,
  FindServiceLocationsForUser: /"URL":"https:\/\/rms\.lakeside\.example\/_wmcs\/licensing","Type":"LicensingInternalS/,
  GetClientLicensorCert: /"GetClientLicensorCertResponse":\[\{"CertificateChain":\{"Certificate":\[\{"XrML"/,
  GetLicensorCertificate: /"CertificateChain":\{"Certificate":\[\{"XrML"/,
  IsPrincipalMemberOf: /"IsPrincipalMemberOfResult":true/,
  SubEnroll: /"LicensorCertificateChain":\{"string":\["<XrML xmlns=.*","<XrML version='1\.2'/,
  Precertify: /"PrecertifyResponse":\[\{"Certificate":\{"XrML"/,
  GetServerInfo: /"VersionInfo":\{"attributes":\{"Version":"6\.0\.0\.0"\}\}.*"Name":"GroupExpansionWebService"/,
}

type Exchange = (body: string, headers: Readonly<Record<string, string>>) => { status: number; body: string }

/** From where the description of an operation comes. */
const origins = {
  printed: (name: SoapOperationName) => readFileSync(join(descriptions, files[name]), 'utf8'),
  ours: (name: SoapOperationName) =>
    writeServiceDescription(soapOperations[name].service, 'https://rms.lakeside.example/_wmcs/x.asmx'),
} as const

type Origin = keyof typeof origins

async function clientFor(
  origin: Origin,
  name: SoapOperationName,
  soap12: boolean,
  exchange: Exchange,
): Promise<Client> {
  const request: IHttpClient['request'] = async (_url, data: unknown, callback, headers) => {
    const { status, body } = exchange(String(data), headers ?? {})
    callback(null, { status, headers: {} }, body)
    return {} as Awaited<ReturnType<IHttpClient['request']>>
  }
  const description = origin === 'ours' ? origins.ours(name) : join(descriptions, files[name])
  return createClientAsync(description, { httpClient: { request }, forceSoap12Headers: soap12 })
}

function invoke(client: Client, name: SoapOperationName): Promise<readonly [result: unknown]> {
  const method = (client as unknown as Readonly<Record<string, Invoke>>)[`${name}Async`]
  assert.ok(method !== undefined)
  return method(calls[name])
}

const variants = (['printed', 'ours'] as const).flatMap((origin) =>
  [false, true].map((soap12) => ({ origin, soap12, needs: origin === 'printed' ? { skip } : {} })),
)

for (const { origin, soap12, needs } of variants) {
  for (const name of soapOperationNames) {
    if (soap12 && soapOperations[name].firstSoapOnly === true) continue
    test(`${name} with a client generated from ${origin}, over SOAP ${soap12 ? '1.2' : '1.1'}`, needs, async () => {
      const { service, withoutVersionData } = soapOperations[name]
      let read: unknown
      const client = await clientFor(origin, name, soap12, (body, headers) => {
        const transport = { contentType: headers['Content-Type'], soapAction: headers['SOAPAction'] }
        const call = readSoapCall(Buffer.from(body, 'utf8'), transport, service)
        assert.equal(call.operation, name)
        assert.equal(call.soapVersion, soap12 ? '1.2' : '1.1')
        assert.equal(call.versions.maximum, withoutVersionData === true ? '1.0.0.0' : '1.1.0.0')
        read = call.request
        return { status: 200, body: writeSoapAnswer(name, exampleResponses[name], call.soapVersion) }
      })
      if (withoutVersionData !== true) {
        const versions = { MinimumVersion: '1.0.0.0', MaximumVersion: '1.1.0.0' }
        client.addSoapHeader({ VersionData: versions }, '', 'tns', serviceNamespace(service))
      }
      const [result] = await invoke(client, name)
      assert.deepEqual(read, exampleRequests[name])
      assert.match(JSON.stringify(result), expectations[name])
    })
  }
}

/** The messages of a description without its type names: `AcquireLicense(RequestParams?(…*))`. */
function outlineOf(description: string, element: string): string {
  const schema = descendant(readXml(description), 'types', 'schema')!
  const named = (kind: string, name: string | undefined): XmlElement | undefined =>
    children(schema, kind).find((one) => one.attributes.get('name') === name)
  const content = (one: XmlElement): string => {
    const type = one.attributes.get('type')
    // A text of a certain form, which its description imports from nowhere.
    if (type === 's1:guid') return 's:string'
    if (type?.startsWith('s:')) return type
    const local = type?.replace('tns:', '')
    const complex = child(one, 'complexType') ?? named('complexType', local)
    if (complex === undefined) {
      const simple = child(one, 'simpleType') ?? named('simpleType', local)
      return children(child(simple, 'restriction'), 'enumeration')
        .map((value) => value.attributes.get('value') ?? '')
        .toSorted((first, second) => first.localeCompare(second))
        .join('|')
    }
    if (descendant(complex, 'sequence', 'any') !== undefined) return 'any'
    return `(${children(child(complex, 'sequence'), 'element').map(member).join(' ')})`
  }
  const member = (one: XmlElement): string => {
    const times = `${one.attributes.get('minOccurs') ?? '1'}..${one.attributes.get('maxOccurs') ?? '1'}`
    return `${one.attributes.get('name')}[${times}]${content(one)}`
  }
  return content(named('element', element)!)
}

/** Defects of the printed descriptions, and one list that is never empty here. */
const corrected = (outline: string): string =>
  outline
    .replaceAll(
      /ActivationService[A-Za-z|]*ServerService/g,
      [...serviceTypes].toSorted((first, second) => first.localeCompare(second)).join('|'),
    )
    .replace('AcquireContentKeyResponse[1..unbounded]', 'AcquireContentKeyResponse[0..unbounded]')

for (const name of soapOperationNames) {
  test(`${name}: our description says what the printed one says`, { skip }, () => {
    for (const message of [name, `${name}Response`, 'VersionData']) {
      if (message === 'VersionData' && soapOperations[name].withoutVersionData === true) continue
      const printed = corrected(outlineOf(origins.printed(name), message))
      assert.equal(corrected(outlineOf(origins.ours(name), message)), printed)
    }
  })
}

test('a generated client takes our faults as faults', { skip }, async () => {
  const client = await clientFor('printed', 'AcquireLicense', false, () => ({
    status: 500,
    body: writeFault('1.1', faultNames.noRightsForRequestedPrincipal, 'none'),
  }))
  await assert.rejects(invoke(client, 'AcquireLicense'), /NoRightsForRequestedPrincipalException: none/)
})

/** Checks an element of ours against the sequence that its type prescribes; .NET readers insist on the order. */
function requireSequence(written: XmlElement, declaration: XmlElement, schema: XmlElement): void {
  const typeName = declaration.attributes.get('type')?.replace('tns:', '')
  const named = children(schema, 'complexType').find((type) => type.attributes.get('name') === typeName)
  const sequence = child(child(declaration, 'complexType') ?? named, 'sequence')
  if (child(sequence, 'any') !== undefined) return
  const declared = children(sequence, 'element')
  let at = 0
  for (const item of written.children) {
    const place = declared.findIndex((one, index) => index >= at && one.attributes.get('name') === item.local)
    assert.ok(place >= 0, `${item.local} does not belong here in ${written.local}`)
    const one = declared[place]!
    assert.equal(item.namespace, schema.attributes.get('targetNamespace'))
    requireSequence(item, one, schema)
    at = one.attributes.get('maxOccurs') === 'unbounded' ? place : place + 1
  }
  const required = declared.filter((one) => one.attributes.get('minOccurs') === '1')
  for (const one of required)
    assert.ok(child(written, one.attributes.get('name') ?? ''), `${written.local} is incomplete`)
}

for (const name of soapOperationNames) {
  test(`${name}: both messages have the elements of the service description, in its order`, { skip }, () => {
    const description = readXml(readFileSync(join(descriptions, files[name]), 'utf8'))
    const schema = descendant(description, 'types', 'schema')!
    const answer = writeSoapAnswer(name, exampleResponses[name], '1.1')
    for (const body of [writeSoapCall(name, exampleRequests[name]).body, answer]) {
      const written = descendant(readXml(body), 'Body')!.children[0]!
      const declaration = children(schema, 'element').find((one) => one.attributes.get('name') === written.local)!
      requireSequence(written, declaration, schema)
    }
  })
}
