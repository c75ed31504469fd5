/**
 * The requests that a public client of the protocol was recorded to send are sent to the service, in their order and with
 * their headers; the service must answer in the shape that this client accepted. Names of the recording's organisation,
 * template, token and licences are replaced by those of ours.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { parseChallenge, parseProblem } from '@sealward/protocol'
import { openTestOrganisation, type Person, type TestOrganisation } from '../test-organisation.ts'

interface Exchange {
  readonly request: {
    readonly method: 'GET' | 'POST'
    readonly path: string
    readonly headers: readonly { readonly name: string; readonly value: string }[]
    readonly body: string | null
  }
  readonly response: { readonly status: number; readonly body: string }
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

const project = join(import.meta.dirname, '../../../../..')
const folder = join(process.env['SEALWARD_VECTORS'] ?? join(project, '../shared/vectors'), 'rest')
const absent = !existsSync(folder)
const skip = absent && process.env['CI'] !== 'true' ? `no recorded exchanges in ${folder}` : false
const recordings = absent ? [] : readdirSync(folder).sort()

/** Who opens what alice has published, where it is not bob. */
const readers: Readonly<Record<string, Person>> = {
  // The policy names a person whom our directory does not know.
  '05-protect-custom-ecb.json': 'alice',
  '06-eul-access-denied.json': 'carol',
}

/** Publishing offline is switched on for these; their licences are made for another service, which ours cannot open. */
const offline = /^0[78]-offline/

let organisation: TestOrganisation
let server: FastifyInstance

before(async () => {
  organisation = await openTestOrganisation()
  server = organisation.server()
})

after(() => organisation.close())

test('the recordings are there', { skip }, () => assert.equal(recordings.length, 8))

for (const file of recordings) {
  test(`replays ${file}`, async () => {
    const { exchanges } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
      readonly exchanges: readonly Exchange[]
    }
    await setOfflinePublishing(offline.test(file))
    let license: string | undefined
    for (const [index, { request, response }] of exchanges.entries()) {
      const where = `${file} ${index}: ${request.method} ${request.path}`
      const authenticated = request.headers.some(({ name }) => name === 'Authorization')
      const reader = request.path.includes('enduserlicenses') ? (readers[file] ?? 'bob') : 'alice'
      const answer = await server.inject({
        method: request.method,
        url: replaceNames(request.path),
        headers: await headersOf(request, reader),
        ...(request.body === null ? {} : { payload: bodyOf(request.body, license) }),
      })
      if (!authenticated) {
        assert.equal(answer.statusCode, 401, where)
        assert.equal(parseChallenge(String(answer.headers['www-authenticate'])).resource, 'api.rms.rest.com')
        continue
      }
      if (offline.test(file) && request.path.includes('enduserlicenses')) {
        assert.equal(answer.statusCode, 400, where)
        assert.equal(parseProblem(answer.payload).name, 'UnrecognizedUrlException')
        continue
      }
      assert.equal(answer.statusCode, response.status, `${where}: ${answer.payload}`)
      const recorded = JSON.parse(response.body) as Json
      const actual = answer.json<Json>()
      assert.deepEqual(differences(recorded, actual, ''), [], where)
      if (request.path.includes('publishinglicenses')) license = member(actual, 'SerializedPublishingLicense')
      if (request.path.includes('enduserlicenses')) {
        assert.equal(member(actual, 'AccessStatus'), member(recorded, 'AccessStatus'), where)
      }
    }
  })
}

async function setOfflinePublishing(enabled: boolean): Promise<void> {
  await organisation.context.store.transaction(async (repositories) => {
    await repositories.settings.put('offlinePublishing', enabled, organisation.context.clock.now())
    await repositories.nextConfigurationVersion()
  })
}

function replaceNames(text: string): string {
  return text
    .replaceAll('contoso.test', 'lakeside.example')
    .replaceAll('{11111111-2222-3333-4444-555555555555}', organisation.templateId)
}

async function headersOf({ headers }: Exchange['request'], reader: Person): Promise<Record<string, string>> {
  const kept = headers.filter(({ name }) => name !== 'Content-Length')
  const entries = kept.map(({ name, value }) => [name.toLowerCase(), replaceNames(value)] as const)
  const sent = Object.fromEntries(entries)
  return sent['authorization'] === undefined ? sent : { ...sent, authorization: await organisation.bearer(reader) }
}

/** The recorded licences are stubs without signature; ours goes in their place, except for those in JSON. */
function bodyOf(body: string, license: string | undefined): string {
  const message = JSON.parse(body) as Record<string, unknown>
  const own = message['SerializedPublishingLicense']
  if (license === undefined || typeof own !== 'string' || own.startsWith('{')) return replaceNames(body)
  return JSON.stringify({ ...message, SerializedPublishingLicense: license })
}

/** Members that the recorded answer has and ours lacks or has in another type. */
function differences(recorded: Json, actual: Json, path: string): readonly string[] {
  if (recorded === null || recorded === '') return []
  if (actual === null) return nullable.test(path) ? [] : [`${path} is null`]
  if (kindOf(recorded) !== kindOf(actual)) return [`${path} is ${kindOf(actual)} instead of ${kindOf(recorded)}`]
  if (isList(recorded) && isList(actual)) {
    const [first] = recorded
    if (first !== undefined && actual.length === 0) return [`${path} is empty`]
    return first === undefined ? [] : actual.flatMap((item, index) => differences(first, item, `${path}/${index}`))
  }
  if (isObject(recorded) && isObject(actual) && !path.endsWith('ApplicationData')) {
    return Object.entries(recorded).flatMap(([name, value]) => {
      const own = actual[name]
      return own === undefined ? [`${path}/${name} is missing`] : differences(value, own, `${path}/${name}`)
    })
  }
  return []
}

const nullable =
  /^\/(Id|Name|Description|Referrer|IssuedTo|Roles|ContentId|ContentValidUntil|LicenseValidUntil|Policy|(Signed|Encrypted)ApplicationData)$/

function kindOf(value: Json): string {
  return isList(value) ? 'a list' : typeof value
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function isObject(value: Json): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !isList(value)
}

function member(value: Json, name: string): string | undefined {
  const found = isObject(value) ? value[name] : undefined
  return typeof found === 'string' ? found : undefined
}
