/** A rights management client in a few lines, for tests of the doors: it calls a server that does not listen. */
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import {
  decommissionUrl,
  operationUrl,
  readSoapAnswer,
  writeSoapCall,
  type SoapAnswer,
  type SoapOperationName,
  type SoapRequestOf,
  type SoapResponseOf,
  type SoapVersion,
} from '@sealward/protocol'
import {
  element,
  openAccountKey,
  openClientLicensorKey,
  parseAccountCertificate,
  parseClientLicensorCertificate,
  parseXrml,
  signPublishingLicenseOffline,
  softwareKeyHandle,
  textElement,
  writeContentKey,
  writeOwner,
  writePublishingLicenseDraft,
  writeRightsData,
  type ContentKey,
  type KeyedPrincipal,
  type KeyHandle,
  type PublishingLicenseParts,
} from '@sealward/xrml'
import { addressOf, publicUrl, testTime, type Person, type TestOrganisation } from './test-organisation.ts'

const licensingUrl = `${publicUrl}/_wmcs/licensing`
const certificationUrl = `${publicUrl}/_wmcs/certification`

const directories: Partial<Record<SoapOperationName, string>> = {
  Certify: certificationUrl,
  AcquireContentKey: decommissionUrl(licensingUrl),
}

export interface SoapOptions {
  readonly soapVersion?: SoapVersion
  readonly authorization?: string
}

export async function soap<Name extends SoapOperationName>(
  server: FastifyInstance,
  name: Name,
  request: SoapRequestOf<Name>,
  { soapVersion = '1.1', authorization }: SoapOptions = {},
): Promise<SoapAnswer<SoapResponseOf<Name>> & { readonly status: number }> {
  const { headers, body } = writeSoapCall(name, request, { soapVersion })
  const directory = directories[name] ?? licensingUrl
  const response = await server.inject({
    method: 'POST',
    url: new URL(operationUrl(directory, name)).pathname,
    headers: {
      'content-type': headers.contentType,
      ...(headers.soapAction === undefined ? {} : { soapaction: headers.soapAction }),
      ...(authorization === undefined ? {} : { authorization }),
    },
    payload: Buffer.from(body, 'utf8'),
  })
  return { ...readSoapAnswer(name, response.rawPayload), status: response.statusCode }
}

/** The response, or an error with the fault. */
export async function soapResponse<Name extends SoapOperationName>(
  server: FastifyInstance,
  name: Name,
  request: SoapRequestOf<Name>,
  options: SoapOptions = {},
): Promise<SoapResponseOf<Name>> {
  const answer = await soap(server, name, request, options)
  if (answer.kind === 'fault') throw new Error(`${answer.fault.full}: ${answer.fault.message}`)
  return answer.response
}

export interface TestClient {
  readonly person: Person
  readonly machineChain: readonly string[]
  readonly accountChain: readonly string[]
  readonly accountKey: KeyHandle
  readonly licensorChain: readonly string[]
  readonly licensorKey: KeyHandle
}

/** Enrolment, Certify and GetClientLicensorCert. */
export async function bootstrap(
  organisation: TestOrganisation,
  server: FastifyInstance,
  person: Person,
): Promise<TestClient> {
  const machine = softwareKeyHandle(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)
  const enrolled = await server.inject({
    method: 'POST',
    url: '/sealward/v1/machine',
    headers: { 'content-type': 'application/json', authorization: await organisation.bearer(person) },
    payload: JSON.stringify({ modulus: Buffer.from(machine.publicKey.modulus).toString('base64') }),
  })
  const { chain: machineChain } = enrolled.json<{ chain: readonly string[] }>()
  const authorization = organisation.basic(person)
  const certified = await soapResponse(
    server,
    'Certify',
    { machineCertificateChain: machineChain, persistent: true },
    { authorization },
  )
  const accountChain = certified.certificateChain
  const account = parseAccountCertificate(parseXrml(accountChain[0] ?? ''))
  const accountKey = softwareKeyHandle(await openAccountKey(account, machine))
  const { responses } = await soapResponse(server, 'GetClientLicensorCert', {
    requests: [{ personaCertificates: accountChain }],
  })
  const licensorChain = responses[0]?.certificateChain ?? []
  const licensor = parseClientLicensorCertificate(parseXrml(licensorChain[0] ?? ''))
  const licensorKey = softwareKeyHandle(await openClientLicensorKey(licensor, accountKey))
  return { person, machineChain, accountChain, accountKey, licensorChain, licensorKey }
}

export interface TestDocument {
  readonly contentKey: ContentKey
  /** The publishing licence, and the certificate that signed it. */
  readonly chain: readonly string[]
}

/**
 * A document of the client's user in which bob may read.
 * @param additions markup to be signed along, in any spelling
 */
export async function publishOffline(client: TestClient, additions = ''): Promise<TestDocument> {
  const licensor = parseClientLicensorCertificate(parseXrml(client.licensorChain[0] ?? ''))
  const parts = licenseParts(licensor.issuer, client.person)
  const license = await signPublishingLicenseOffline({
    ...parts,
    additions,
    licensor: licensor.principal,
    key: client.licensorKey,
    clientVersion: '1.0.0.0',
  })
  return { contentKey: parts.contentKey, chain: [license, ...client.licensorChain.slice(0, 1)] }
}

/** A licence to be signed by the service. */
export function draftFor(client: TestClient): { readonly contentKey: ContentKey; readonly draft: string } {
  const licensor = parseClientLicensorCertificate(parseXrml(client.licensorChain[0] ?? ''))
  const parts = licenseParts(licensor.issuer, client.person)
  return { contentKey: parts.contentKey, draft: writePublishingLicenseDraft(parts) }
}

function licenseParts(server: KeyedPrincipal, person: Person): PublishingLicenseParts {
  const contentId = `{${randomUUID()}}`
  const owner = { idType: 'Windows' as const, id: '', address: addressOf(person) }
  return {
    issuedAt: testTime,
    licensingUrl,
    server,
    contentKey: writeContentKey('cbc4k', randomBytes(32)),
    work: element(
      'WORK',
      {},
      element('OBJECT', {}, textElement('ID', { type: 'MS-GUID' }, contentId)),
      writeOwner(owner),
    ),
    rightsData: writeRightsData({
      issuedAt: testTime,
      contentId,
      owner,
      names: [],
      grants: [{ to: addressOf('bob'), rights: ['VIEW'] }],
    }),
    random: randomBytes,
  }
}
