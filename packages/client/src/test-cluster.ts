/** A small cluster for the tests of this package: both doors over HTTP on loopback, answered with the real languages. */
import { createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  matchEndpoint,
  matchRestTarget,
  parseEndUserLicenseRequest,
  parsePublishingLicenseRequest,
  readSoapCall,
  serializeLicense,
  servicesAt,
  writeChallenge,
  writeDiscovery,
  writeEndUserLicenseResponse,
  writeFault,
  writePublishingLicenseResponse,
  writeSoapAnswer,
  writeSoapHeaders,
  writeTemplates,
  faultNames,
  problemNames,
  writeProblem,
  type FaultName,
  type SoapCall,
} from '@sealward/protocol'
import {
  decide,
  decodeBase64,
  element,
  errorCatalogue,
  issueAccountCertificate,
  issueCertificate,
  issueClientLicensorCertificate,
  issueMachineCertificate,
  issueRightsTemplate,
  issueUseLicense,
  openPublishingLicense,
  parseAccountCertificate,
  parseIssuingCertificate,
  parseMachineCertificate,
  parsePublishingLicense,
  parseXrml,
  parseXrmlChain,
  publicKeyFromKeyObject,
  publicKeyFromModulus,
  rawElement,
  rootIssuer,
  signPublishingLicenseOnline,
  signXrml,
  softwareKeyHandle,
  writeAuthenticatedData,
  writeContentKey,
  writeObject,
  writeOwner,
  writeRightsData,
  type ErrorCode,
  type KeyHandle,
  type PublicKey,
  type PublishingLicense,
  type XrmlDocument,
} from '@sealward/xrml'

export interface TestCluster {
  readonly url: string
  /** Fingerprint of the root. */
  readonly anchor: string
  readonly templateId: string
  /** Requests so far, as `operation` or `METHOD resource`, with `!` for those with credentials. */
  readonly requests: string[]
  /** What the cluster takes for the present. */
  now: Date
  /** Why nobody may protect, if so. */
  refusing: 'service-read-only' | 'publishing-not-onboarded' | undefined
  /** REFRESH markup that use licences carry. */
  demanding: readonly string[]
  /** URLs of the clusters that certify, inside and outside, if this one only licenses. */
  certifiedBy: readonly [inside: string, outside?: string] | undefined
  close(): Promise<void>
}

export const testPassword = 'correct horse'
const templateId = '{8f3c1e6a-0b7f-4a57-9d1c-2f0f6f4b1a11}'
const distantRange = { from: new Date('2000-01-01T00:00Z'), until: new Date('2250-01-01T00:00Z') }
const day = 86_400_000

class Fault extends Error {
  readonly fault: FaultName
  readonly text: string | undefined
  readonly status: number
  constructor(fault: FaultName, text?: string, status = 500) {
    super(fault)
    this.fault = fault
    this.text = text
    this.status = status
  }
}

/** A token in the form that this cluster accepts. */
export function tokenOf(user: string): string {
  return Buffer.from(user).toString('base64url')
}

function newKey(bits = 2048): {
  readonly handle: KeyHandle
  readonly key: KeyObject
  readonly publicKey: PublicKey
} {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  return {
    handle: softwareKeyHandle(privateKey),
    key: privateKey,
    publicKey: publicKeyFromKeyObject(createPublicKey(privateKey)),
  }
}

function guid(): string {
  const hex = randomBytes(16).toString('hex')
  return `{${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')}}`
}

