import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { parseDiscovery, parseDiscoveryQuery, servicesAt, writeDiscovery, writeDiscoveryQuery } from './discovery.ts'
import type { DiscoverySubject } from './discovery.ts'
import { parseLicenseHint, parsePlatform, parseRequestIdentity } from './headers.ts'
import { writeLicenseHint, writePlatform, writeRequestIdentity } from './headers.ts'
import { matchRestTarget, restResources, restUri, type RestResource } from './paths.ts'

const services = servicesAt('https://rms.lakeside.example', { offline: false })

test('the list of services is read as it was written', () => {
  assert.deepEqual(parseDiscovery(writeDiscovery(services)), services)
  assert.equal(services.templates, 'https://rms.lakeside.example/my/v2/templates')
  assert.deepEqual(servicesAt('https://rms.lakeside.example/', { offline: false }), services)
})

test('publishing offline is offered where it is switched on, and only there', () => {
  const offered = servicesAt('https://rms.lakeside.example', { offline: true })
  assert.deepEqual(parseDiscovery(writeDiscovery(offered)), offered)
  assert.equal(offered.clientLicensorCertificates, 'https://rms.lakeside.example/my/v2/clientlicensorcertificates')
  assert.doesNotMatch(writeDiscovery(services), /licensor/i)
})

test('names are compared without case, unknown services are passed over', () => {
  const list = writeDiscovery(services).replace('EndUserLicenses', 'ENDUSERLICENSES')
  const more = list.replace('[', '[{"Name":"PublishedPolicies","Uri":"https://rms.lakeside.example/p"},')
  assert.deepEqual(parseDiscovery(more), services)
})

const wrongLists = [
  '{}',
  '[]',
  '[7]',
  writeDiscovery(services).replace('ClientPerformanceLogs', 'Other'),
  writeDiscovery(services).replace('"Templates"', '""'),
  writeDiscovery(services).replace('https://rms.lakeside.example/my/v2/templates', '/my/v2/templates'),
  writeDiscovery(services).replace('https://rms.lakeside.example/my/v2/templates', 'javascript:alert(1)'),
  writeDiscovery(services).replace('https://rms.lakeside.example/my/v2/templates', 'https://'),
]

for (const list of wrongLists) {
  test(`refuses the list ${list.slice(0, 60)}`, () => {
    assert.throws(
      () => parseDiscovery(list),
      (error) => isRightsError(error, 'rest-message-invalid'),
    )
  })
}

const queries: readonly (readonly [query: string, subject: DiscoverySubject])[] = [
  ["email=o'neil+tag%20%C3%A9@lakeside.example", { kind: 'email', email: "o'neil+tag é@lakeside.example" }],
  ['email=ana%40lakeside.example', { kind: 'email', email: 'ana@lakeside.example' }],
  ['service=http://RMS:80/_wmcs/licensing', { kind: 'service', url: 'http://RMS:80/_wmcs/licensing' }],
  ['service=https%3A%2F%2Frms%2F_wmcs%2Flicensing&x=1', { kind: 'service', url: 'https://rms/_wmcs/licensing' }],
]

for (const [query, subject] of queries) {
  test(`reads the query ${query}`, () => {
    assert.deepEqual(parseDiscoveryQuery(query), subject)
    assert.deepEqual(parseDiscoveryQuery(writeDiscoveryQuery(subject)), subject)
  })
}

for (const query of ['', 'email', 'email=', 'other=1', 'email=%ff', 'email=%', 'service=%C3']) {
  test(`refuses the query "${query}"`, () => {
    assert.throws(
      () => parseDiscoveryQuery(query),
      (error) => isRightsError(error, 'rest-message-invalid'),
    )
  })
}

test('every resource is found under both versions, in any case', () => {
  for (const resource of Object.keys(restResources) as readonly RestResource[]) {
    for (const version of ['v1', 'v2', 'V2']) {
      assert.deepEqual(matchRestTarget(`/My/${version}/${restResources[resource]}?a=b?c`), { resource, query: 'a=b?c' })
    }
    assert.equal(
      matchRestTarget(new URL(restUri('https://rms.lakeside.example', resource)).pathname)?.resource,
      resource,
    )
  }
  for (const path of ['/my/v3/templates', '/my/v2', '/my/v2/templates/', '/my/v2/__proto__']) {
    assert.equal(matchRestTarget(path), undefined)
  }
})

test('the headers are read as they were written', () => {
  const hint = { licensorKey: Buffer.alloc(128, 3), serviceUrl: 'https://rms.lakeside.example/_wmcs/licensing' }
  assert.deepEqual(parseLicenseHint(writeLicenseHint(hint)), hint)
  const identity = {
    scenarioId: '{7963f568-bde9-479c-bff3-39d0956ee5d0}',
    correlationId: '{8ac4eb60-da88-4462-8cd1-121bdf16e460}',
  }
  assert.deepEqual(parseRequestIdentity(writeRequestIdentity(identity)), identity)
  const platform = new Map([
    ['AppName', 'sealward'],
    ['SDKVersion', '1'],
  ])
  assert.deepEqual(parsePlatform(writePlatform(platform)), platform)
})

test('headers that cannot be read count as absent', () => {
  assert.deepEqual(parseLicenseHint({}), {})
  assert.deepEqual(parseLicenseHint({ 'x-ms-rms-slc-key': '?', 'x-ms-rms-service-url': ['a', 'b'] }), {})
  assert.deepEqual(parseLicenseHint({ 'x-ms-rms-service-url': 'a'.repeat(5_000) }), {})
  assert.equal(parseRequestIdentity({ 'x-ms-rms-request-id': '{1};{2}' }), undefined)
  assert.deepEqual(parsePlatform({ 'x-ms-rms-platform-id': ';;=x;a;b=;' }), new Map([['b', '']]))
})
