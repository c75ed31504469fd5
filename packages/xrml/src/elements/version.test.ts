import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareVersions, lastVersion, versionForm } from './version.ts'

test('versions are compared number by number', () => {
  for (const [low, high] of [
    ['6.0.0.9', '6.0.0.10'],
    ['6.0', '6.0.0.1'],
    ['5.99.99.99', '6.0.0.0'],
    ['0.0.0.0', '0.0.0.1'],
  ] as const) {
    assert.ok(compareVersions(low, high) < 0, `${low} < ${high}`)
    assert.ok(compareVersions(high, low) > 0)
  }
  assert.equal(compareVersions('6.0', '6.0.0.0'), 0)
})

test('the version of a repository is the last word that is one', () => {
  assert.equal(lastVersion('Store 1.0.0.0 of 2026 6.0.6002.18005'), '6.0.6002.18005')
  assert.equal(lastVersion('no version'), undefined)
  assert.equal(lastVersion(''), undefined)
  for (const wrong of ['6', '1.2.3.4.5', '1.1234567890', '1.', '1..2', 'v1.2']) assert.doesNotMatch(wrong, versionForm)
})
