/** For tests: one organisation, its people with certificates, and servers with whatever limits. */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { writeSoapCall, type SoapOperationName, type SoapRequestOf } from '@sealward/protocol'
import { admit } from '../../administration/admission.ts'
import { openEmbeddedProvider } from '../../auth/openid-provider/embedded-provider.ts'
import { createPasswordCheck } from '../../auth/password-check.ts'
import { standardLimits, type Limits } from '../../core/limits.ts'
import type { CoreContext, Directory } from '../../core/ports.ts'
import { openLocalDirectory } from '../../directory/local.ts'
import { closedDoors } from '../../core/settings.ts'
import { adminTokens } from '../admin/tokens.ts'
import { httpLimitsOf } from '../limits.ts'
import type { HttpInput } from '../server.ts'
import { bootstrap, draftFor, publishOffline, soapResponse, type TestClient } from '../test-client.ts'
import { addressOf, openTestOrganisation, type Person, type TestOrganisation } from '../test-organisation.ts'
import type { DoorName } from './doors.fixture.ts'

const adminToken = `administer-${'a'.repeat(40)}`

/** What is asked at a door. */
export interface Question {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  readonly method?: 'POST' | 'PUT'
  readonly limits?: Partial<Limits>
  /** Who asks, unless it is the administrator; otherwise somebody who is admitted everywhere. */
  readonly person?: Person
  /** Parts of the core. */
  readonly context?: Partial<CoreContext>
}

export interface Scene {
  readonly organisation: TestOrganisation
  readonly alice: TestClient
  readonly bob: TestClient
  /** Published by alice for bob: licence, and the certificate that signed it. */
  readonly published: readonly string[]
  /** The same, signed by the service, with this number of rights entries. */
  readonly signed: { readonly license: string; readonly entries: number }
  /** With groups within groups, under limits of their own: by the name and value of the limit. */
  readonly directories: Readonly<Record<string, Directory>>
  /** What a listening server would be made of. */
  settings(question?: Pick<Question, 'limits' | 'context'>): HttpInput
  server(question?: Pick<Question, 'limits' | 'context'>): FastifyInstance
  ask(door: DoorName, question: Question): Promise<LightMyRequestResponse>
  /** Headers with which everybody is heard. */
  headersFor(door: DoorName, person?: Person): Promise<Readonly<Record<string, string>>>
}

/** @param database path of a file @param folder for the embedded provider */
export async function openScene(database: string, folder: string): Promise<Scene> {
  const organisation = await openTestOrganisation({}, database)
  const { context } = organisation
  for (const door of closedDoors) {
    await admit({ ...context, actor: 'test' }, { door, member: addressOf('carol'), directory: context.directory })
  }
  const digests = { administer: createHash('sha256').update(adminToken).digest(), read: new Uint8Array(32) }
  const embeddedProvider = await openEmbeddedProvider(
    { context, passwords: createPasswordCheck(context) },
    {
      publicUrl: 'http://127.0.0.1:8443',
      listener: { host: '127.0.0.1', encryptedByProxy: false, trustedProxies: [] },
    },
    { applications: [] },
    folder,
  )
  const settings: Scene['settings'] = ({ limits = {}, context: changes = {} } = {}) => {
    const all = { ...standardLimits, ...limits }
    const changed = { ...context, ...changes, cluster: { ...context.cluster, limits: all } }
    return {
      ...organisation.settings,
      context: changed,
      limits: httpLimitsOf(all),
      embeddedProvider,
      administration: {
        tokens: adminTokens(digests),
        administration: (actor) => ({ ...changed, actor }),
        settled: () => organisation.settings.rows.settled(),
      },
    }
  }
  const server: Scene['server'] = (question) => organisation.server(settings(question))
  const usual = server()
  const headersFor: Scene['headersFor'] = async (door, person = 'carol') => ({
    'content-type': contentTypeOf(door),
    authorization: door === 'administration' ? `Bearer ${adminToken}` : await organisation.bearer(person),
  })
  const [alice, bob] = [await bootstrap(organisation, usual, 'alice'), await bootstrap(organisation, usual, 'bob')]
  return {
    organisation,
    alice,
    bob,
    published: (await publishOffline(alice)).chain,
    signed: await sign(organisation, usual, alice),
    directories: await nestedDirectories(context, folder),
    settings,
    server,
    headersFor,
    async ask(door, question) {
      const { path, headers, body, method = 'POST', limits, context: changes, person } = question
      const plain = limits === undefined && changes === undefined
      return (plain ? usual : server(question)).inject({
        method,
        url: path,
        headers: { ...(await headersFor(door, person)), ...headers },
        payload: Buffer.from(body),
      })
    },
  }
}