export async function startTestCluster(users: Readonly<Record<string, readonly string[]>>): Promise<TestCluster> {
  const root = newKey()
  const licensor = newKey()
  const kind = 'Server-Licensor-Certificate'
  const certificateText = await issueCertificate({
    kind,
    certificateId: guid(),
    issuedAt: new Date('2020-01-01T00:00Z'),
    issuer: rootIssuer('Lakeside root', root.publicKey),
    subject: { type: 'MS-DRM-Server', idType: 'MS-GUID', id: guid(), name: 'Lakeside' },
    subjectKey: licensor.publicKey,
    issueRange: distantRange,
    key: root.handle,
    hash: 'sha256',
  })
  const authority = {
    handle: licensor.handle,
    chain: [certificateText],
    certificate: parseIssuingCertificate(parseXrml(certificateText)),
  }
  const accountKeys = new Map(Object.keys(users).map((user) => [user, newKey()]))
  const requests: string[] = []
  const state: Pick<TestCluster, 'now' | 'refusing' | 'demanding' | 'certifiedBy'> = {
    now: new Date(),
    demanding: [],
    refusing: undefined,
    certifiedBy: undefined,
  }
  let url = ''
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(error instanceof Error ? error.stack : 'failed')
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Uint8Array[] = []
    for await (const piece of request) pieces.push(piece as Uint8Array)
    const body = Buffer.concat(pieces)
    const target = request.url ?? ''
    const { authorization = '' } = request.headers
    if (state.certifiedBy !== undefined && /^\/(?:_wmcs\/certification|sealward)\//.test(target)) {
      requests.push('404')
      response.writeHead(404).end()
      return
    }
    if (target === '/sealward/v1/machine') {
      requests.push('machine!')
      const key = publicKeyFromModulus(
        decodeBase64((JSON.parse(body.toString()) as { modulus: string }).modulus, 'key'),
      )
      const certificate = await issueMachineCertificate({
        certificateId: guid(),
        machineId: guid(),
        issuedAt: state.now,
        issuer: authority.certificate.principal,
        machineKey: key,
        key: authority.handle,
        hash: 'sha256',
      })
      response.end(JSON.stringify({ chain: [certificate, ...authority.chain] }))
      return
    }
    const endpoint = matchEndpoint(target)
    if (endpoint !== undefined) {
      const call = readSoapCall(body, { contentType: request.headers['content-type'] }, endpoint.service)
      requests.push(call.operation)
      const [user = '', password] = Buffer.from(authority64(authorization), 'base64').toString().split(':')
      if (password !== testPassword || users[user] === undefined) {
        response.writeHead(401).end()
        return
      }
      response.setHeader('content-type', writeSoapHeaders('1.1', '').contentType)
      try {
        response.end(await answerSoap(call, user))
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        response.writeHead(error.status).end(writeFault('1.1', error.fault, error.text))
      }
      return
    }
    const rest = matchRestTarget(target)
    if (rest === undefined) {
      response.writeHead(404).end()
      return
    }
    requests.push(`${request.method ?? ''} ${rest.resource}${authorization === '' ? '' : '!'}`)
    const user = Buffer.from(authorization.replace('Bearer ', ''), 'base64url').toString()
    if (users[user] === undefined) {
      const challenge = writeChallenge({ authorization: `${url}/authorize`, resource: 'api.rms.rest.com' })
      response.writeHead(401, { 'www-authenticate': challenge }).end()
      return
    }
    if (rest.resource === 'publishingLicenses' && state.refusing !== undefined) {
      const problem = { name: problemNames.serviceDisabled, message: refusalText(state.refusing) }
      response.writeHead(400).end(writeProblem(problem))
      return
    }
    response.end(await answerRest(rest.resource, body.toString(), user))
  }

  async function answerSoap(call: SoapCall, user: string): Promise<string> {
    const { handle, chain, certificate } = authority
    const licensing = `${url}/_wmcs/licensing`
    const common = { certificateId: guid(), issuedAt: state.now, licensor: certificate.principal, key: handle }
    switch (call.operation) {
      case 'GetLicensorCertificate':
        return writeSoapAnswer(call.operation, { certificateChain: chain }, '1.1')
      case 'Certify': {
        const account = accountKeys.get(user) ?? newKey()
        const [spc = ''] = call.request.machineCertificateChain
        const machine = parseMachineCertificate(parseXrml(spc))
        if (machine.issuer.publicKey.fingerprint !== licensor.publicKey.fingerprint) {
          throw new Fault(faultNames.verifyMachineCertificateChainFailed)
        }
        const rac = await issueAccountCertificate({
          ...common,
          validity: { from: new Date(state.now.getTime() - day), until: new Date(state.now.getTime() + 365 * day) },
          identity: { idType: 'Windows', id: `S-1-5-21-${user.length}`, address: user, aliases: users[user] ?? [] },
          accountPublicKey: account.publicKey,
          sealTo: { machine, accountKey: account.key },
          credentialType: 'Persistent',
          certificationUrl: `${url}/_wmcs/certification`,
          random: randomBytes,
        })
        return writeSoapAnswer(call.operation, { certificateChain: [rac, ...chain] }, '1.1')
      }
      case 'FindServiceLocationsForUser': {
        const [inside, outside] = state.certifiedBy ?? [`${url}/_wmcs/certification`]
        const urls = { CertificationInternalService: inside, CertificationService: outside }
        const locations = call.request.serviceTypes.map((type) => {
          const at = urls[type as keyof typeof urls]
          return at === undefined ? { type } : { type, url: at }
        })
        return writeSoapAnswer(call.operation, { locations }, '1.1')
      }
      case 'GetClientLicensorCert': {
        requirePublishing()
        const client = newKey()
        const clc = await issueClientLicensorCertificate({
          ...common,
          account: parseAccountCertificate(parseXrml(call.request.requests[0]?.personaCertificates[0] ?? '')),
          clientKey: client.key,
          clientPublicKey: client.publicKey,
          licensingUrl: licensing,
          random: randomBytes,
        })
        return writeSoapAnswer(call.operation, { responses: [{ certificateChain: [clc, ...chain] }] }, '1.1')
      }
      case 'AcquireLicense': {
        const [item] = call.request.requests
        const account = parseAccountCertificate(parseXrml(item?.licenseeCertificates[0] ?? ''))
        const license = parsePublishingLicense(parseXrml(item?.issuanceLicense[0] ?? ''))
        const { contentKey, policy, rights } = await rightsOf(license, account.addresses)
        const ul = await issueUseLicense({
          ...common,
          licenseId: guid(),
          account,
          publishingLicense: license,
          contentKey,
          rights,
          refresh: state.demanding,
          additions: writeAuthenticatedData('APPSPECIFIC', policy.applicationData),
          random: randomBytes,
        })
        return writeSoapAnswer(
          call.operation,
          { responses: [{ outcome: 'licensed', certificateChain: [ul, ...chain] }] },
          '1.1',
        )
      }
      case 'AcquireIssuanceLicense': {
        requirePublishing()
        const draft = parseXrml(call.request.requests[0]?.unsignedIssuanceLicense ?? '')
        const signed = await signDraft(draft)
        return writeSoapAnswer(call.operation, { responses: [{ certificateChain: [signed, ...chain] }] }, '1.1')
      }
      case 'AcquireTemplateInformation':
        return writeSoapAnswer(
          call.operation,
          { serverPublicKey: new Uint8Array(4), templates: [{ guid: templateId, hash: 'AAAA' }] },
          '1.1',
        )
      case 'AcquireTemplates':
        return writeSoapAnswer(
          call.operation,
          { templates: [{ guid: templateId, hash: 'AAAA', template: await template() }] },
          '1.1',
        )
      default:
        throw new Fault(faultNames.unspecifiedError)
    }
  }

  /** As the service does it: a web server whose file is denied, or a fault. */
  function requirePublishing(): void {
    const { refusing } = state
    if (refusing === undefined) return
    const status = refusing === 'service-read-only' ? 401 : 500
    throw new Fault(faultNames.unauthorizedAccess, refusalText(refusing), status)
  }

  function template(): Promise<string> {
    return issueRightsTemplate({
      id: templateId,
      names: [{ lcid: 1033, name: 'Staff only', description: 'For staff' }],
      grants: [{ to: 'bob@lakeside.example', rights: ['VIEW', 'PRINT'] }],
      applicationData: [{ name: 'NOLICCACHE', value: '1' }],
      issuedAt: new Date('2024-01-01T00:00Z'),
      licensor: authority.certificate.principal,
      publishingUrl: `${url}/_wmcs/licensing`,
      key: authority.handle,
    })
  }

  async function rightsOf(license: PublishingLicense, addresses: readonly string[]) {
    const { contentKey, policy } = await openPublishingLicense(license, authority.handle)
    const decision = decide({
      policy,
      principal: { addresses, sids: [], groups: [], superUser: false },
      owner: license.work.owner?.address,
      issuer: [],
      publishedAt: license.issuedAt,
      now: state.now,
    })
    if (!decision.granted) throw new Fault(faultNames.noRightsForRequestedPrincipal)
    return { contentKey, policy, rights: decision.rights }
  }

  /** Signs the draft as it is, with the server as issuer behind its time: enough for a client. */
  function signDraft(draft: XrmlDocument): Promise<string> {
    const at = draft.body.children.findIndex((child) => child.name === 'DISTRIBUTIONPOINT')
    const children = draft.body.children.map(rawElement)
    children.splice(at, 0, element('ISSUER', {}, authority.certificate.principal.content))
    const body = element('BODY', { type: 'Microsoft Rights Label', version: '3.0' }, ...children)
    return signXrml({ body, key: authority.handle, hash: 'sha256', order: 'server' })
  }

  async function answerRest(resource: string, body: string, user: string): Promise<string> {
    switch (resource) {
      case 'serviceDiscovery':
        return writeDiscovery(servicesAt(url, { offline: false }))
      case 'templates':
        return writeTemplates([{ id: templateId, name: 'Staff only', description: 'For staff' }])
      case 'publishingLicenses': {
        const { source, preferDeprecatedAlgorithms } = parsePublishingLicenseRequest(body)
        const mode = preferDeprecatedAlgorithms ? 'ecb' : 'cbc4k'
        const contentKey = writeContentKey(mode, randomBytes(preferDeprecatedAlgorithms ? 16 : 32))
        const owner = { idType: 'Windows', id: '', address: user }
        const contentId = guid()
        const grants =
          source.kind === 'template'
            ? []
            : source.policy.userRights.flatMap(({ users: to, rights }) => to.map((each) => ({ to: each, rights })))
        const text = await signPublishingLicenseOnline({
          issuedAt: state.now,
          licensingUrl: `${url}/_wmcs/licensing`,
          server: authority.certificate.principal,
          licensor: authority.certificate.principal,
          key: authority.handle,
          contentKey,
          work: element('WORK', {}, writeObject({ idType: 'MS-GUID', id: contentId }), writeOwner(owner)),
          rightsData: writeRightsData({ issuedAt: state.now, contentId, owner, names: [], grants }),
          random: randomBytes,
        })
        return writePublishingLicenseResponse({
          license: serializeLicense(text),
          key: { mode, key: contentKey.key },
          owner: user,
          signedApplicationData: new Map(),
          encryptedApplicationData: new Map(),
        })
      }
      default: {
        const [leaf] = parseXrmlChain(parseEndUserLicenseRequest(body).license.text)
        if (leaf === undefined) throw new Error('no licence')
        try {
          const { contentKey, rights } = await rightsOf(parsePublishingLicense(leaf), [user])
          const { mode, key } = contentKey
          return writeEndUserLicenseResponse({
            status: 'AccessGranted',
            key: { mode: mode === 'cbc4k-nopad' ? 'cbc4k' : mode, key },
            rights: rights.map(({ right }) => right),
            fromTemplate: false,
            allowOfflineAccess: false,
            signedApplicationData: new Map(),
            encryptedApplicationData: new Map(),
          })
        } catch (error) {
          if (error instanceof Fault) return writeEndUserLicenseResponse({ status: 'AccessDenied' })
          throw error
        }
      }
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(state, {
    url,
    anchor: root.publicKey.fingerprint,
    templateId,
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  })
}

function refusalText(code: ErrorCode): string {
  return `${errorCatalogue[code].cause} [${code}] (c-1)`
}

function authority64(header: string): string {
  return header.startsWith('Basic ') ? header.slice(6) : ''
}
