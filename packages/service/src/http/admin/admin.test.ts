/** The administration interface: who gets in (threat P11), what goes in and out, and that it tells no secrets (S1). */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { bootstrap, publishOffline, soap } from '../test-client.ts'
import { openTestOrganisation, testTime, type TestOrganisation } from '../test-organisation.ts'
import type { AdminOperation } from './operation.ts'
import { adminOperations } from './operations.ts'
import { openApiDocument } from './openapi.ts'
import { adminTokens, openAdminTokens } from './tokens.ts'

const digest = (token: string) => createHash('sha256').update(token).digest()
const tokens = { administer: `administer-${'a'.repeat(40)}`, read: `read-${'b'.repeat(40)}` } as const
const table: Readonly<Record<string, AdminOperation>> = adminOperations

interface Refused {
  readonly error: { readonly code: string; readonly cause: string; readonly cure: string; readonly detail?: string }
}

let organisation: TestOrganisation
let server: FastifyInstance

before(async () => {
  organisation = await openTestOrganisation({ domains: ['lakeside.example'] })
  server = organisation.server({
    administration: {
      tokens: adminTokens({ administer: digest(tokens.administer), read: digest(tokens.read) }),
      administration: (actor) => ({ ...organisation.context, actor }),
      settled: () => organisation.settings.rows.settled(),
    },
  })
})
after(() => organisation.close())

interface Ask {
  readonly method?: AdminOperation['method']
  readonly body?: unknown
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly remoteAddress?: string
}

async function ask(
  path: string,
  { method = 'GET', body, token = tokens.administer, headers, remoteAddress }: Ask = {},
) {
  const response = await server.inject({
    method,
    url: `/admin/v1${path}`,
    headers: {
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(remoteAddress === undefined ? {} : { remoteAddress }),
    ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: response.statusCode, text: response.payload, value: () => response.json<Record<string, unknown>>() }
}

const codeOf = (answer: { readonly text: string }) => (JSON.parse(answer.text) as Refused).error.code
const pathOf = ({ path }: AdminOperation) => path.replace(/:\w+/g, 'x')

suite('who gets in', () => {
  test('every route asks for peer, token and role before anything else', async () => {
    for (const [name, operation] of Object.entries(table)) {
      const { method } = operation
      const cases = [
        [{ token: '' }, 401, 'admin-token-refused'],
        [{ token: 'x'.repeat(51) }, 401, 'admin-token-refused'],
        [{ remoteAddress: '192.0.2.1' }, 404, 'resource-unknown'],
        [{ headers: { 'x-forwarded-for': '192.0.2.1' } }, 404, 'resource-unknown'],
        [{ headers: { host: 'evil.example' } }, 404, 'resource-unknown'],
        ...(operation.role === 'administer' ? [[{ token: tokens.read }, 403, 'admin-role-missing'] as const] : []),
      ] as const
      for (const [changes, status, code] of cases) {
        const answer = await ask(pathOf(operation), { method, body: 'not even JSON', ...changes })
        assert.deepEqual([answer.status, codeOf(answer)], [status, code], `${name} ${JSON.stringify(changes)}`)
      }
    }
  })

  test('whoever may only read reads', async () => {
    for (const path of ['/configuration', '/keys', '/templates', '/super-users', '/logs/requests', '/openapi.json']) {
      assert.equal((await ask(path, { token: tokens.read })).status, 200, path)
    }
  })

  test('what changes something, or hands out a key, is not for readers', () => {
    const readers = Object.entries(table).filter(([, { role, method }]) => role === 'read' && method !== 'GET')
    assert.deepEqual(
      readers.map(([name]) => name),
      ['decide', 'explainDecision'],
    )
  })

  test('a server without administration has none', async () => {
    const plain = organisation.server()
    const headers = { authorization: `Bearer ${tokens.administer}` }
    assert.equal((await plain.inject({ url: '/admin/v1/configuration', headers })).statusCode, 404)
  })
})

suite('the token files', () => {
  test('are made once, for the owner alone, and refused if others may read them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sealward-admin-'))
    const files = { administer: join(folder, 'admin-token'), read: join(folder, 'admin-reader-token') }
    const { random } = organisation.context
    await openAdminTokens(files, random)
    const token = (await readFile(files.administer, 'utf8')).trim()
    assert.equal((await stat(files.administer)).mode & 0o777, 0o600)
    const again = await openAdminTokens(files, random)
    assert.equal(again.roleOf(token), 'administer')
    assert.equal(again.roleOf((await readFile(files.read, 'utf8')).trim()), 'read')
    assert.equal(again.roleOf(''), undefined)
    await chmod(files.administer, 0o644)
    await assert.rejects(openAdminTokens(files, random), { code: 'admin-token-file-refused' })
    await chmod(files.administer, 0o600)
    await writeFile(files.administer, 'short')
    await assert.rejects(openAdminTokens(files, random), { code: 'admin-token-file-refused' })
    await rm(folder, { recursive: true })
  })
})

