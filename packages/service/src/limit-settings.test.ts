/** The limits as settings: what they are unless somebody says otherwise, how far they go, and who hears of it. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { masterKeyFromFile, newMasterKeyFile } from '@sealward/keys'
import { limitNames, limitTable, standardLimits, type LimitName } from './core/limits.ts'
import { openInstallation, openService, readConfig, readInstallationConfig, type Config } from './index.ts'
import { limitWarnings } from './limit-settings.ts'

let folder: string
const masterKey = masterKeyFromFile(newMasterKeyFile(randomBytes))

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-limits-'))
  writeFileSync(join(folder, 'directory.json'), JSON.stringify({ users: [] }), { mode: 0o600 })
})
after(() => rmSync(folder, { recursive: true }))

function configWith(limits: Partial<Record<string, number>>, more: object = {}): Config {
  return readConfig({
    personality: 'tenant',
    publicUrl: 'http://127.0.0.1:8080',
    database: 'service.db',
    directory: 'directory.json',
    listener: { port: 0 },
    limits,
    ...more,
  })
}

suite('each limit', () => {
  test('is the standard one unless somebody says otherwise', () => {
    assert.deepEqual(configWith({}).limits, standardLimits)
    assert.deepEqual(limitWarnings(configWith({})), [])
  })

  for (const name of limitNames) {
    test(`goes down freely, and up with a warning: ${name}`, () => {
      const { standard, least } = limitTable[name]
      assert.ok(least < standard)
      for (const value of [least, standard]) {
        const config = configWith({ [name]: value })
        assert.equal(config.limits[name], value)
        assert.deepEqual(limitWarnings(config), [])
      }
      const raised = configWith({ [name]: standard + 1 })
      assert.deepEqual(limitWarnings(raised), [
        { code: 'limit-raised', name: `limits.${name}`, entries: [`${standard + 1}, standard ${standard}`] },
      ])
      for (const value of [least - 1, standard * 16 + 1]) {
        assert.throws(() => configWith({ [name]: value }), { code: 'configuration-invalid' })
      }
    })
  }

  test('has a name that is known', () => {
    assert.throws(() => configWith({ bodyBites: 1 }), { code: 'configuration-invalid' })
  })
})

test('times for groups are limits too, wherever they are set', () => {
  const directory = {
    sources: [{ urls: ['ldaps://dc1.lakeside.example'], bindDn: 'reader', passwordFile: 'password' }],
    groupSeconds: 3,
  }
  const names = limitWarnings(configWith({}, { directory, forestSeconds: 3 })).map(({ name }) => name)
  assert.deepEqual(names, ['directory.groupSeconds', 'forestSeconds'])
})

/** Lines of warnings, as name and entries. */
function warningsIn(lines: readonly string[]): readonly (readonly [string, string])[] {
  const read = lines.map((line) => JSON.parse(line) as { code?: string; name?: string; entries?: readonly string[] })
  return read.flatMap(({ code, name = '', entries = [] }) =>
    code === 'limit-raised' ? [[name, entries.join()] as const] : [],
  )
}

test('a service keeps to its own limits, and names those that are raised at every start', async () => {
  const lines: string[] = []
  const limits: Partial<Record<LimitName, number>> = { bodyBytes: 2_000, xmlDepth: 65 }
  const requestLog = { write: (line: string) => void lines.push(line) }
  const service = await openService({ config: configWith(limits), masterKey, folder, requestLog })
  const server = await service.listen()
  const post = async (size: number): Promise<string> => {
    const path = '/_wmcs/certification/certification.asmx'
    return (await fetch(server.url + path, { method: 'POST', body: 'x'.repeat(size) })).text()
  }
  assert.doesNotMatch(await post(2_000), /request-too-large/)
  assert.match(await post(2_001), /request-too-large/)
  await server.close()
  await service.close()
  assert.deepEqual(warningsIn(lines), [['limits.xmlDepth', '65, standard 64']])
})

test('services on one listener have bodies of their own, and the times of the installation', async () => {
  const lines: string[] = []
  const services = ['lakeside', 'harbour'].map((tenant, index) => ({
    config: configWith(
      { bodyBytes: 2_000 * (index + 1) },
      {
        tenant,
        publicUrl: `http://${tenant}.example`,
        database: `${tenant}.db`,
        domains: [`${tenant}.example`],
        administration: { tokenFile: `${tenant}-token`, readerTokenFile: `${tenant}-reader` },
      },
    ),
    masterKey,
    folder,
  }))
  const installation = readInstallationConfig({
    services: ['a', 'b'],
    listener: { port: 0 },
    limits: { idleSeconds: 61, bodySeconds: 20 },
  })
  const requestLog = { write: (line: string) => void lines.push(line) }
  const opened = await openInstallation({ installation, folder, services, requestLog })
  const server = await opened.listen()
  const post = async (host: string, size: number): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const path = `${server.url}/_wmcs/certification/certification.asmx`
    const sent = request(path, { method: 'POST', headers: { host, 'content-length': size } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      response.on('end', () => resolve(text))
    })
    sent.on('error', reject)
    sent.end('x'.repeat(size))
    return promise
  }
  assert.match(await post('lakeside.example', 3_000), /request-too-large/)
  assert.doesNotMatch(await post('harbour.example', 3_000), /request-too-large/)
  assert.match(await post('harbour.example', 4_001), /request-too-large/)
  await server.close()
  await opened.close()
  assert.deepEqual(warningsIn(lines), [['limits.idleSeconds', '61, standard 60']])
  assert.throws(() => readInstallationConfig({ services: ['a'], limits: { xmlDepth: 1 } }), {
    code: 'configuration-invalid',
  })
})
