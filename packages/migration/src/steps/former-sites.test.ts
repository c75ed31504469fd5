import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAnsweredFor, nameOfEntry } from './former-sites.ts'

const entries = ['rms.test', 'old.test:8080', 'http://old.test:8080/rights/_wmcs']

test('an entry of the plan is found among those of the service, however it is spelled', () => {
  for (const wanted of ['RMS.test:443', 'old.test:8080', 'HTTP://Old.test:8080/Rights/_wmcs/licensing']) {
    assert.equal(isAnsweredFor(entries, wanted), true, wanted)
  }
  for (const wanted of [
    'old.test',
    'http://old.test/rights/_wmcs',
    'http://old.test:8080/_wmcs',
    'http://rms.test/_wmcs',
  ]) {
    assert.equal(isAnsweredFor(entries, wanted), false, wanted)
  }
  assert.deepEqual(entries.map(nameOfEntry), ['rms.test', 'old.test', 'old.test'])
})
