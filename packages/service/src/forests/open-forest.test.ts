/** The cluster of another forest over HTTP, well behaved and not: whatever it does, it is an answer or an outage. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, suite, test } from 'node:test'
import { faultNames, readSoapCall, writeFault, writeSoapAnswer, type SoapService } from '@sealward/protocol'
import { createServerCertificate } from '../../../../test/peers/certificates.ts'
import { skipWithout } from '../../../../test/peers/programs.ts'
import type { Forest } from '../core/forests.ts'
import { openForest } from './open-forest.ts'
import { forestsSchema } from './settings.ts'

const unavailable = { code: 'forest-unavailable' }
const clock = { now: () => new Date() }

interface Seen {
  readonly path: string
  readonly authorization: string | undefined
}

let folder = ''
const seen: Seen[] = []
const servers: Server[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealward-forest-'))
  await writeFile(join(folder, 'password'), 'öl-und-wasser\r\nnot this line\n')
})
after(() => rm(folder, { recursive: true }))
afterEach(async () => {
  seen.length = 0
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function started(server: Server, scheme = 'http'): Promise<string> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

type Answer = (path: string, body: Uint8Array, response: ServerResponse) => void

function listener(answer: Answer): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      seen.push({ path: request.url ?? '', authorization: request.headers.authorization })
      answer(request.url ?? '', Buffer.concat(parts), response)
    })
  }
}

function forestAt(serverUrl: string, change: Record<string, unknown> = {}): Forest {
  const usual = { name: 'harbour.test', domains: ['harbour.example'], account: 'rms@harbour.example' }
  const [settings] = forestsSchema.parse([{ ...usual, serverUrl, passwordFile: join(folder, 'password'), ...change }])
  return openForest(settings ?? assert.fail(), clock)
}

const ask = (forest: Forest, signal = AbortSignal.timeout(60_000)): Promise<boolean> =>
  forest.isMemberOfAny({ person: 'a@b.example', groups: ['g@harbour.example'], callsSoFar: 1, question: '{q}', signal })

/** Answers as a cluster does; its group expansion is where it is told to say it is. */
const cluster =
  (expansionUrl: () => string): Answer =>
  (path, body, response) => {
    const service: SoapService = path.includes('/groupexpansion/') ? 'GroupExpansionWebService' : 'ServerService'
    const { operation } = readSoapCall(body, {}, service)
    const text =
      operation === 'IsPrincipalMemberOf'
        ? writeSoapAnswer(operation, { member: true }, '1.1')
        : writeSoapAnswer(
            'FindServiceLocations',
            { locations: [{ type: 'GroupExpansionService', url: expansionUrl() }] },
            '1.1',
          )
    response.end(text)
  }

const locator = '/_wmcs/certification/server.asmx'
const expansion = '/_wmcs/groupexpansion/GroupExpansion.asmx'

