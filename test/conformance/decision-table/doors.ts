/**
 * Every door through which somebody asks whether a document can be opened, with one form of answer: the rights that are
 * granted, or why not in the words of the catalogue.
 */
import { findUseLicense, licenseDocument, readPublishedLicense, type StoredIdentity } from '@sealward/client'
import {
  operationUrl,
  parseFaultString,
  parseProblem,
  readSoapAnswer,
  writeSoapCall,
  type SoapRequestOf,
} from '@sealward/protocol'
import { isRightsError, parseUseLicense, parseXrml } from '@sealward/xrml'
import type { Outcome } from './model.ts'
import type { Actor } from './people.ts'
import type { Asker, DecisionScene } from './scene.ts'

/** What a service can be told besides the people and the policy of a case. */
export type Circumstance = 'account key excluded' | 'machine excluded'

export interface DecisionDoor {
  /** How the door spells an outcome of the model; what is not listed has its own name. */
  readonly spelling: Readonly<Record<string, string>>
  /** What the door cannot be asked, and why. */
  readonly gaps: Partial<Record<Actor | Circumstance, string>>
  readonly ask: (scene: DecisionScene, asker: Asker, license: readonly string[]) => Promise<Outcome>
}

const ofOtherServices = {
  fritz: 'people of other services have no entry in the directory of this one',
  stranger: 'people of other services have no entry in the directory of this one',
}
const noCertificate = 'the door is asked without an account certificate, and so without its key and its machine'
const withoutCertificate = { 'account key excluded': noCertificate, 'machine excluded': noCertificate }

export const doorTable = {
  AcquireLicense: {
    // The protocol has no word for what is not valid yet.
    spelling: { 'not-yet-valid': 'no-rights' },
    gaps: {},
    async ask({ lakeside }, { accountChain }, license) {
      const request = { licenseeCertificates: accountChain, issuanceLicense: license }
      const answer = await callSoap(lakeside.url, 'AcquireLicense', { requests: [request] })
      if (answer.kind === 'fault') return codeIn(answer.fault.message)
      const [given] = answer.response.responses
      if (given?.outcome !== 'licensed') throw new Error('one request has no exception')
      return rightsOf(given.certificateChain[0])
    },
  },
  AcquirePreLicense: {
    spelling: { 'not-yet-valid': 'no-rights', 'user-not-in-directory': 'pre-license-recipient-unknown' },
    gaps: { ...ofOtherServices, ...withoutCertificate },
    async ask({ lakeside, relayToken }, { address }, license) {
      const request = { licenseeIdentities: [address], issuanceLicense: license }
      const answer = await callSoap(lakeside.url, 'AcquirePreLicense', { requests: [request] }, relayToken)
      if (answer.kind === 'fault') return codeIn(answer.fault.message)
      const [outcome] = answer.response.responses[0]?.outcomes ?? []
      if (outcome?.outcome === 'refused') return codeIn(parseFaultString(outcome.exceptionString).message)
      return rightsOf(outcome?.license)
    },
  },
  'end-user licences': {
    spelling: {
      'no-rights': 'AccessDenied',
      'not-yet-valid': 'AccessDenied',
      'content-expired': 'ContentExpired',
      'account-excluded': 'AccessDenied',
      'content-revoked': 'AccessDenied',
      'key-transplant-refused': 'AccessDenied',
      // They do not even sign in.
      'user-disabled': 'credentials-refused',
      'user-not-in-directory': 'credentials-refused',
    },
    gaps: { ...ofOtherServices, ...withoutCertificate },
    async ask({ lakeside }, { token = '' }, license) {
      const bytes = Buffer.from(`\ufeff${license.join('')}`, 'utf16le')
      const body = { SerializedPublishingLicense: bytes.toString('base64') }
      const { status, text } = await post(`${lakeside.url}/my/v2/enduserlicenses`, token, body)
      if (status !== 200) return codeIn(parseProblem(text).message)
      const answer = JSON.parse(text) as { readonly AccessStatus: string; readonly Rights: readonly string[] | null }
      return answer.AccessStatus === 'AccessGranted' ? granted(answer.Rights ?? []) : answer.AccessStatus
    },
  },
  'the preview': {
    spelling: {},
    gaps: { ...ofOtherServices, ...withoutCertificate },
    ask: ({ lakeside }, { address }, license) => askAdministration(lakeside, 'decide', address, license),
  },
  'the explanation': {
    spelling: { 'not-yet-valid': 'no-rights' },
    gaps: { ...ofOtherServices, ...withoutCertificate },
    ask: ({ lakeside }, { address }, license) => askAdministration(lakeside, 'decide/explain', address, license),
  },
} as const satisfies Record<string, DecisionDoor>
export type DoorName = keyof typeof doorTable

