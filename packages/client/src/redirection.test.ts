import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { createRedirection } from './redirection.ts'

const to = 'https://rights.lakeside.example/_wmcs/licensing'

test('one rule covers every spelling of an address', () => {
  const redirection = createRedirection([{ from: 'http://rms:80/_wmcs/licensing', to }])
  for (const url of [
    'http://rms/_wmcs/licensing',
    'HTTP://RMS:80/_wmcs/Licensing/',
    'https://rms/_wmcs/licensing/license.asmx',
    'https://rms:443/_WMCS/LICENSING',
    ' http://rms/_wmcs/licensing\r\n',
  ]) {
    assert.equal(redirection.resolve(url), to, url)
  }
  assert.equal(redirection.resolve('http://rms:8080/_wmcs/licensing'), 'http://rms:8080/_wmcs/licensing')
  assert.throws(
    () => redirection.resolve('file:///etc/passwd'),
    (error) => isRightsError(error, 'licensing-url-invalid'),
  )
})

test('everything can go to one service: what has a rule, and even what is no address', () => {
  const former = 'http://rms.lakeside.example/_wmcs/licensing'
  const redirection = createRedirection([{ from: former, to: 'https://other.lakeside.example/_wmcs/licensing' }], to)
  for (const url of [former, 'http://gone.lakeside.example/_wmcs/licensing', 'file:///etc/passwd', '', 'mailto:a@b']) {
    assert.equal(redirection.resolve(url), to, url)
  }
})

const cluster = 'https://rights.lakeside.example/_wmcs'

test('an address with another base path is one of its own, and its rule covers every spelling of it', () => {
  const redirection = createRedirection([{ from: 'http://old.corp.test:8080/Rights/_wmcs/licensing', to }])
  assert.equal(redirection.resolve('HTTP://OLD.corp.test:8080/rights/_WMCS/Licensing/License.asmx'), to)
  for (const url of [
    'http://old.corp.test:8080/_wmcs/licensing',
    'http://old.corp.test:8080/licensing',
    'http://old.corp.test:8080/rights/_wmcs/certification',
    'http://old.corp.test/rights/_wmcs/licensing',
    'https://old.corp.test:8080/rights/_wmcs/licensing',
  ]) {
    assert.equal(redirection.resolve(url), url)
  }
})

test('a rule for a cluster holds for what is below it, up to the border of a folder, and back', () => {
  const old = 'http://old.corp.test/rights/_wmcs'
  const there = createRedirection([{ from: `${old}/`, to: cluster }])
  assert.equal(there.resolve('https://old.corp.test:443/Rights/_wmcs/Licensing/license.asmx'), to)
  assert.equal(there.resolve(`${old}/certification`), `${cluster}/certification`)
  for (const url of [
    `${old}2/licensing`,
    'http://old.corp.test/rights/licensing',
    'http://old.corp.test/_wmcs/licensing',
  ]) {
    assert.equal(there.resolve(url), url)
  }
  const back = createRedirection([{ from: cluster, to: old }])
  assert.equal(back.resolve(there.resolve(`${old}/licensing`)), `${old}/licensing`)
})

test('of several rules the longest counts, whatever their order', () => {
  const rules = [
    { from: 'http://old.corp.test', to: 'https://host.example' },
    { from: 'http://old.corp.test/rights', to: 'https://folder.example/other' },
    { from: 'http://old.corp.test/rights/_wmcs/licensing', to },
  ]
  for (const redirection of [createRedirection(rules), createRedirection(rules.toReversed())]) {
    assert.equal(redirection.resolve('http://old.corp.test/rights/_wmcs/licensing'), to)
    assert.equal(
      redirection.resolve('http://old.corp.test/rights/x/licensing'),
      'https://folder.example/other/x/licensing',
    )
    assert.equal(redirection.resolve('http://old.corp.test/rights'), 'https://folder.example/other')
    assert.equal(redirection.resolve('http://old.corp.test/_wmcs/licensing'), 'https://host.example/_wmcs/licensing')
    assert.equal(
      redirection.resolve('http://older.corp.test/rights/licensing'),
      'http://older.corp.test/rights/licensing',
    )
  }
})

test('a rule to a licensing service itself leads there, whatever it is for', () => {
  const redirection = createRedirection([{ from: 'http://old.corp.test', to }])
  for (const path of ['', '/_wmcs', '/rights/_wmcs/licensing']) {
    assert.equal(redirection.resolve(`http://old.corp.test${path}`), to)
  }
})

test('what is at the root of a former web site is where its licences are answered', () => {
  const redirection = createRedirection([
    { from: 'http://old.corp.test/rights/_wmcs/licensing', to: 'https://new.example:8443/rights/_wmcs/licensing' },
    { from: 'http://two.test/other/_wmcs/licensing', to: 'https://other.example/_wmcs/licensing' },
    { from: 'http://two.test/_wmcs/licensing', to: 'https://usual.example/_wmcs/licensing' },
  ])
  assert.equal(redirection.resolveOrigin('https://old.corp.test'), 'https://new.example:8443')
  assert.equal(redirection.resolveOrigin('http://two.test'), 'https://usual.example')
  assert.equal(redirection.resolveOrigin('http://old.corp.test.evil.example'), 'http://old.corp.test.evil.example')
  assert.equal(createRedirection([], to).resolveOrigin('http://x.test'), 'https://rights.lakeside.example')
})
