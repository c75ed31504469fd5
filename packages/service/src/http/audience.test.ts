/**
 * Who may call what (threat P11): every route that a running server has, with every method it takes, for everybody who may
 * come. The routes are those of the server; what has to come out follows from what is declared beside each.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import fastify, { type FastifyInstance } from 'fastify'
import { admit } from '../administration/admission.ts'
import { addSuperUser, enableSuperUsers } from '../administration/super-users.ts'
import { issueToken } from '../auth/local-token-issuer.ts'
import type { CoreContext } from '../core/ports.ts'
import { closedDoors } from '../core/settings.ts'
import { adminTokens } from './admin/tokens.ts'
import { audiences, declaredRoutes, requireAudiences, type Audience, type DeclaredRoute } from './audience.ts'
import { addressOf, openTestOrganisation, type Person, type TestOrganisation } from './test-organisation.ts'

const tokens = { administer: `administer-${'a'.repeat(40)}`, read: `read-${'b'.repeat(40)}` } as const
const digest = (token: string) => createHash('sha256').update(token).digest()
const hour = 3_600_000

/** What keeps somebody out; whatever else is answered, the request was heard. */
const gates = [
  'unauthenticated',
  'credentials-refused',
  'plain-http-refused',
  'endpoint-closed',
  'admin-token-refused',
  'admin-role-missing',
  'resource-unknown',
] as const
type Answer = 'heard' | (typeof gates)[number]

const noAdministrator = { readers: 'admin-token-refused', administrators: 'admin-token-refused' } as const
const person = { everybody: 'heard', people: 'heard', admitted: 'endpoint-closed', ...noAdministrator } as const
const impostor = {
  everybody: 'credentials-refused',
  people: 'credentials-refused',
  admitted: 'credentials-refused',
  ...noAdministrator,
} as const
/** Without TLS nothing but this machine may bring credentials, and the administration is not even there. */
const elsewhere = {
  everybody: 'plain-http-refused',
  people: 'plain-http-refused',
  admitted: 'plain-http-refused',
  readers: 'resource-unknown',
  administrators: 'resource-unknown',
} as const

const expected = {
  nobody: { everybody: 'heard', people: 'unauthenticated', admitted: 'unauthenticated', ...noAdministrator },
  'a person': person,
  'a super user': person,
  'an admitted server': { ...person, admitted: 'heard' },
  'a disabled person': impostor,
  'an expired token': impostor,
  'a token of another service': impostor,
  'a token for nobody here': impostor,
  'the reader’s token': { ...impostor, readers: 'heard', administrators: 'admin-role-missing' },
  'the administrator’s token': { ...impostor, readers: 'heard', administrators: 'heard' },
  'the administrator’s token from another machine': elsewhere,
} as const satisfies Record<string, Record<Audience, Answer>>
type Actor = keyof typeof expected

let organisation: TestOrganisation
let server: FastifyInstance
let version: number
let keyId: string
let headers: Readonly<Record<Actor, string | undefined>>

before(async () => {
  organisation = await openTestOrganisation()
  const { context, settings } = organisation
  const { directory } = context
  const administration = { ...context, actor: 'test' }
  await addSuperUser(administration, { address: addressOf('alice'), directory })
  await enableSuperUsers(administration, { enabled: true })
  for (const door of closedDoors) await admit(administration, { door, member: addressOf('carol'), directory })
  server = organisation.server({
    administration: {
      tokens: adminTokens({ administer: digest(tokens.administer), read: digest(tokens.read) }),
      administration: (actor) => ({ ...context, actor }),
      settled: () => settings.rows.settled(),
    },
  })
  headers = await authorizations(context)
  const configuration = await context.configuration()
  version = configuration.version
  keyId = configuration.activeKey?.id ?? ''
})
after(() => organisation.close())

async function authorizations(context: CoreContext): Promise<Readonly<Record<Actor, string | undefined>>> {
  const token = async (name: Person, lifetime = hour, of: CoreContext = context, address?: string) => {
    const user = await context.directory.findByAddress(addressOf(name))
    if (user === undefined) throw new Error(`no ${name}`)
    const subject = address === undefined ? user : { ...user, address }
    return `Bearer ${await issueToken(of, { user: subject, lifetime })}`
  }
  const other = { ...context, cluster: { ...context.cluster, baseUrl: 'https://rms.harbour.example/_wmcs' } }
  return {
    nobody: undefined,
    'a person': await token('bob'),
    'a super user': await token('alice'),
    'an admitted server': await token('carol'),
    'a disabled person': await token('dora'),
    'an expired token': await token('bob', -hour),
    'a token of another service': await token('bob', hour, other),
    'a token for nobody here': await token('bob', hour, context, 'fritz@harbour.example'),
    'the reader’s token': `Bearer ${tokens.read}`,
    'the administrator’s token': `Bearer ${tokens.administer}`,
    'the administrator’s token from another machine': `Bearer ${tokens.administer}`,
  }
}

