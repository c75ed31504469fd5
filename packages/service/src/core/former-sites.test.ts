import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import {
  answersAt,
  answersForUrl,
  canonicalFormerSite,
  formerHosts,
  formerNames,
  suggestedFormerSites,
} from './former-sites.ts'

const forms: readonly (readonly [given: string, canonical: string])[] = [
  ['Old.Corp.test', 'old.corp.test'],
  ['old.corp.test:8080', 'old.corp.test:8080'],
  ['HTTP://Old.Corp.test:8080/Rights/_WMCS', 'http://old.corp.test:8080/rights/_wmcs'],
  ['https://old.corp.test:443/_wmcs/', 'https://old.corp.test/_wmcs'],
  ['http://old.corp.test:80/rights', 'http://old.corp.test/rights'],
  ['http://old.corp.test:443/rights', 'http://old.corp.test/rights'],
  ['http://old.corp.test./rights', 'http://old.corp.test/rights'],
  ['http://bücher.test/rights', 'http://xn--bcher-kva.test/rights'],
  ['http://[2001:DB8::1]:8080/rights', 'http://[2001:db8::1]:8080/rights'],
  ['http://old.corp.test/rights/_wmcs/Licensing/License.asmx', 'http://old.corp.test/rights/_wmcs'],
]

test('an entry has one form', () => {
  for (const [given, canonical] of forms) {
    assert.equal(canonicalFormerSite(given), canonical)
    assert.equal(canonicalFormerSite(canonical), canonical)
  }
})

test('what is no name and no web site is refused', () => {
  for (const text of [
    '',
    'http://old.corp.test',
    'http://old.corp.test/',
    ' http://old.corp.test/rights',
    'ftp://old.corp.test/rights',
    'http://user:secret@old.corp.test/rights',
    'http://old.corp.test/rights?x',
    'http://old.corp.test/rights#x',
    'http://old.corp.test/a%2frights',
    'http://old.corp.test/a//rights',
    'http://old.corp.test/licensing',
    'http://old.corp.test/my/_wmcs',
    'http://old.corp.test/Admin/_wmcs',
    'http://old.corp.test/sealward',
    'http://old.corp.test:99999/rights',
    '://old.corp.test/rights',
    `http://old.corp.test/${'a'.repeat(3_000)}`,
  ]) {
    assert.throws(
      () => canonicalFormerSite(text),
      (error) => isRightsError(error, 'host-name-refused'),
      text,
    )
  }
})

test('hosts and names of the entries', () => {
  const entries = ['rms', 'old.corp.test:8080', 'http://old.corp.test:8080/rights', 'https://new.corp.test/_wmcs']
  assert.deepEqual(formerHosts(entries), ['rms', 'old.corp.test:8080', 'old.corp.test:8080', 'new.corp.test'])
  assert.deepEqual(formerNames(entries), ['rms', 'old.corp.test', 'old.corp.test', 'new.corp.test'])
})

test('a web site is answered at its path, on its port, and in the clear only where its scheme is http', () => {
  const entries = ['name.test', 'http://old.test:8080/rights/_wmcs', 'https://old.test/_wmcs']
  const answers = (host: string, basePath: string | undefined, secure: boolean): boolean =>
    answersAt(entries, { host, basePath, secure })
  for (const secure of [true, false]) {
    assert.equal(answers('OLD.test:8080', '/rights/_wmcs', secure), true)
    assert.equal(answers('name.test', '/_wmcs', secure), true)
    assert.equal(answers('name.test:443', undefined, secure), true)
    assert.equal(answers('old.test', '/_wmcs', secure), secure)
    assert.equal(answers('old.test', '/rights/_wmcs', secure), false)
    assert.equal(answers('old.test:8080', '/_wmcs', secure), false)
    assert.equal(answers('old.test:8080', '/rights', secure), false)
    assert.equal(answers('old.test:8080', undefined, secure), false)
    assert.equal(answers('name.test', '/rights/_wmcs', secure), false)
    assert.equal(answers('other.test', '/_wmcs', secure), false)
  }
})

test('an address in a licence is that of a web site whatever its scheme, and that of a name whatever its path', () => {
  const entries = ['name.test', 'http://old.test/rights/_wmcs']
  for (const url of [
    'https://OLD.test:443/Rights/_wmcs/licensing',
    'http://old.test/rights/_wmcs/licensing/license.asmx',
    'http://name.test/rights/_wmcs/licensing',
  ]) {
    assert.equal(answersForUrl(entries, url), true, url)
  }
  for (const url of [
    'http://old.test/_wmcs/licensing',
    'http://old.test:8080/rights/_wmcs/licensing',
    'old.test',
    '',
  ]) {
    assert.equal(answersForUrl(entries, url), false, url)
  }
})

test('addresses that came with a key suggest names, and web sites where the base path is another one', () => {
  const urls = [
    'HTTP://rms:80/_wmcs/licensing',
    'https://rms.corp.test:8443/_wmcs/licensing',
    'http://rms.corp.test:8080/Rights/_wmcs/licensing',
    'https://rms.corp.test:8443/_wmcs/licensing ',
    'https://taken.test/_wmcs/licensing',
    'http://half.test/rights/licensing',
    'https://new.test/_wmcs/licensing',
    'https://new.test/before/_wmcs/licensing',
    'http://gone.test/my/_wmcs/licensing',
    'mailto:somebody@corp.test',
  ]
  const entries = ['taken.test', 'http://half.test/_wmcs']
  assert.deepEqual(suggestedFormerSites(urls, { entries, own: ['https://new.test/_wmcs/licensing'] }), [
    'http://half.test/rights',
    'http://rms.corp.test:8080/rights/_wmcs',
    'https://new.test/before/_wmcs',
    'rms',
    'rms.corp.test:8443',
  ])
})
