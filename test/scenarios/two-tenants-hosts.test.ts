/**
 * How a request finds one of several services on a common listener (threat P13): by the host alone, by discovery on a common
 * name, and while another one is in trouble.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, suite, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { writeLicenseHint } from '@sealward/protocol'
import { callsOf, comparable, type TenantCalls } from './tenant-calls.ts'
import {
  discoveryName,
  openTwoTenants,
  residents,
  type Answer,
  type ResidentName,
  type TwoTenants,
} from './two-tenants.ts'

let world: TwoTenants
let calls: TenantCalls
before(async () => {
  world = await openTwoTenants()
  calls = callsOf(world)
})
after(() => world.close())

const find = (query: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  world.ask({ host: discoveryName, path: `/my/v2/servicediscovery?${query}`, headers })

/** The tenant whose authority the challenge names. */
const authorityOf = ({ headers }: Answer): string | undefined =>
  /login\.(\w+)\.example/.exec(String(headers['www-authenticate']))?.[1]

/** Of its first key of that origin, little-endian. */
async function modulusOf(name: ResidentName, wanted: 'created' | 'imported'): Promise<Uint8Array> {
  const { keys } = await world.service(name).context.configuration()
  const key = [...keys.values()].find(({ origin }) => origin === wanted)
  return Buffer.from(key?.licensor.principal.publicKey.modulus ?? []).reverse()
}