/** A target that leads to the route. */
function targetOf({ url }: DeclaredRoute): string {
  const named = url.replace('/my/*', '/my/v2/templates').replace('/my/:version/', '/my/v2/').replace(':key', keyId)
  return named.replace(/:\w+/g, 'x')
}

async function ask(app: FastifyInstance, route: DeclaredRoute, actor: Actor): Promise<Answer> {
  const authorization = headers[actor]
  const remote = actor === 'the administrator’s token from another machine' ? { remoteAddress: '192.0.2.9' } : {}
  const response = await app.inject({
    method: route.method as 'GET',
    url: targetOf(route),
    headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
    // Nothing that any door understands, so nothing happens even where somebody is heard.
    ...(route.method === 'GET' || route.method === 'HEAD' ? {} : { payload: '<' }),
    ...remote,
  })
  const code = loggedCode(String(response.headers['x-sealward-correlation-id']))
  return gates.find((gate) => gate === code) ?? 'heard'
}

/** From the one line in the log, because answers to HEAD say nothing. */
function loggedCode(correlationId: string): string | undefined {
  const lines = organisation.logged.slice(-5).filter((line) => line.includes(correlationId))
  assert.equal(lines.length, 1, 'one line for each request')
  return (JSON.parse(lines[0] ?? '') as { readonly code?: string }).code
}

suite('every route, every method, everybody', () => {
  test('the declared routes are all that the server has', () => {
    const routes = declaredRoutes(server)
    for (const { method, url } of routes) assert.ok(server.hasRoute({ method, url }), url)
    const printed = server.printRoutes({ commonPrefix: false })
    const methods = [...printed.matchAll(/\(([A-Z, ]+)\)$/gm)].flatMap(([, names = '']) => names.split(', '))
    assert.equal(routes.length, methods.length)
    assert.deepEqual([...new Set(routes.map(({ audience }) => audience))].sort(), Object.keys(audiences).sort())
  })

  for (const actor of Object.keys(expected) as Actor[]) {
    test(actor, async () => {
      for (const route of declaredRoutes(server)) {
        const answer = await ask(server, route, actor)
        assert.equal(answer, expected[actor][route.audience], `${route.method} ${route.url}, for ${route.audience}`)
      }
    })
  }

  test('nothing has changed after all this, and nobody has got a licence', async () => {
    assert.equal((await organisation.context.configuration()).version, version)
    assert.deepEqual(await organisation.context.store.logs.read('licenses', 0, 10), [])
  })
})

test('licensing can be for people alone', async () => {
  const strict = organisation.server({ licensingNeedsCaller: true })
  const licensing = declaredRoutes(strict).filter(({ method, url }) => {
    return method === 'POST' && /\/licensing\/(?:license|publish)\.asmx$/i.test(url)
  })
  assert.equal(licensing.length, 2)
  for (const route of licensing) assert.equal(await ask(strict, route, 'nobody'), 'unauthenticated')
})

test('services that are for admitted accounts alone hear nobody out who has not signed in', () => {
  const calls = declaredRoutes(server).filter(({ method, audience }) => method === 'POST' && audience === 'people')
  assert.deepEqual(
    calls.flatMap(({ url }) => (url.endsWith('.asmx') ? [url] : [])),
    [
      '/_wmcs/certification/SubEnrollService.asmx',
      '/_wmcs/decommission/decommission.asmx',
      '/_wmcs/licensing/editissuancelicense.asmx',
      '/_wmcs/groupexpansion/GroupExpansion.asmx',
    ],
  )
})

function startWith(config: object): void {
  const app = fastify()
  requireAudiences(app)
  app.get('/somewhere', { config }, () => '')
}

test('a route that does not say whom it is for stops the start', () => {
  startWith({ audience: 'everybody', operations: [] })
  for (const config of [{}, { audience: 'toString' }, { audience: undefined }]) {
    assert.throws(() => startWith({ operations: [], ...config }), /\/somewhere does not say whom it is for/)
  }
})

test('so does one that does not say what it carries out', () => {
  startWith({ audience: 'everybody', operations: ['certify'] })
  for (const config of [{}, { operations: 'certify' }, { operations: ['toString'] }, { operations: ['Certify'] }]) {
    assert.throws(() => startWith({ audience: 'everybody', ...config }), /\/somewhere does not say what it carries out/)
  }
})