suite('operations', () => {
  test('the configuration says what the service is', async () => {
    const { context } = organisation
    const value = (await ask('/configuration')).value()
    assert.deepEqual(
      [value['personality'], value['state'], value['publicUrl'], value['keys'], value['templates'], value['readOnly']],
      ['cluster', 'serving', 'https://rms.lakeside.example', 1, 1, {}],
    )
    assert.equal(value['activeKey'], (await context.configuration()).activeKey!.id)
    assert.match(String(value['serviceId']), /^[0-9a-f-]{36}$/)
  })

  test('what is wrong is named, and nothing is done', async () => {
    const version = (await ask('/configuration')).value()['version']
    const cases: readonly (readonly [string, Ask, number, string])[] = [
      ['/state', { method: 'PUT', body: '{' }, 400, 'admin-request-invalid'],
      ['/state', { method: 'PUT', body: { state: 'asleep' } }, 400, 'admin-request-invalid'],
      ['/state', { method: 'PUT', body: { state: 'serving', colour: 'blue' } }, 400, 'admin-request-invalid'],
      ['/state', { method: 'PUT', body: { state: 'enabled' } }, 409, 'state-refused'],
      ['/state', { method: 'PUT', body: { state: 'decommissioned' } }, 409, 'state-refused'],
      ['/onboarding', { method: 'PUT', body: { useLicense: false } }, 409, 'personality-mismatch'],
      ['/onboarding', { method: 'PUT', body: { useLicense: true } }, 400, 'admin-request-invalid'],
      ['/host-names', { method: 'PUT', body: { hostNames: ['https://x.example'] } }, 400, 'host-name-refused'],
      ['/keys/00000000/activate', { method: 'POST' }, 404, 'key-unknown'],
      ['/templates/none/publish', { method: 'POST', body: {} }, 404, 'template-unknown'],
      ['/super-users', { method: 'POST', body: { address: 'nobody@lakeside.example' } }, 404, 'user-not-in-directory'],
      ['/max-use-license', { method: 'PUT', body: { days: -1 } }, 400, 'admin-request-invalid'],
      ['/logs/requests?limit=many', {}, 400, 'admin-request-invalid'],
      ['/logs/usage?date=yesterday', {}, 400, 'admin-request-invalid'],
      ['/nothing', {}, 404, 'resource-unknown'],
    ]
    for (const [path, input, status, code] of cases) {
      const answer = await ask(path, input)
      assert.deepEqual([answer.status, codeOf(answer)], [status, code], `${path} ${JSON.stringify(input)}`)
    }
    assert.equal((await ask('/configuration')).value()['version'], version)
  })

  test('settings are set and read back', async () => {
    const put = (path: string, body: unknown) => ask(path, { method: 'PUT', body })
    assert.deepEqual((await put('/read-only', { group: 'sales@lakeside.example' })).value(), {
      group: 'sales@lakeside.example',
    })
    assert.equal((await ask('/configuration')).value()['state'], 'read-only')
    assert.deepEqual((await put('/read-only', { off: true })).value(), {})
    assert.deepEqual((await put('/host-names', { hostNames: ['Old.example:443'] })).value(), {
      hostNames: ['old.example'],
    })
    assert.deepEqual((await put('/max-use-license', { days: 12 })).value(), { days: 12 })
    assert.deepEqual((await ask('/max-use-license')).value(), { days: 12 })
    assert.deepEqual((await put('/max-use-license', {})).value(), {})
    assert.deepEqual((await put('/migration-url', { host: 'rms.example' })).value(), { host: 'rms.example' })
    assert.deepEqual((await put('/migration-url', {})).value(), {})
    assert.deepEqual((await put('/super-users/group', { address: 'sales@lakeside.example' })).value(), {
      enabled: false,
      users: [],
      group: 'sales@lakeside.example',
    })
    assert.deepEqual((await put('/super-users/group', null)).value(), { enabled: false, users: [] })
    await ask('/super-users', { method: 'POST', body: { address: 'bob@lakeside.example' } })
    assert.deepEqual((await put('/super-users', { enabled: true })).value(), {
      enabled: true,
      users: ['bob@lakeside.example'],
    })
    await ask('/super-users/bob%40lakeside.example', { method: 'DELETE' })
    assert.deepEqual((await put('/super-users', { enabled: false })).value(), { enabled: false, users: [] })
  })

  test('keys are made, activated, exported and imported again elsewhere', async () => {
    const { keyId } = (await ask('/keys/generate', { method: 'POST', body: { mode: 2, name: 'Second' } })).value()
    const { replaced } = (await ask(`/keys/${String(keyId)}/activate`, { method: 'POST', body: {} })).value()
    assert.match(String(replaced), /^[0-9a-f]{64}$/)
    const password = 'a long enough password'
    const exported = await ask(`/keys/${String(keyId)}/export`, { method: 'POST', body: { password } })
    const { file } = exported.value()
    const keys = JSON.parse((await ask('/keys')).text) as readonly Record<string, unknown>[]
    const key = keys.find(({ id }) => id === keyId)
    assert.deepEqual([key?.['state'], key?.['friendlyName'], key?.['bits']], ['active', 'Second', 2048])
    const body = { file, password, trustedRoots: [key?.['root']] }
    const again = await ask('/keys/import', { method: 'POST', body })
    assert.deepEqual([again.status, codeOf(again)], [409, 'key-already-imported'])
    const wrong = await ask('/keys/import', { method: 'POST', body: { ...body, password: 'wrong' } })
    assert.deepEqual([wrong.status, codeOf(wrong)], [400, 'tpd-not-opened'])
    await ask(`/keys/${String(replaced)}/activate`, { method: 'POST' })
  })

  test('templates are made, shown, edited, published, archived and removed', async () => {
    const body = {
      names: [{ lcid: 1033, name: 'Board', description: 'For the board' }],
      grants: [{ to: 'Sales@lakeside.example', rights: ['VIEW'] }],
      expiry: { afterDays: 30 },
      licenseValidityDays: 7,
    }
    const { id } = (await ask('/templates', { method: 'POST', body })).value()
    const path = `/templates/${encodeURIComponent(String(id))}`
    await ask(path, { method: 'PUT', body: { ...body, grants: [{ to: 'ANYONE', rights: ['VIEW', 'PRINT'] }] } })
    await ask(`${path}/publish`, { method: 'POST' })
    await ask(`${path}/archive`, { method: 'POST' })
    const templates = JSON.parse((await ask('/templates')).text) as readonly Record<string, unknown>[]
    const template = templates.find((each) => each['id'] === id)
    assert.deepEqual(
      [template?.['state'], template?.['grants'], template?.['expiry']],
      ['archived', [{ to: 'ANYONE', rights: ['VIEW', 'PRINT'] }], { afterDays: 30 }],
    )
    assert.equal((await ask(path, { method: 'DELETE' })).status, 200)
    assert.equal((await ask(path, { method: 'DELETE', body: { force: true } })).status, 404)
  })

  test('the preview of a decision is that of the door, and nothing is issued', async () => {
    const alice = await bootstrap(organisation, server, 'alice')
    const document = await publishOffline(alice)
    const { context } = organisation
    const rows = async () => (await context.store.logs.read('licenses', 0, 10_000)).length
    const recorded = await rows()
    const decide = async (address: string, serialized = document.chain.join('')) =>
      (await ask('/decide', { method: 'POST', token: tokens.read, body: { address, serialized } })).value()
    assert.deepEqual(await decide('bob@lakeside.example'), { granted: true, ground: 'policy', rights: ['VIEW'] })
    assert.deepEqual(await decide('alice@lakeside.example'), { granted: true, ground: 'owner', rights: ['OWNER'] })
    assert.deepEqual(await decide('carol@lakeside.example'), { granted: false, reason: 'no-rights' })
    assert.deepEqual(await decide('dora@lakeside.example'), { granted: false, reason: 'user-disabled' })
    assert.deepEqual(await decide('zoe@lakeside.example'), { granted: false, reason: 'user-not-in-directory' })
    assert.deepEqual(await decide('bob@lakeside.example', 'no licence'), {
      granted: false,
      reason: 'publishing-license-invalid',
    })
    assert.equal(await rows(), recorded)
    assert.match(
      (await ask('/logs/admin')).text,
      /\tDecide -address carol@lakeside.example -granted false\tPassed\tTrue\n/,
    )
  })

  test('the administration log has the documented lines, for reads and refusals too', async () => {
    await ask('/super-users', { headers: { 'x-sealward-actor': encodeURIComponent('Zoë\u202e Ops') } })
    await ask('/super-users', { method: 'POST', body: { address: 'carol@lakeside.example' } })
    await ask('/super-users', { method: 'PUT', body: { enabled: true } })
    await ask('/super-users', { method: 'PUT', body: { enabled: false } })
    await ask('/keys/99999999/activate', { method: 'POST' })
    const at = testTime.toISOString().slice(0, 19)
    const lines = (await ask('/logs/admin')).text.split('\n')
    for (const line of [
      `${at}\tZoë\ufffd Ops\tGetSuperUserFeatureState\tPassed\tDisabled`,
      `${at}\tadministrator\tAddSuperUser -id carol@lakeside.example\tPassed\tTrue`,
      `${at}\tadministrator\tSetSuperUserFeatureState -state Enabled\tPassed\tTrue`,
      `${at}\tadministrator\tActivateKey\tFailed\tkey-unknown`,
    ]) {
      assert.ok(lines.includes(line), line)
    }
    assert.ok(lines.slice(0, -1).every((line) => line.split('\t').length === 5))
  })
})

