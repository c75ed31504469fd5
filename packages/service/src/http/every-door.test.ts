/**
 * The same limits at every door (threats N3, N4): size, time and number of requests, each refused in the form of its door,
 * with one line in the log and nothing stored.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import type { CoreContext } from '../core/ports.ts'
import { adminTokens } from './admin/tokens.ts'
import { defaultHttpLimits, type HttpLimits } from './limits.ts'
import { startServer, type RunningServer } from './server.ts'
import { openTestOrganisation, type TestOrganisation } from './test-organisation.ts'

interface DoorRow {
  readonly method: 'POST' | 'PUT'
  readonly path: string
  readonly authorization: () => Promise<string>
  readonly largest: keyof Pick<HttpLimits, 'bodyBytes' | 'licenseBodyBytes' | 'restLicenseBodyBytes'>
  /** The answer for a body that is too large. */
  readonly tooLarge: number
  /** Of every refusal. */
  readonly form: RegExp
}

const token = `administer-${'a'.repeat(40)}`
const alice = (): Promise<string> => organisation.bearer('alice')

const soapForm = { tooLarge: 500, form: /<soap:Fault>/ } as const
const restForm = { tooLarge: 413, form: /"Code":"Microsoft\.RightsManagement\.Exceptions\./ } as const
const doors: Readonly<Record<string, DoorRow>> = {
  licensing: {
    method: 'POST',
    path: '/_wmcs/licensing/license.asmx',
    authorization: alice,
    largest: 'licenseBodyBytes',
    ...soapForm,
  },
  certification: {
    method: 'POST',
    path: '/_wmcs/certification/certification.asmx',
    authorization: alice,
    largest: 'bodyBytes',
    ...soapForm,
  },
  'REST licences': {
    method: 'POST',
    path: '/my/v2/enduserlicenses',
    authorization: alice,
    largest: 'restLicenseBodyBytes',
    ...restForm,
  },
  'REST publishing': {
    method: 'POST',
    path: '/my/v2/publishinglicenses',
    authorization: alice,
    largest: 'bodyBytes',
    ...restForm,
  },
  machine: {
    method: 'POST',
    path: '/sealward/v1/machine',
    authorization: alice,
    largest: 'bodyBytes',
    ...restForm,
  },
  administration: {
    method: 'PUT',
    path: '/admin/v1/state',
    authorization: async () => `Bearer ${token}`,
    largest: 'licenseBodyBytes',
    tooLarge: 413,
    form: /"error":\{"code":"/,
  },
}

let organisation: TestOrganisation
const running: RunningServer[] = []

before(async () => {
  organisation = await openTestOrganisation()
})
after(async () => {
  for (const server of running) await server.close()
  await organisation.close()
})

async function start(limits: Partial<HttpLimits>, context: CoreContext = organisation.context): Promise<string> {
  const { settings } = organisation
  const digests = { administer: createHash('sha256').update(token).digest(), read: new Uint8Array(32) }
  const server = await startServer({
    ...settings,
    context,
    limits: { ...defaultHttpLimits, ...limits },
    administration: {
      tokens: adminTokens(digests),
      administration: (actor) => ({ ...organisation.context, actor }),
      settled: () => settings.rows.settled(),
    },
  })
  running.push(server)
  return server.url
}

async function send(url: string, { method, path, authorization }: DoorRow, body: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', authorization: await authorization() }
  return fetch(url + path, { method, headers, body })
}

/** Everything that a request could have left behind. */
async function stored(): Promise<unknown> {
  const { store, configuration } = organisation.context
  await organisation.settings.rows.settled()
  const rows = await Promise.all([store.logs.read('licenses', 0, 1_000), store.logs.read('administration', 0, 1_000)])
  return [rows.map(({ length }) => length), (await configuration()).version]
}

function loggedFor(response: Response): readonly string[] {
  const id = response.headers.get('x-sealward-correlation-id') ?? 'none'
  return organisation.logged.filter((line) => line.includes(id))
}

test('a body above the limit of its door is refused at every door', async () => {
  const limits = { bodyBytes: 1_000, licenseBodyBytes: 10_000, restLicenseBodyBytes: 5_000 }
  const url = await start(limits)
  for (const [name, door] of Object.entries(doors)) {
    const known = await stored()
    const response = await send(url, door, 'x'.repeat(limits[door.largest] + 1))
    assert.equal(response.status, door.tooLarge, name)
    assert.match(await response.text(), door.form, name)
    const lines = loggedFor(response)
    assert.equal(lines.length, 1, name)
    assert.match(lines[0] ?? '', /"code":"request-too-large"/, name)
    assert.deepEqual(await stored(), known, name)
    // The limit itself is allowed: what is refused then is the text.
    assert.notEqual((await send(url, door, 'x'.repeat(limits[door.largest]))).status, 413, name)
    assert.doesNotMatch(organisation.logged.at(-1) ?? '', /request-too-large/, name)
  }
})

test('slow senders take no place from others, at any door, and end after their time', async () => {
  const limits = {
    requestTimeout: 1_000,
    headersTimeout: 500,
    timeoutCheckInterval: 50,
    requestsAtOnce: 1,
    requestsWaiting: 0,
  }
  const url = await start(limits)
  const ends: Promise<string>[] = []
  for (const { method, path, authorization } of Object.values(doors)) {
    const head = `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${await authorization()}\r\n`
    for (const rest of ['Content-Length: 100\r\n\r\n{', 'Content-Le']) {
      const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined)
      ends.push(everything(socket))
      await once(socket, 'connect')
      socket.write(head + rest)
    }
  }
  for (const [name, door] of Object.entries(doors)) {
    assert.notEqual((await send(url, door, '<')).status, 503, `${name}: answered meanwhile`)
  }
  for (const answer of await Promise.all(ends)) assert.match(answer, /^HTTP\/1\.1 408 /)
})

async function everything(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk))
  await once(socket, 'close')
  return Buffer.concat(chunks).toString('utf8')
}

