import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { admit } from './admission.ts'
import { discoverService, recordCandidate, requireDiscovered, type DiscoverySettings } from './discover-service.ts'

const rules = { allowedHosts: [], anchors: [], askHosts: true, now: () => new Date() }
const bob = 'bob@lakeside.example'
const discover = (settings: DiscoverySettings) => discoverService({ ...rules, user: bob, settings })

test('without settings nothing is looked at but the configuration, and every step says why', async () => {
  const discovery = await discover({})
  assert.equal(discovery.service, undefined)
  assert.deepEqual(
    discovery.steps.map(({ source, outcome }) => [source, outcome]),
    [
      ['configuration', 'nothing'],
      ['scp', 'off'],
      ['srv', 'off'],
      ['cloud', 'off'],
    ],
  )
  for (const { why } of discovery.steps) assert.notEqual(why, '')
  assert.throws(
    () => requireDiscovered(discovery),
    (error) => isRightsError(error, 'service-not-discovered') && /srv: off; cloud: off/.test(error.detail ?? ''),
  )
})

test('what is configured needs no search, even where searches are allowed', async () => {
  const url = 'https://rights.lakeside.example'
  const unasked = { scp: { servers: ['ldaps://127.0.0.1:9'] }, srv: { servers: ['nowhere'] }, cloud: true }
  const discovery = await discover({ configured: { url, from: 'client.json' }, ...unasked })
  assert.deepEqual(requireDiscovered(discovery), { url, source: 'configuration', admission: 'configuration' })
  assert.deepEqual(
    discovery.steps.map(({ outcome }) => outcome),
    ['taken', 'not-needed', 'not-needed', 'not-needed'],
  )
})

test('steps that fail are named with code and cure; the cloud comes last, and only if it is allowed', async () => {
  const failing = { scp: { servers: ['ldaps://127.0.0.1:9', 'http://dc1'] }, srv: { servers: ['nowhere'] } }
  const discovery = await discover({ ...failing, cloud: true })
  assert.equal(requireDiscovered(discovery).url, 'https://api.aadrm.com')
  const [, scp, srv, cloud] = discovery.steps
  assert.deepEqual(
    [scp?.outcome, scp?.code, srv?.outcome, srv?.code],
    ['failed', 'directory-unavailable', 'failed', 'name-server-unavailable'],
  )
  assert.ok(scp?.cure && srv?.cure)
  assert.equal(cloud?.outcome, 'taken')
})

test('no user, no domain', async () => {
  const { steps } = await discoverService({ ...rules, settings: { srv: { servers: ['127.0.0.1:9'] } } })
  assert.deepEqual([steps[2]?.outcome, steps[2]?.lookedAt], ['nothing', 'no domain, since no user is named'])
})

test('the port of a record counts only where the configuration allows the host with this port', () => {
  const record = { target: 'rights.lakeside.example', port: 80 }
  assert.equal(recordCandidate(record, []).url, 'https://rights.lakeside.example')
  assert.match(recordCandidate(record, ['rights.lakeside.example']).remark ?? '', /port 80 .* is ignored/)
  assert.equal(recordCandidate(record, ['RIGHTS.lakeside.example:80']).url, 'https://rights.lakeside.example:80')
  assert.deepEqual(recordCandidate({ ...record, port: 443 }, []), {
    found: 'rights.lakeside.example:443',
    url: 'https://rights.lakeside.example',
  })
})

const refusedAddresses = {
  'http://rights.lakeside.example/_wmcs/certification': 'service-url-refused',
  'http://127.0.0.1/_wmcs/certification': 'service-url-refused',
  'https://rights.lakeside.example:8443/_wmcs/certification': 'service-host-not-allowed',
  'https://rights.lakeside.example.evil.example/_wmcs': 'service-host-not-allowed',
  'https://rights.lakeside.example@evil.example/_wmcs': 'licensing-url-invalid',
  'ldap://rights.lakeside.example': 'licensing-url-invalid',
  '': 'licensing-url-invalid',
} as const
for (const [url, code] of Object.entries(refusedAddresses)) {
  test(`a host is allowed by name and port, over https only: ${url}`, async () => {
    const allowing = { ...rules, allowedHosts: ['rights.lakeside.example', '127.0.0.1'] }
    assert.equal(await admit('HTTPS://Rights.Lakeside.Example:443/_wmcs/certification', allowing), 'allowed-host')
    await assert.rejects(admit(url, allowing), (error) => isRightsError(error, code))
  })
}

test('with pinned keys a host is not even asked unless the caller allows it', async () => {
  const pinned = { ...rules, anchors: ['00'.repeat(32)], askHosts: false }
  await assert.rejects(admit('https://127.0.0.1:9', pinned), (error) =>
    isRightsError(error, 'service-host-not-allowed'),
  )
  await assert.rejects(admit('https://127.0.0.1:9', { ...pinned, askHosts: true }), (error) =>
    isRightsError(error, 'service-unreachable'),
  )
})