suite('the description', () => {
  test('has every operation with its role and schemas', () => {
    const { paths } = openApiDocument() as { readonly paths: Record<string, Record<string, Record<string, unknown>>> }
    const described = Object.values(paths).flatMap((path) => Object.values(path))
    assert.deepEqual(described.map(({ operationId }) => String(operationId)).sort(), Object.keys(table).sort())
    assert.ok(described.every((operation) => operation['x-role'] === 'read' || operation['x-role'] === 'administer'))
    assert.equal(JSON.stringify(paths).includes('$ref'), false)
  })
})

test('tokens and passwords get into no log and no answer', async () => {
  const password = 'CANARY-password-0123456789'
  const keys = JSON.parse((await ask('/keys')).text) as readonly { readonly id: string }[]
  const answers = [
    await ask(`/keys/${keys[0]!.id}/export`, { method: 'POST', body: { password } }),
    await ask('/keys/import', {
      method: 'POST',
      body: { file: 'AAAA', password, trustedRoots: [], privateKeyPem: 'CANARY' },
    }),
    await ask('/keys/import', { method: 'POST', body: { file: 'AAAA', password, CANARY: 1 } }),
    await ask('/configuration?token=CANARY', { token: 'CANARY-token' }),
  ]
  await soap(server, 'GetServerInfo', { requests: [{ type: 'VersionInfo' }] })
  const admin = await organisation.context.store.logs.read('administration', 0, 10_000)
  const output = [
    ...organisation.logged,
    ...answers.map(({ text }) => text),
    ...admin.map(({ record }) => record),
  ].join('\n')
  for (const canary of ['CANARY-password', 'CANARY-token', 'token=CANARY', tokens.administer, tokens.read]) {
    assert.equal(output.includes(canary), false, canary)
  }
})