/** A file of people is looked at once in a second. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await holds())) {
    assert.ok(Date.now() < end, 'it never came to be')
    await pause(100)
  }
}

async function templatesStatus(name: ResidentName): Promise<number> {
  return (await calls.rest(name, 'templates', await world.token(name, 'ben'))).status
}

suite('the host decides, and nothing else', () => {
  test('unknown hosts, hosts in headers of no proxy, and two hosts lead nowhere', async () => {
    const authorization = await world.token('lakeside', 'anna')
    const path = '/my/v2/templates'
    const status = async (host: string, headers: Readonly<Record<string, string>> = {}) =>
      (await world.ask({ host, path, headers: { authorization, ...headers } })).status
    const lakeside = world.hostOf('lakeside')
    assert.equal(await status(lakeside), 200)
    for (const host of ['evil.example', 'lakeside.example', '127.0.0.2', '[::1]', 'localhost.evil.example'])
      assert.equal(await status(host), 404, host)
    // Nobody is a proxy here.
    const forwarded = { 'x-forwarded-host': lakeside }
    assert.equal(await status('evil.example', forwarded), 404)
    assert.equal(await status(world.hostOf('harbour'), forwarded), 401)
    assert.equal(await status(lakeside, { 'x-forwarded-host': world.hostOf('harbour') }), 200)
  })

  test('a name is taken over by one alone, also over plain HTTP, and can be taken by another one afterwards', async () => {
    assert.equal(await calls.takeNames('lakeside', ['rms.former.example']), 'taken')
    assert.equal((await world.ask({ host: 'rms.former.example', path: '/_wmcs/licensing' })).status, 200)
    for (const at of ['harbour', 'quay'] as const) {
      assert.equal(await calls.takeNames(at, ['RMS.former.example:8080']), 'host-name-claimed')
      assert.equal(await calls.takeNames(at, ['localhost']), 'host-name-claimed')
    }
    assert.equal(await calls.takeNames('lakeside', []), 'taken')
    assert.equal((await world.ask({ host: 'rms.former.example', path: '/_wmcs/licensing' })).status, 404)
    assert.equal(await calls.takeNames('harbour', ['rms.former.example']), 'taken')
    assert.equal(await calls.takeNames('harbour', []), 'taken')
  })

  test('on an address of this machine the token of an administrator says whose administration it is', async () => {
    for (const name of residents) {
      const headers = { authorization: `Bearer ${world.adminToken(name)}` }
      const { status, body } = await world.ask({ host: '[::1]', path: '/admin/v1/configuration', headers })
      assert.equal(status, 200, name)
      assert.equal((JSON.parse(body) as { publicUrl: string }).publicUrl, `http://${world.hostOf(name)}`)
      assert.equal((await world.ask({ host: '[::1]', path: '/my/v2/templates', headers })).status, 404)
    }
    const headers = { authorization: `Bearer ${'x'.repeat(43)}` }
    assert.equal((await world.ask({ host: '[::1]', path: '/admin/v1/configuration', headers })).status, 404)
    assert.equal((await world.ask({ host: '[::1]', path: '/healthz' })).status, 200)
  })
})

suite('discovery on a common name', () => {
  test('an address, a licensing URL and what is known of a licence lead to the one that is meant', async () => {
    for (const name of residents) {
      const host = world.hostOf(name)
      const service = `service=http://${host}/_wmcs/licensing`
      const serviceUrl = `http://${host}/_wmcs/licensing/`
      const licensorKey = await modulusOf(name, 'created')
      for (const [query, headers] of [
        [`email=anna@${name}.example`, {}],
        [`email=anna@eu.sales.${name}.example`, {}],
        [service, {}],
        [service, writeLicenseHint({ licensorKey, serviceUrl })],
      ] as const) {
        const answer = await find(query, headers)
        assert.deepEqual([answer.status, authorityOf(answer)], [401, name], query)
      }
      const authorization = await world.token(name, 'anna')
      const { status, body } = await find(`email=anna@${name}.example`, { authorization })
      assert.equal(status, 200)
      for (const { Uri } of JSON.parse(body) as { Uri: string }[]) assert.ok(Uri.startsWith(`http://${host}/my/`), Uri)
    }
  })

  test('what nobody has, and what leads to two, leads nowhere', async () => {
    const harbourUrl = `http://${world.hostOf('harbour')}/_wmcs/licensing`
    const lakesideKey = await modulusOf('lakeside', 'created')
    const sharedKey = await modulusOf('lakeside', 'imported')
    assert.deepEqual(sharedKey, await modulusOf('harbour', 'imported'))
    for (const [query, headers] of [
      ['email=anna@nobody.example', {}],
      ['email=anna@example', {}],
      ['email=nonsense', {}],
      ['service=https://rms.nobody.example/_wmcs/licensing', {}],
      ['', {}],
      [`service=${harbourUrl}`, writeLicenseHint({ licensorKey: lakesideKey })],
      [`service=${harbourUrl}`, writeLicenseHint({ serviceUrl: `http://${world.hostOf('lakeside')}/_wmcs/licensing` })],
    ] as const) {
      assert.equal((await find(query, headers)).status, 404, query)
    }
    // A key that both have decides nothing, and contradicts nothing.
    const shared = await find(`service=${harbourUrl}`, writeLicenseHint({ licensorKey: sharedKey }))
    assert.deepEqual([shared.status, authorityOf(shared)], [401, 'harbour'])
  })

  test('a caller of another tenant gets what a stranger gets, and nothing but discovery is there', async () => {
    const query = 'email=anna@harbour.example'
    const asked = await Promise.all(
      (['lakeside', 'elsewhere'] as const).map(async (of) =>
        find(query, { authorization: await world.token(of, 'anna') }),
      ),
    )
    assert.deepEqual(asked.map(comparable)[0], asked.map(comparable)[1])
    assert.deepEqual(asked.map(authorityOf), ['harbour', 'harbour'])
    const authorization = await world.token('harbour', 'anna')
    for (const path of ['/my/v2/templates', '/_wmcs/licensing', '/admin/v1/configuration', '/sealward/v1/machine']) {
      const target = `${path}?email=anna@harbour.example`
      assert.equal((await world.ask({ host: discoveryName, path: target, headers: { authorization } })).status, 404)
    }
  })
})

suite('a tenant in trouble', () => {
  test('whose directory is down does not stop the others', async () => {
    const file = join(world.folder, 'lakeside/directory.json')
    const people = readFileSync(file)
    const authorization = await world.token('lakeside', 'ben')
    writeFileSync(file, 'not a directory')
    await until(async () => (await calls.rest('lakeside', 'templates', authorization)).status === 502)
    assert.equal(await templatesStatus('harbour'), 200)
    assert.equal(await templatesStatus('quay'), 200)
    writeFileSync(file, people)
    await until(async () => (await calls.rest('lakeside', 'templates', authorization)).status === 200)
  })

  test('whose database is locked waits alone', async () => {
    const authorization = world.basic('quay', 'ben')
    const license = (await calls.licenseOf('harbour', 'offline')).slice(0, 2)
    await world.client('harbour', 'ben').identity()
    const stranger = new DatabaseSync(join(world.folder, 'quay/quay.db'))
    stranger.exec('begin immediate')
    const order: string[] = []
    const waiting = calls.admin('quay', 'PUT', '/host-names', { hostNames: ['old.quay.example'] })
    const answered = waiting.then(() => order.push('quay'))
    assert.equal((await calls.opening('harbour', 'harbour', license)).status, 200)
    order.push('harbour')
    stranger.exec('rollback')
    stranger.close()
    await answered
    // It gives up after a while, which a machine with much to do may let pass.
    const { status } = await waiting
    assert.ok(status === 503 || (status === 200 && order[0] === 'harbour'), `${status} ${order.join()}`)
    assert.equal((await calls.soap('quay', 'AcquireTemplateInformation', {}, authorization)).status, 200)
  })
})

test('every line of the log that is about a tenant names it, and no other', async () => {
  const lines = world.logged.map((line) => JSON.parse(line) as { tenant?: string; code?: string; status: number })
  for (const name of residents)
    assert.ok(
      lines.some(({ tenant }) => tenant === name),
      name,
    )
  for (const line of lines.filter(({ tenant }) => tenant === undefined))
    assert.ok(line.code === 'resource-unknown' || line.status === 200, JSON.stringify(line))
})
