/**
 * One person floods the service (threat N4): whoever else comes is answered, health stays up, what is refused says when to
 * come again, and nothing is stored for it.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, afterEach, before, test } from 'node:test'
import { createRateLimits } from '../core/rate-limits.ts'
import type { CoreContext } from '../core/ports.ts'
import { adminTokens } from './admin/tokens.ts'
import { createAdmission, type Admission } from './admission.ts'
import { defaultHttpLimits, type HttpLimits } from './limits.ts'
import { startServer, type RunningServer } from './server.ts'
import { openTestOrganisation, testTime, type Person, type TestOrganisation } from './test-organisation.ts'

const token = `administer-${'a'.repeat(40)}`

let organisation: TestOrganisation
let running: RunningServer | undefined

before(async () => {
  organisation = await openTestOrganisation()
})
afterEach(() => running?.close())
after(() => organisation.close())

async function start(context: CoreContext, limits: Partial<HttpLimits> = {}, admission?: Admission): Promise<string> {
  const { settings } = organisation
  const digests = { administer: createHash('sha256').update(token).digest(), read: new Uint8Array(32) }
  running = await startServer({
    ...settings,
    context,
    limits: { ...defaultHttpLimits, ...limits },
    ...(admission === undefined ? {} : { admission }),
    administration: {
      tokens: adminTokens(digests),
      administration: (actor) => ({ ...organisation.context, actor }),
      settled: () => settings.rows.settled(),
    },
  })
  return running.url
}

const administer = (url: string): Promise<Response> =>
  fetch(`${url}/admin/v1/keys`, { headers: { authorization: `Bearer ${token}` } })

async function templates(url: string, person: Person, signal?: AbortSignal): Promise<Response> {
  const headers = { authorization: await organisation.bearer(person) }
  return fetch(`${url}/my/v2/templates`, { headers, ...(signal === undefined ? {} : { signal }) })
}

/** Answers, counted by status as they come. */
function tally() {
  const counts = new Map<number, number>()
  const waiting: { status: number; count: number; reached: () => void }[] = []
  return {
    async add(answer: Promise<Response>): Promise<Response> {
      const response = await answer
      counts.set(response.status, (counts.get(response.status) ?? 0) + 1)
      for (const { status, count, reached } of waiting) if (counts.get(status) === count) reached()
      return response
    },
    until: (status: number, count: number): Promise<void> =>
      new Promise((reached) => {
        if (counts.get(status) === count) reached()
        else waiting.push({ status, count, reached })
      }),
    counts,
  }
}

/** A core that stands still in every request until it is released. */
function heldContext() {
  const { promise: gate, resolve: release } = Promise.withResolvers<void>()
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>()
  const configuration: CoreContext['configuration'] = async () => {
    enter()
    await gate
    return organisation.context.configuration()
  }
  return { context: { ...organisation.context, configuration }, entered, release }
}

test('whoever comes into a flood of one person is answered, and so is health', async () => {
  const { context, entered, release } = heldContext()
  const url = await start(context, { requestsAtOnce: 1, requestsWaiting: 4 })
  const answers = tally()
  const flood = Array.from({ length: 20 }, () => answers.add(templates(url, 'alice')))
  await entered
  // One is worked on and four wait.
  await answers.until(503, 15)
  assert.equal((await fetch(`${url}/healthz`)).status, 200)
  const others = [templates(url, 'bob'), templates(url, 'carol')]
  // Two that waited have made room.
  await answers.until(503, 17)
  assert.equal((await fetch(`${url}/healthz`)).status, 200)
  release()
  for (const response of await Promise.all(others)) assert.equal(response.status, 200)
  for (const response of await Promise.all(flood)) {
    if (response.status === 503) assert.equal(response.headers.get('retry-after'), '1')
  }
  assert.deepEqual(
    answers.counts,
    new Map([
      [503, 17],
      [200, 3],
    ]),
  )
})

test('a request whose client has gone leaves the queue, and no work is done for it', async () => {
  const { context, entered, release } = heldContext()
  const admission = createAdmission({ ...defaultHttpLimits, requestsAtOnce: 1 })
  const entries: Promise<() => void>[] = []
  const { promise: queued, resolve: queue } = Promise.withResolvers<void>()
  const url = await start(
    context,
    {},
    {
      ...admission,
      enter(guest) {
        const entry = admission.enter(guest)
        if (entries.push(entry) === 2) queue()
        return entry
      },
    },
  )
  const working = templates(url, 'alice')
  await entered
  const leaving = new AbortController()
  const gone = templates(url, 'alice', leaving.signal)
  await queued
  leaving.abort()
  await assert.rejects(gone)
  // The answer closes at the server, too; only then the place becomes free.
  await assert.rejects(entries[1] ?? Promise.resolve(), { code: 'service-overloaded' })
  release()
  assert.equal((await working).status, 200)
  assert.equal((await templates(url, 'bob')).status, 200)
  const outcomes = await Promise.allSettled(entries)
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
})

