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
