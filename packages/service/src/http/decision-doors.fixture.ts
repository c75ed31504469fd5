/**
 * For tests: every door through which somebody asks whether a document can be opened, with one form of answer: the rights
 * that are granted, or why not in the words of the catalogue.
 */
import type { FastifyInstance } from 'fastify'
import { parseFaultString, parseProblem } from '@sealward/protocol'
import { parseUseLicense, parseXrml } from '@sealward/xrml'
import { issueToken } from '../auth/local-token-issuer.ts'
import { at, type TestCluster } from '../core/cluster.fixture.ts'
import type { DirectoryUser } from '../core/ports.ts'
import type { Actor, Outcome } from './decision-model.fixture.ts'
import { soap } from './test-client.ts'

export interface Asker {
  readonly actor: Actor
  readonly user: DirectoryUser
  /** Of the account certificate. */
  readonly accountChain: readonly string[]
}

export interface Doors {
  readonly cluster: TestCluster
  readonly server: FastifyInstance
  /** Who may ask for licences of others. */
  readonly relay: DirectoryUser
  readonly adminToken: string
}

interface DecisionDoor {
  /** How the door spells an outcome of the model; what is not listed has its own name. */
  readonly spelling: Readonly<Record<string, string>>
  /** What the door cannot be asked, and why. */
  readonly gaps: Partial<Record<Actor, string>>
  readonly ask: (doors: Doors, asker: Asker, license: readonly string[]) => Promise<Outcome>
}

const ofOtherServices = {
  fritz: 'people of other services have no entry in the directory of this one',
  stranger: 'people of other services have no entry in the directory of this one',
}

export const doorTable: Readonly<Record<string, DecisionDoor>> = {
  AcquireLicense: {
    // The protocol has no word for what is not valid yet.
    spelling: { 'not-yet-valid': 'no-rights' },
    gaps: {},
    async ask({ server }, { accountChain }, license) {
      const request = { licenseeCertificates: accountChain, issuanceLicense: license }
      const answer = await soap(server, 'AcquireLicense', { requests: [request] })
      if (answer.kind === 'fault') return codeIn(answer.fault.message)
      const { outcome, ...given } = at(answer.response.responses, 0)
      if (outcome === 'refused' || !('certificateChain' in given)) throw new Error('one request has no exception')
      return rightsOf(at(given.certificateChain, 0))
    },
  },
  AcquirePreLicense: {
    spelling: { 'not-yet-valid': 'no-rights', 'user-not-in-directory': 'pre-license-recipient-unknown' },
    gaps: ofOtherServices,
    async ask({ server, cluster, relay }, { user }, license) {
      const authorization = await bearer(cluster, relay)
      const request = { licenseeIdentities: [user.address], issuanceLicense: license }
      const answer = await soap(server, 'AcquirePreLicense', { requests: [request] }, { authorization })
      if (answer.kind === 'fault') return codeIn(answer.fault.message)
      const outcome = at(at(answer.response.responses, 0).outcomes, 0)
      if (outcome.outcome === 'refused') return codeIn(parseFaultString(outcome.exceptionString).message)
      return rightsOf(outcome.license)
    },
  },
  'end-user licences': {
    spelling: {
      'no-rights': 'AccessDenied',
      'not-yet-valid': 'AccessDenied',
      'content-expired': 'ContentExpired',
      // They do not even sign in.
      'user-disabled': 'credentials-refused',
      'user-not-in-directory': 'credentials-refused',
    },
    gaps: ofOtherServices,
    async ask({ server, cluster }, { user }, license) {
      const bytes = Buffer.from(`\ufeff${license.join('')}`, 'utf16le')
      const response = await server.inject({
        method: 'POST',
        url: '/my/v2/enduserlicenses',
        headers: { authorization: await bearer(cluster, user), 'content-type': 'application/json' },
        payload: JSON.stringify({ SerializedPublishingLicense: bytes.toString('base64') }),
      })
      if (response.statusCode !== 200) return codeIn(parseProblem(response.payload).message)
      const answer = response.json<{ readonly AccessStatus: string; readonly Rights: readonly string[] | null }>()
      return answer.AccessStatus === 'AccessGranted' ? granted(answer.Rights ?? []) : answer.AccessStatus
    },
  },
  decide: {
    spelling: {},
    gaps: ofOtherServices,
    async ask({ server, adminToken }, { user }, license) {
      const response = await server.inject({
        method: 'POST',
        url: '/admin/v1/decide',
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
        payload: JSON.stringify({ serialized: license.join(''), address: user.address }),
      })
      const answer = response.json<{
        readonly granted: boolean
        readonly rights?: readonly string[]
        readonly reason?: string
      }>()
      return answer.granted ? granted(answer.rights ?? []) : (answer.reason ?? `status ${response.statusCode}`)
    },
  },
}

async function bearer({ context }: TestCluster, user: DirectoryUser): Promise<string> {
  return `Bearer ${await issueToken(context, { user, lifetime: 3_600_000 })}`
}

function rightsOf(useLicense: string): Outcome {
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