test('more than the rate of a person or an address is refused in the form of the door, with a time to come again', async () => {
  let now = testTime
  const size = { burst: 2, perSecond: 1 }
  const rateLimits = createRateLimits({ person: size, address: size })
  const url = await start({
    ...organisation.context,
    rateLimits: { spend: (kind, requester, tokens) => rateLimits.spend(kind, requester, tokens, now) },
  })
  const soap = (): Promise<Response> =>
    fetch(`${url}/_wmcs/licensing/license.asmx`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body: '<x/>',
    })
  const doors = [
    { name: 'REST', ask: () => templates(url, 'alice'), status: 429, form: /TooManyRequestsException/ },
    { name: 'SOAP', ask: soap, status: 503, form: /<soap:Fault>[^]*\[rate-limited\]/ },
    { name: 'administration', ask: () => administer(url), status: 429, form: /"code":"rate-limited"/ },
  ]
  for (const { name, ask, status, form } of doors) {
    for (let count = 0; count < size.burst; count++) assert.notEqual((await ask()).status, status, name)
    const known = await stored()
    const refused = await ask()
    assert.equal(refused.status, status, name)
    assert.equal(refused.headers.get('retry-after'), '1', name)
    assert.match(await refused.text(), form, name)
    assert.deepEqual(await stored(), known, `${name}: nothing is stored`)
    assert.match(organisation.logged.at(-1) ?? '', /"code":"rate-limited"/, name)
  }
  assert.equal((await fetch(`${url}/healthz`)).status, 200)
  assert.equal((await templates(url, 'bob')).status, 200)
  now = new Date(testTime.getTime() + 1_000)
  for (const { name, ask, status } of doors) {
    assert.notEqual((await ask()).status, status, `${name}: one more after a second`)
    assert.equal((await ask()).status, status, `${name}: and no second one`)
  }
})

async function stored(): Promise<unknown> {
  const { store } = organisation.context
  await organisation.settings.rows.settled()
  const rows = await Promise.all([store.logs.read('licenses', 0, 1_000), store.logs.read('administration', 0, 1_000)])
  return rows.map(({ length }) => length)
}

test('without room, strangers are sent away before anything of them is read, in the form of their door', async () => {
  const { context, entered, release } = heldContext()
  const limits = { requestsAtOnce: 1, requestsWaiting: 0 }
  const url = await start(context, limits)
  const working = templates(url, 'alice')
  await entered
  const send = (path: string, contentType: string): Promise<Response> =>
    fetch(url + path, { method: 'POST', headers: { 'content-type': contentType }, body: 'x'.repeat(50_000) })
  const forms = [
    ['/_wmcs/licensing/license.asmx', 'text/xml', /<soap:Fault>[^]*\[service-overloaded\]/],
    ['/_wmcs/licensing/license.asmx', 'application/soap+xml', /<soap:Fault>[^]*\[service-overloaded\]/],
    ['/my/v2/enduserlicenses', 'application/json', /"Code":"[^"]*ServiceUnavailableException"/],
  ] as const
  const linesBefore = organisation.logged.length
  for (const [path, contentType, form] of forms) {
    const response = await send(path, contentType)
    assert.equal(response.status, 503, path)
    assert.equal(response.headers.get('retry-after'), '1')
    assert.equal(response.headers.get('x-sealward-correlation-id'), null)
    assert.equal(response.headers.get('content-type')?.startsWith(contentType), true, contentType)
    assert.match(await response.text(), form)
  }
  assert.equal((await fetch(`${url}/healthz`)).status, 200)
  release()
  assert.equal((await working).status, 200)
  assert.notEqual((await send('/_wmcs/licensing/license.asmx', 'text/xml')).status, 503, 'there is room again')
  await running?.close()
  running = undefined
  const alarms = organisation.logged.slice(linesBefore).filter((line) => line.includes('"code":"requests-sent-away"'))
  const counts = alarms.map((line) => (JSON.parse(line) as { readonly count: number }).count)
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    3,
  )
  assert.ok(counts.length < 3, 'not a line for each')
})

test('whoever comes through a proxy is sent away by the address that the proxy says', async () => {
  const { context, entered, release } = heldContext()
  const limits = { ...defaultHttpLimits, requestsAtOnce: 1, requestsWaiting: 2 }
  running = await startServer({ ...organisation.settings, context, limits, trustedProxies: ['127.0.0.1'] })
  const { url } = running
  const from = (address: string): Promise<Response> =>
    fetch(`${url}/_wmcs/licensing/license.asmx`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', 'x-forwarded-for': address },
      body: '<x/>',
    })
  const proxied = { authorization: await organisation.bearer('alice'), 'x-forwarded-proto': 'https' }
  const working = fetch(`${url}/my/v2/templates`, { headers: proxied })
  await entered
  const answers = tally()
  const flood = Array.from({ length: 5 }, () => answers.add(from('192.0.2.1')))
  await answers.until(503, 3)
  const other = from('192.0.2.2')
  // One of the first address has made room.
  await answers.until(503, 4)
  release()
  assert.equal((await working).status, 200)
  assert.notEqual((await other).status, 503)
  await Promise.all(flood)
})
