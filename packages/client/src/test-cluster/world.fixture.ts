/** What a cluster of the tests is made of: its keys, its people, what it is told to do, and how it signs. */
import { createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { faultNames, type FaultName, type ServiceType } from '@sealward/protocol'
import {
  decide,
  element,
  errorCatalogue,
  issueCertificate,
  issueRightsTemplate,
  openPublishingLicense,
  parseIssuingCertificate,
  parseXrml,
  publicKeyFromKeyObject,
  rawElement,
  rootIssuer,
  signXrml,
  softwareKeyHandle,
  type ErrorCode,
  type IssuingCertificate,
  type KeyHandle,
  type PublicKey,
  type PublishingLicense,
  type XrmlDocument,
} from '@sealward/xrml'

/** What tests change while it runs. */
export interface ClusterState {
  /** What the cluster takes for the present. */
  now: Date
  /** Why nobody may protect, if so. */
  refusing: 'service-read-only' | 'publishing-not-onboarded' | undefined
  /** REFRESH markup that use licences carry. */
  demanding: readonly string[]
  /** URLs of the clusters that certify, inside and outside, if this one only licenses. */
  certifiedBy: readonly [inside: string, outside?: string] | undefined
  /** What its service locator names instead of its own services; undefined if it fails. */
  located: Readonly<Partial<Record<ServiceType, string>>> | undefined
  /** Licensing URLs that client licensor certificates carry, if not its own. */
  licensingUrls: readonly [inside: string, outside: string] | undefined
  /** Published templates: each is fetched anew where its hash is new. */
  templates: readonly ClusterTemplate[]
  /** Whoever signs for the list of templates. */
  serverPublicKey: Uint8Array
  /** GUIDs of the templates of each call that fetched some. */
  readonly templatesFetched: (readonly string[])[]
  /** Licences that came over REST, as they were sent. */
  readonly restLicenses: Uint8Array[]
}

export interface ClusterTemplate {
  readonly guid: string
  readonly name: string
  readonly hash: string
}

export interface ClusterWorld {
  /** People with their further addresses. */
  readonly users: Readonly<Record<string, readonly string[]>>
  readonly root: TestKey
  readonly licensor: TestKey
  readonly authority: Authority
  readonly accountKeys: ReadonlyMap<string, TestKey>
  readonly state: ClusterState
  /** Known once the cluster listens. */
  url: string
}

interface Authority {
  readonly handle: KeyHandle
  readonly chain: readonly string[]
  readonly certificate: IssuingCertificate
}

export interface TestKey {
  readonly handle: KeyHandle
  readonly key: KeyObject
  readonly publicKey: PublicKey
}

export const testPassword = 'correct horse'
export const templateId = '{8f3c1e6a-0b7f-4a57-9d1c-2f0f6f4b1a11}'
const distantRange = { from: new Date('2000-01-01T00:00Z'), until: new Date('2250-01-01T00:00Z') }

export class Fault extends Error {
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

export function newKey(): TestKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    handle: softwareKeyHandle(privateKey),
    key: privateKey,
    publicKey: publicKeyFromKeyObject(createPublicKey(privateKey)),
  }
}

export function guid(): string {
  const hex = randomBytes(16).toString('hex')
  return `{${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')}}`
}

export async function makeCluster(users: ClusterWorld['users']): Promise<ClusterWorld> {
  const root = newKey()
  const licensor = newKey()
  const certificateText = await issueCertificate({
    kind: 'Server-Licensor-Certificate',
    certificateId: guid(),
    issuedAt: new Date('2020-01-01T00:00Z'),
    issuer: rootIssuer('Lakeside root', root.publicKey),
    subject: { type: 'MS-DRM-Server', idType: 'MS-GUID', id: guid(), name: 'Lakeside' },
    subjectKey: licensor.publicKey,
    issueRange: distantRange,
    key: root.handle,
    hash: 'sha256',
  })
  const certificate = parseIssuingCertificate(parseXrml(certificateText))
  return {
    users,
    root,
    licensor,
    authority: { handle: licensor.handle, chain: [certificateText], certificate },
    accountKeys: new Map(Object.keys(users).map((user) => [user, newKey()])),
    state: {
      now: new Date(),
      demanding: [],
      refusing: undefined,
      certifiedBy: undefined,
      located: {},
      licensingUrls: undefined,
      templates: [{ guid: templateId, name: 'Staff only', hash: 'AAAA' }],
      serverPublicKey: new Uint8Array(4),
      templatesFetched: [],
      restLicenses: [],
    },
    url: '',
  }
}

/** As the service does it: a web server whose file is denied, or a fault. */
export function requirePublishing({ state: { refusing } }: ClusterWorld): void {
  if (refusing === undefined) return
  const status = refusing === 'service-read-only' ? 401 : 500
  throw new Fault(faultNames.unauthorizedAccess, refusalText(refusing), status)
}

export function signTemplate({ authority, url }: ClusterWorld, { guid: id, name }: ClusterTemplate): Promise<string> {
  return issueRightsTemplate({
    id,
    names: [{ lcid: 1033, name, description: 'For staff' }],
    grants: [{ to: 'bob@lakeside.example', rights: ['VIEW', 'PRINT'] }],
    applicationData: [{ name: 'NOLICCACHE', value: '1' }],
    issuedAt: new Date('2024-01-01T00:00Z'),
    licensor: authority.certificate.principal,
    publishingUrl: `${url}/_wmcs/licensing`,
    key: authority.handle,
  })
}

export async function rightsOf(
  { authority, state }: ClusterWorld,
  license: PublishingLicense,
  addresses: readonly string[],
) {
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
export function signDraft({ authority }: ClusterWorld, draft: XrmlDocument): Promise<string> {
  const at = draft.body.children.findIndex((child) => child.name === 'DISTRIBUTIONPOINT')
  const children = draft.body.children.map(rawElement)
  children.splice(at, 0, element('ISSUER', {}, authority.certificate.principal.content))
  const body = element('BODY', { type: 'Microsoft Rights Label', version: '3.0' }, ...children)
  return signXrml({ body, key: authority.handle, hash: 'sha256', order: 'server' })
}

export function refusalText(code: ErrorCode): string {
  return `${errorCatalogue[code].cause} [${code}] (c-1)`
}
