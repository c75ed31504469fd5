/** What keeps an installation of several services from starting. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { masterKeyFromFile, newMasterKeyFile } from '@sealward/keys'
import {
  openInstallation,
  operate,
  readConfig,
  readInstallationConfig,
  type ConfigInput,
  type Installation,
} from './index.ts'
import { makeLoopbackCertificate } from './tls/self-signed.ts'

let folder: string
const masterKey = masterKeyFromFile(newMasterKeyFile(randomBytes))

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-installation-'))
})
after(() => rmSync(folder, { recursive: true }))

type Settings = Partial<ConfigInput> & { readonly folder?: string }

function open(settings: readonly [Settings, Settings], installation: object = {}): Promise<Installation> {
  const names = ['lakeside', 'harbour'] as const
  const services = settings.map(({ folder: given, ...changes }, index) => {
    const name = names[index] ?? 'lakeside'
    const own = join(folder, given ?? name)
    mkdirSync(own, { recursive: true })
    writeFileSync(join(own, 'directory.json'), JSON.stringify({ users: [] }))
    const config = readConfig({
      tenant: name,
      personality: 'tenant',
      publicUrl: `https://rms.${name}.example`,
      domains: [`${name}.example`],
      database: 'service.db',
      directory: 'directory.json',
      ...changes,
    })
    return { config, masterKey, folder: own }
  })
  const config = readInstallationConfig({ services: ['a', 'b'], listener: { port: 0 }, ...installation })
  return openInstallation({ installation: config, folder, services, requestLog: { write: () => undefined } })
}

suite('two services that claim the same are refused at the start:', () => {
  const cases: readonly (readonly [string, RegExp, Settings, Settings, object?])[] = [
    ['a name', /^tenant/, { tenant: 'one' }, { tenant: 'one' }],
    ['a mail domain', /domains/, { domains: ['a.example', 'B.example'] }, { domains: ['b.example'] }],
    ['a public name', /publicUrl/, {}, { publicUrl: 'http://RMS.lakeside.example:8443' }],
    [
      'a public name, each with a base path of its own',
      /publicUrl/,
      { basePath: '/lakeside/_wmcs' },
      { publicUrl: 'https://rms.lakeside.example', basePath: '/harbour/_wmcs' },
    ],
    ['an external name', /publicUrl/, { externalUrl: 'https://rms.harbour.example' }, {}],
    ['a token of administrators', /administration/, { folder: 'common' }, { folder: 'common', database: 'b.db' }],
    ['a name for discovery', /discoveryNames/, {}, {}, { discoveryNames: ['rms.harbour.example:8080'] }],
    ['a listener', /takeoverListener/, {}, { takeoverListener: { port: 0 } }],
  ]
  for (const [what, detail, first, second, installation] of cases) {
    test(what, async () => {
      await assert.rejects(open([first, second], installation), (error: { code?: string; detail?: string }) => {
        assert.equal(error.code, 'configuration-invalid')
        assert.match(error.detail ?? '', detail)
        return true
      })
    })
  }
})

test('a former name that two have taken over, each for itself, keeps them from listening together', async () => {
  const settings = [{ folder: 'first' }, { folder: 'second' }] as const
  const set = async (index: number, hostNames: readonly string[]): Promise<void> => {
    const installation = await open(settings)
    const service = installation.services[index]
    if (service === undefined) throw new Error('no service')
    // As the command line does it in a data directory, which knows of no neighbours in other databases.
    const { neighbours: _, ...administration } = service.administration('test')
    await operate({ administration, core: service.context }, 'setHostNames', { body: { hostNames } })
    await installation.close()
  }
  await set(0, ['old.example'])
  for (const same of [
    'old.example:8080',
    'http://old.example:8080/rights/_wmcs',
    'https://rms.lakeside.example/rights',
  ]) {
    await set(1, [same])
    const both = await open(settings)
    await assert.rejects(both.listen(), { code: 'host-name-claimed' }, same)
    await both.close()
  }
  await set(1, [])
  const now = await open(settings)
  const server = await now.listen()
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200)
  await server.close()
  await now.close()
})

test('tenants of one database know each other also without a common process', async () => {
  const installation = await open([
    { folder: 'x', database: '../common.db' },
    { folder: 'y', database: '../common.db' },
  ])
  const [first, second] = installation.services
  if (first === undefined || second === undefined) throw new Error('no services')
  const set = (service: typeof first) => {
    const { neighbours: _, ...administration } = service.administration('test')
    return operate({ administration, core: service.context }, 'setHostNames', { body: { hostNames: ['old.example'] } })
  }
  await set(first)
  await assert.rejects(set(second), { code: 'host-name-claimed' })
  await installation.close()
})

test('a service without a certificate, where others have one, is refused unless there is one for all', async () => {
  const now = Date.now()
  const pair = makeLoopbackCertificate(new Date(now - 1000), new Date(now + 86_400_000), randomBytes(16))
  mkdirSync(join(folder, 'tls'))
  writeFileSync(join(folder, 'tls/certificate.pem'), pair.certificate)
  writeFileSync(join(folder, 'tls/key.pem'), pair.key, { mode: 0o600 })
  const listener = { certificateFile: '../tls/certificate.pem', keyFile: '../tls/key.pem' }
  const without = await open([{ listener }, {}])
  await assert.rejects(without.listen(), { code: 'configuration-invalid' })
  await without.close()
  const both = await open([{ listener }, { listener }])
  const server = await both.listen()
  assert.match(server.url, /^https:/)
  await server.close()
  await both.close()
  const common = await open([{ listener }, {}], {
    listener: { port: 0, certificateFile: 'tls/certificate.pem', keyFile: 'tls/key.pem' },
  })
  const another = await common.listen()
  assert.match(another.url, /^https:/)
  await another.close()
  await common.close()
  assert.ok(readFileSync(join(folder, 'lakeside/admin-token')).length > 0)
})