/** What nobody asks at any door of this table, and why. */
export const unasked: Readonly<Record<string, string>> = {
  'a person without mail address':
    'the directory file takes nobody without one; packages/service/src/core/certify.test.ts shows who is refused',
  'a tenant that was never activated':
    'nothing was published with it that could be opened; packages/service/src/http/states.test.ts shows its doors',
  'an excluded program or system':
    'the service writes them into licences for Windows clients to obey; packages/service/src/http/exclusion.test.ts shows it',
  'exclusion of who kept a licence':
    'a client keeps no list of exclusions: what it has opens until it ends, as kept-licences.test.ts shows',
}

/** How the client spells an outcome of the model when it asks the service. */
export const clientSpelling: Readonly<Record<string, string>> = {
  'not-yet-valid': 'no-rights',
  'tenant-disabled': 'tenant-not-enabled',
  // To the client, which may be the forger's, the service gives no reason.
  'key-transplant-refused': 'no-rights',
}

/** The client as it decides itself: what it keeps, else the service. @param wanted as programs ask for one right */
export async function askClient(
  { client }: Pick<Asker, 'client'>,
  license: readonly string[],
  wanted: readonly string[] = [],
): Promise<Outcome> {
  try {
    const licenseText = license.join('')
    const content = { format: 'pfile', licenseText, licenseBytes: Buffer.from(licenseText, 'utf8') } as const
    return granted((await licenseDocument(client, content, wanted)).rights)
  } catch (error) {
    if (isRightsError(error)) return error.code
    throw error
  }
}

/** What an explanation says that a client of this user keeps, looked at without opening anything. */
export function keptRights(identity: StoredIdentity, license: readonly string[], now: Date): Outcome | undefined {
  const { rights = [] } = findUseLicense(identity, readPublishedLicense(license.join('')), now) ?? {}
  return rights.length === 0 ? undefined : granted(rights)
}

interface Addressed {
  readonly url: string
  readonly adminToken: string
}

async function askAdministration(
  { url, adminToken }: Addressed,
  path: string,
  address: string,
  license: readonly string[],
): Promise<Outcome> {
  const { status, text } = await post(`${url}/admin/v1/${path}`, adminToken, { serialized: license.join(''), address })
  const answer = JSON.parse(text) as {
    readonly granted?: boolean
    readonly rights?: readonly string[]
    readonly reason?: string
  }
  return answer.granted === true ? granted(answer.rights ?? []) : (answer.reason ?? `status ${status}`)
}

async function post(url: string, token: string, body: object) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: answer.status, text: await answer.text() }
}

async function callSoap<Name extends 'AcquireLicense' | 'AcquirePreLicense'>(
  url: string,
  operation: Name,
  request: SoapRequestOf<Name>,
  token?: string,
) {
  const { headers, body } = writeSoapCall(operation, request)
  const answer = await fetch(operationUrl(`${url}/_wmcs/licensing`, operation), {
    method: 'POST',
    headers: {
      'content-type': headers.contentType,
      ...(headers.soapAction === undefined ? {} : { soapaction: headers.soapAction }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body,
  })
  return readSoapAnswer(operation, Buffer.from(await answer.arrayBuffer()))
}

function rightsOf(useLicense = ''): Outcome {
  return granted(parseUseLicense(parseXrml(useLicense)).rights.map(({ right }) => right))
}

/** Every right that is there, as often as it is there. */
function granted(rights: readonly string[]): Outcome {
  return `granted ${[...rights].sort().join(' ')}`
}

/** Our texts for strangers name the code in brackets. */
function codeIn(message: string): string {
  return /\[([a-z0-9-]+)\]/.exec(message)?.[1] ?? message
}