test('ten times as many requests as there are places: all others are sent away, health stays up', async () => {
  const places = 4
  const { promise: gate, resolve: release } = Promise.withResolvers<void>()
  const { promise: full, resolve: fill } = Promise.withResolvers<void>()
  let inside = 0
  const configuration: CoreContext['configuration'] = async () => {
    if (++inside === places) fill()
    await gate
    return organisation.context.configuration()
  }
  const url = await start({ requestsAtOnce: places, requestsWaiting: 0 }, { ...organisation.context, configuration })
  const templates = async (): Promise<Response> =>
    fetch(`${url}/my/v2/templates`, { headers: { authorization: await alice() } })
  const working = Array.from({ length: places }, templates)
  await full
  for (const [name, door] of Object.entries(doors)) {
    const known = await stored()
    const shed = await Promise.all(Array.from({ length: places * 10 }, () => send(url, door, '<')))
    for (const response of shed) {
      assert.equal(response.status, 503, name)
      assert.equal(response.headers.get('retry-after'), '1', name)
      assert.match(await response.text(), door.form, name)
    }
    assert.equal((await fetch(`${url}/healthz`)).status, 200, name)
    assert.deepEqual(await stored(), known, name)
  }
  assert.equal(inside, places, 'nobody else got in')
  release()
  for (const response of await Promise.all(working)) assert.equal(response.status, 200)
  for (const [name, door] of Object.entries(doors)) {
    assert.notEqual((await send(url, door, '<')).status, 503, name)
  }
})

test('who is not admitted to a service for servers is refused before the body comes', async () => {
  const url = await start({})
  for (const file of ['ServerCertification', 'MobileCertification', 'MobileDeviceCertification', 'MacCertification']) {
    const head = `POST /_wmcs/certification/${file}.asmx HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${await alice()}\r\n`
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined)
    await once(socket, 'connect')
    socket.write(`${head}Content-Length: 1000000\r\n\r\n`)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    assert.match(answer.toString('utf8'), /<soap:Fault>[^]*\[endpoint-closed\]/)
    socket.destroy()
  }
})
