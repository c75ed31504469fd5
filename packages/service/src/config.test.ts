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

test('unknown and impossible settings are errors that name the setting', () => {
  const wrong: readonly (readonly [object, string])[] = [
    [{ colour: 'blue' }, 'colour'],
    [{ listener: { socket: 1 } }, 'listener'],
    [{ publicUrl: 'ftp://x.example' }, 'publicUrl'],
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

test('addresses of publishers are canonical', () => {
  const config = readConfig({ ...smallest, publishersForOthers: ['Bulk@Lakeside.Example'] })
  assert.deepEqual(clusterOf(config).publishersForOthers, ['bulk@lakeside.example'])
})
