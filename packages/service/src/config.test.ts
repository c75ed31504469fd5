import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterOf, readConfig } from './config.ts'

const smallest = { publicUrl: 'https://rights.lakeside.example', database: 'sealward.db', directory: 'people.json' }
const day = 86_400_000

test('a small configuration is complete', () => {
  const config = readConfig(smallest)
  assert.deepEqual(config.listener, {
    host: '127.0.0.1',
    port: 8443,
    loopbackCertificate: false,
    encryptedByProxy: false,
    trustedProxies: [],
  })
  const cluster = clusterOf(config)
  assert.equal(cluster.licensingUrl, 'https://rights.lakeside.example/_wmcs/licensing')
  assert.equal(cluster.externalLicensingUrl, undefined)
  assert.equal(cluster.persistentValidity, 365 * day)
  assert.equal(cluster.temporaryValidity, day / 96)
  assert.equal(cluster.useLicenseValidityMost, undefined)
})

test('the personality gives the defaults, a setting of its own overrides them', () => {
  const tenant = clusterOf(
    readConfig({ ...smallest, personality: 'tenant', externalUrl: 'https://out.lakeside.example/' }),
  )
  assert.equal(tenant.persistentValidity, 31 * day)
  assert.equal(tenant.useLicenseValidityMost, 30 * day)
  assert.equal(tenant.externalLicensingUrl, 'https://out.lakeside.example/_wmcs/licensing')
  const own = clusterOf(readConfig({ ...smallest, personality: 'tenant', useLicenseDaysMost: 7 }))
  assert.equal(own.useLicenseValidityMost, 7 * day)
})

test('every address of the services follows the base path, inside and outside', () => {
  const moved = { ...smallest, basePath: '/Rights/_wmcs', externalUrl: 'https://out.lakeside.example' }
  const same = clusterOf(readConfig(moved))
  assert.equal(same.baseUrl, 'https://rights.lakeside.example/Rights/_wmcs')
  assert.equal(same.certificationUrl, 'https://rights.lakeside.example/Rights/_wmcs/certification')
  assert.equal(same.licensingUrl, 'https://rights.lakeside.example/Rights/_wmcs/licensing')
  assert.equal(same.externalCertificationUrl, 'https://out.lakeside.example/Rights/_wmcs/certification')
  const other = clusterOf(readConfig({ ...moved, externalBasePath: '/_wmcs' }))
  assert.equal(other.licensingUrl, same.licensingUrl)
  assert.equal(other.externalLicensingUrl, 'https://out.lakeside.example/_wmcs/licensing')
})

test('unknown and impossible settings are errors that name the setting', () => {
  const wrong: readonly (readonly [object, string])[] = [
    [{ colour: 'blue' }, 'colour'],
    [{ listener: { socket: 1 } }, 'listener'],
    [{ publicUrl: 'ftp://x.example' }, 'publicUrl'],
    [{ publicUrl: 'https://rights.lakeside.example/_wmcs' }, 'publicUrl'],
    ...['', '/', '_wmcs', '/_wmcs/', '/a/../b', '/a%2fb', '/my', '/Admin/_wmcs', '/sealward/x', '/_wmcs/licensing'].map(
      (basePath) => [{ basePath }, 'basePath'] as const,
    ),
    [{ externalUrl: 'https://out.lakeside.example', externalBasePath: '/my/_wmcs' }, 'externalBasePath'],
    [{ externalBasePath: '/rights' }, 'externalBasePath'],
    [{ publicUrl: 'https://x.example/path' }, 'publicUrl'],
    [{ publicUrl: 'https://user@x.example' }, 'publicUrl'],
    [{ tenant: 'Two Words' }, 'tenant'],
    [{ trustedMachineAuthorities: ['abc'] }, 'trustedMachineAuthorities.0'],
    [{ database: '' }, 'database'],
  ]
  for (const [changes, name] of wrong) {
    assert.throws(
      () => readConfig({ ...smallest, ...changes }),
      (error) =>
        error instanceof Error &&
        'code' in error &&
        error.code === 'configuration-invalid' &&
        error.message.includes(name),
    )
  }
})

const provider = (issuer: string, ...domains: string[]) => ({
  issuer,
  keysFile: 'k.json',
  algorithms: ['ES256'],
  domains,
})

test('a federated provider is the only authority for its domains, and for none of ours', () => {
  const harbour = provider('https://id.harbour.example', 'Harbour.example')
  const settings = { ...smallest, domains: ['lakeside.example'], federation: { issuers: [harbour] } }
  assert.deepEqual(clusterOf(readConfig(settings)).federation, {
    providers: [{ issuer: 'https://id.harbour.example', domains: ['harbour.example'] }],
    validity: day,
  })
  assert.equal(clusterOf(readConfig(smallest)).federation, undefined)
  const wrong: readonly object[] = [
    { domains: [] },
    { domains: ['lakeside.example', 'harbour.example'] },
    { federation: { issuers: [harbour, provider('https://id.quay.example', 'harbour.example')] } },
    { federation: { issuers: [harbour, provider('https://id.harbour.example', 'quay.example')] } },
    { federation: { issuers: [] } },
    { authentication: { issuers: [provider('https://id.harbour.example', 'lakeside.example')] } },
  ]
  for (const changes of wrong) {
    assert.throws(() => readConfig({ ...settings, ...changes }), {
      code: 'configuration-invalid',
      message: /federation/,
    })
  }
})

test('addresses of publishers are canonical', () => {
  const config = readConfig({ ...smallest, publishersForOthers: ['Bulk@Lakeside.Example'] })
  assert.deepEqual(clusterOf(config).publishersForOthers, ['bulk@lakeside.example'])
})
