/** A rights management client in a few lines, for tests of the doors: it calls a server that does not listen. */
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import {
  decommissionUrl,
  operationUrl,
  readSoapAnswer,
  soapOperations,
  writeSoapCall,
  type SoapAnswer,
  type SoapOperationName,
  type SoapRequestOf,
  type SoapResponseOf,
  type SoapService,
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
  type RightsDataInput,
} from '@sealward/xrml'
import { addressOf, publicUrl, testTime, type Person, type TestOrganisation } from './test-organisation.ts'

const licensingUrl = `${publicUrl}/_wmcs/licensing`

/** Where the services are that are not licensing. */
const directories: Partial<Record<SoapService, string>> = {
  CertificationService: `${publicUrl}/_wmcs/certification`,
  SubEnrollmentService: `${publicUrl}/_wmcs/certification`,
  DecommissionService: decommissionUrl(licensingUrl),
  GroupExpansionWebService: `${publicUrl}/_wmcs/groupexpansion`,
}

export interface SoapOptions {
  readonly soapVersion?: SoapVersion
  readonly authorization?: string
  /** Instead of the file that the operation's clients call. */
  readonly file?: string
}

export async function soap<Name extends SoapOperationName>(
  server: FastifyInstance,
  name: Name,
  request: SoapRequestOf<Name>,
  { soapVersion = '1.1', authorization, file }: SoapOptions = {},
): Promise<SoapAnswer<SoapResponseOf<Name>> & { readonly status: number }> {
  const { headers, body } = writeSoapCall(name, request, { soapVersion })
  const directory = directories[soapOperations[name].service] ?? licensingUrl
  const response = await server.inject({
    method: 'POST',
    url:
      file === undefined ? new URL(operationUrl(directory, name)).pathname : new URL(`${directory}/${file}`).pathname,
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

export interface DraftOptions {
  /** GUID in braces; a new one without it. */
  readonly contentId?: string
  readonly policy?: Partial<RightsDataInput>
  /** Address; the client's user without it. */
  readonly owner?: string
}

/** A licence to be signed by the service. */
export function draftFor(
  client: TestClient,
  options: DraftOptions = {},
): { readonly contentKey: ContentKey; readonly draft: string } {
  const licensor = parseClientLicensorCertificate(parseXrml(client.licensorChain[0] ?? ''))
  const parts = licenseParts(licensor.issuer, client.person, options)
  return { contentKey: parts.contentKey, draft: writePublishingLicenseDraft(parts) }
}

/** A licence that its author lets servers edit, as the service signed it, and a draft with other people for it. */
export async function publishEditable(
  organisation: TestOrganisation,
  server: FastifyInstance,
  author: TestClient,
  policy: Partial<RightsDataInput> = { applicationData: [{ name: 'Allow_Server_Editing', value: 'True' }] },
): Promise<SoapRequestOf<'EditIssuanceLicense'>> {
  const authorization = organisation.basic(author.person)
  const contentId = `{${randomUUID()}}`
  const { responses } = await soapResponse(
    server,
    'AcquireIssuanceLicense',
    { requests: [{ unsignedIssuanceLicense: draftFor(author, { contentId, policy }).draft }] },
    { authorization },
  )
  const grants = [{ to: addressOf('carol'), rights: ['VIEW', 'PRINT'] }]
  return {
    signedIssuanceLicense: responses[0]?.certificateChain[0] ?? '',
    unsignedIssuanceLicense: draftFor(author, { contentId, policy: { grants } }).draft,
  }
}

function licenseParts(
  server: KeyedPrincipal,
  person: Person,
  { contentId = `{${randomUUID()}}`, policy = {}, owner: address = addressOf(person) }: DraftOptions = {},
): PublishingLicenseParts {
  const owner = { idType: 'Windows' as const, id: '', address }
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
      ...policy,
    }),
    random: randomBytes,
  }
}