function contentTypeOf(door: DoorName): string {
  if (door === 'openid') return 'application/x-www-form-urlencoded'
  return door.startsWith('SOAP ') ? 'text/xml; charset=utf-8' : 'application/json'
}

/** VIEW and EDIT for bob, and what the owner has by nature. */
async function sign(
  organisation: TestOrganisation,
  server: FastifyInstance,
  author: TestClient,
): Promise<Scene['signed']> {
  const grants = [{ to: addressOf('bob'), rights: ['VIEW', 'EDIT'] }]
  const { responses } = await soapResponse(
    server,
    'AcquireIssuanceLicense',
    { requests: [{ unsignedIssuanceLicense: draftFor(author, { policy: { grants } }).draft }] },
    { authorization: organisation.basic(author.person) },
  )
  return { license: responses[0]?.certificateChain[0] ?? '', entries: 2 }
}

/** A call as clients write it, with its headers. */
export function soapQuestion<Name extends SoapOperationName>(
  path: string,
  name: Name,
  request: SoapRequestOf<Name>,
  change: (body: string) => string = (body) => body,
): Question {
  const { headers, body } = writeSoapCall(name, request)
  const action = headers.soapAction === undefined ? {} : { soapaction: headers.soapAction }
  return { path, headers: { 'content-type': headers.contentType, ...action }, body: change(body) }
}

/** Publishing over REST, for whom and with what rights. */
export function publishing(
  change: object,
  users: readonly string[] = ['bob@lakeside.example'],
  rights = ['VIEW'],
): Question {
  const body = {
    PreferDeprecatedAlgorithms: false,
    AllowAuditedExtraction: false,
    Policy: { UserRights: [{ Users: users, Rights: rights }] },
    ...change,
  }
  return { path: '/my/v2/publishinglicenses', body: JSON.stringify(body) }
}

/** Licence and chain as files keep them, for REST. */
export function restLicense(chain: readonly string[]): string {
  const text = Buffer.from(`\ufeff${chain.join('')}`, 'utf16le')
  return JSON.stringify({ SerializedPublishingLicense: text.toString('base64') })
}

async function nestedDirectories({ clock, directory }: CoreContext, folder: string): Promise<Scene['directories']> {
  const people: readonly Person[] = ['alice', 'bob', 'carol']
  const users = []
  for (const name of people) {
    const user = await directory.findByAddress(addressOf(name))
    if (user === undefined) throw new Error(`no ${name}`)
    users.push({ id: user.id, sid: user.sid, address: user.address, displayName: user.displayName })
  }
  const groups = [
    { address: 'sales@lakeside.example', members: [addressOf('alice'), addressOf('bob')] },
    { address: 'staff@lakeside.example', members: ['sales@lakeside.example'] },
  ]
  const file = join(folder, 'nested-directory.json')
  await writeFile(file, JSON.stringify({ users, groups }), { mode: 0o600 })
  const opened: Record<string, Directory> = {}
  for (const most of [1, 2]) {
    for (const row of ['groupDepth', 'groups'] as const) {
      opened[`${row} ${most}`] = await openLocalDirectory({ file, clock, limits: { ...standardLimits, [row]: most } })
    }
  }
  return opened
}
