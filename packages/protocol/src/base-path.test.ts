import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { certificationUrlOf, clusterUrl, isBasePath, licensingUrlOf, serviceUrlOf } from './base-path.ts'

const clusters: readonly (readonly [url: string, cluster: string])[] = [
  ['https://rms', 'https://rms/_wmcs'],
  ['HTTP://rms:80/_wmcs/', 'http://rms/_wmcs'],
  ['http://rms:8080/Rights/_WMCS', 'http://rms:8080/rights/_wmcs'],
  ['https://rms/rights/_wmcs/licensing/License.asmx', 'https://rms/rights/_wmcs'],
  ['https://rms/rights/_wmcs/certificationexternal', 'https://rms/rights/_wmcs'],
  ['https://rms/_wmcs/groupexpansion/GroupExpansion.asmx', 'https://rms/_wmcs'],
  ['https://rms/a/b/c/d', 'https://rms/a/b/c/d'],
]

for (const [url, cluster] of clusters) {
  test(`the cluster of ${url}`, () => {
    assert.equal(clusterUrl(url), cluster)
    assert.equal(clusterUrl(cluster), cluster)
    assert.equal(clusterUrl(licensingUrlOf(url)), cluster)
    assert.equal(clusterUrl(certificationUrlOf(url)), cluster)
    assert.equal(serviceUrlOf(url), cluster.replace(/^(https?:\/\/[^/]+)\/_wmcs$/, '$1'))
  })
}

test('an address whose path no cluster has is refused', () => {
  for (const path of [
    '/licensing',
    '/licensing/licensing',
    '/a%2fb/licensing',
    '/a;b',
    '//licensing',
    '/a//licensing',
  ]) {
    assert.throws(
      () => clusterUrl(`https://rms${path}`),
      (error) => isRightsError(error, 'licensing-url-invalid'),
      path,
    )
  }
})

test('a base path has segments of plain characters, and is no folder of a service', () => {
  for (const path of ['/_wmcs', '/rights/_wmcs', '/Rights', '/a.b/c~d', '/..a', '/licensing/_wmcs']) {
    assert.equal(isBasePath(path), true, path)
  }
  for (const path of [
    '',
    '/',
    '_wmcs',
    '/_wmcs/',
    '//_wmcs',
    '/a//b',
    '/.',
    '/../_wmcs',
    '/a/..',
    '/a/./b',
    '/a./b',
    '/a/b..',
    '/%5fwmcs',
    '/a%2fb',
    '/a b',
    '/a\\b',
    '/a?b',
    '/a#b',
    '/a;b',
    '/ä',
    '/a/license.asmx',
    '/license.ASMX/b',
    '/licensing',
    '/rights/_wmcs/Certification',
    `/${'a'.repeat(200)}`,
  ]) {
    assert.equal(isBasePath(path), false, path)
  }
})