suite('the cluster of another forest', () => {
  test('is asked once where its group expansion is, and signs us in with the first line of the file', async () => {
    let url = ''
    url = await started(createServer(listener(cluster(() => `${url}${expansion}`))))
    const forest = forestAt(url)
    assert.deepEqual([await ask(forest), await ask(forest)], [true, true])
    assert.deepEqual(
      seen.map(({ path }) => path.toLowerCase()),
      [locator, expansion, expansion].map((path) => path.toLowerCase()),
    )
    const credentials = Buffer.from('rms@harbour.example:öl-und-wasser').toString('base64')
    assert.ok(seen.every(({ authorization }) => authorization === `Basic ${credentials}`))
  })

  test('is asked at no address that another host is part of (threat N1)', async () => {
    const other = await started(createServer(listener((_path, _body, response) => void response.end('?'))))
    for (const named of [`${other}${expansion}`, 'http://169.254.169.254/latest', 'file:///etc/passwd', 'x']) {
      const url = await started(createServer(listener(cluster(() => named))))
      await assert.rejects(ask(forestAt(url)), unavailable, named)
    }
    assert.equal(seen.filter(({ path }) => path.toLowerCase() === expansion.toLowerCase()).length, 0)
  })

  const badAnswers: readonly (readonly [string, Answer])[] = [
    ['another address', (_path, _body, response) => void response.writeHead(307, { location: '/elsewhere' }).end()],
    ['a page', (_path, _body, response) => void response.end('<html><body>Welcome</body></html>')],
    ['nothing', (_path, _body, response) => void response.end()],
    ['a denial', (_path, _body, response) => void response.writeHead(401).end()],
    [
      'a fault',
      (_path, _body, response) =>
        void response.writeHead(500).end(writeFault('1.1', faultNames.unauthorizedAccess, 'not you')),
    ],
    ['more than a megabyte', (_path, _body, response) => void response.end(Buffer.alloc(2 ** 20 + 1, ' '))],
    ['a connection that ends', (_path, _body, response) => void response.destroy()],
    [
      'the answer to another call',
      (_path, _body, response) => void response.end(writeSoapAnswer('FindServiceLocations', { locations: [] }, '1.1')),
    ],
  ]
  for (const [name, answer] of badAnswers) {
    test(`that answers with ${name} is unavailable, and asked once`, async () => {
      const url = await started(createServer(listener(answer)))
      await assert.rejects(ask(forestAt(url, { groupExpansionUrl: `${url}${expansion}` })), unavailable)
      assert.equal(seen.length, 1)
    })
  }

  test('that is silent, not there, or has no password here is unavailable', async () => {
    const url = await started(createServer(() => undefined))
    await assert.rejects(ask(forestAt(url), AbortSignal.timeout(50)), unavailable)
    const gone = await started(createServer())
    const server = servers.pop()
    await new Promise((resolve) => server?.close(resolve))
    await assert.rejects(ask(forestAt(gone)), unavailable)
    await assert.rejects(ask(forestAt(url, { passwordFile: join(folder, 'missing') })), unavailable)
  })

  test('must prove who it is', { skip: skipWithout(['openssl']) }, async () => {
    const { authorityFile, certificateFile, keyFile } = createServerCertificate(folder, ['IP:127.0.0.1'])
    const tls = { cert: readFileSync(certificateFile), key: readFileSync(keyFile) }
    let url = ''
    url = await started(createTlsServer(tls, listener(cluster(() => `${url}${expansion}`))), 'https')
    await assert.rejects(ask(forestAt(url)), unavailable)
    assert.deepEqual(seen, [])
    assert.equal(await ask(forestAt(url, { caFile: authorityFile })), true)
  })
})

test('other forests are reached by TLS or on this machine, without user and query in the address', () => {
  const usual = { name: 'h', domains: ['harbour.example'], account: 'a@harbour.example', passwordFile: 'p' }
  for (const serverUrl of [
    'http://rms.harbour.example',
    'https://a:b@rms.harbour.example',
    'https://rms.harbour.example/_wmcs/certification',
    'https://rms.harbour.example/a%2fb',
    'https://rms.harbour.example/?x',
    'ftp://rms.harbour.example',
    'rms.harbour.example',
  ]) {
    assert.equal(forestsSchema.safeParse([{ ...usual, serverUrl }]).success, false, serverUrl)
  }
  const serverUrl = 'https://rms.harbour.example'
  assert.equal(forestsSchema.safeParse([{ ...usual, serverUrl }]).success, true)
  const [elsewhere] = forestsSchema.parse([{ ...usual, serverUrl: 'https://rms.harbour.example:8443/rights/_wmcs' }])
  assert.equal(elsewhere?.serverUrl, 'https://rms.harbour.example:8443/rights/_wmcs')
  assert.equal(forestsSchema.safeParse([{ ...usual, serverUrl, account: 'a:b@harbour.example' }]).success, false)
})
