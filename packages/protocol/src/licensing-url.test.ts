import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { decommissionUrl, licensingUrlSpellings, normalizeLicensingUrl, operationUrl } from './licensing-url.ts'

const forms: readonly (readonly [spelling: string, normal: string])[] = [
  ['https://rms.lakeside.example/_wmcs/licensing', 'https://rms.lakeside.example/_wmcs/licensing'],
  ['HTTP://rms:80/_wmcs', 'http://rms/_wmcs'],
  ['https://RMS.Lakeside.Example:443/_WMCS/Licensing/', 'https://rms.lakeside.example/_wmcs/licensing'],
  ['http://rms/_wmcs/licensing/License.asmx', 'http://rms/_wmcs/licensing'],
  ['http://rms/_wmcs/licensing//', 'http://rms/_wmcs/licensing'],
  ['  https://rms/_wmcs/licensing \r\n', 'https://rms/_wmcs/licensing'],
  ['http://rms:443/_wmcs/licensing', 'http://rms:443/_wmcs/licensing'],
  ['https://rms:8443/_wmcs/licensing', 'https://rms:8443/_wmcs/licensing'],
  ['http://[::1]:80/_wmcs', 'http://[::1]/_wmcs'],
  ['https://rms', 'https://rms'],
]

for (const [spelling, normal] of forms) {
  test(`the normal form of ${JSON.stringify(spelling)}`, () => {
    assert.equal(normalizeLicensingUrl(spelling), normal)
    assert.equal(normalizeLicensingUrl(normal), normal)
  })
}

const unusable = [
  '',
  'rms.lakeside.example/_wmcs',
  'ftp://rms/_wmcs',
  'file:///_wmcs',
  'https:///_wmcs',
  'https:rms/_wmcs',
  'https://user:secret@rms/_wmcs',
  'https://rms/_wmcs?x',
  'https://rms/_wmcs#x',
  'https://rms/a b',
  'https://rms\\@other/_wmcs',
  'https://rms:99999/_wmcs',
  'https://rms/\0',
  `https://rms/${'a'.repeat(3000)}`,
]

for (const url of unusable) {
  test(`refuses ${JSON.stringify(url.slice(0, 40))}`, () => {
    assert.throws(
      () => normalizeLicensingUrl(url),
      (error) => isRightsError(error, 'licensing-url-invalid'),
    )
  })
}

test('lists every spelling for every host of the cluster', () => {
  assert.deepEqual(
    licensingUrlSpellings('HTTP://RMS.lakeside.example/_wmcs/licensing/', ['rms', 'RMS.lakeside.example']),
    [
      'https://rms.lakeside.example/_wmcs/licensing',
      'https://rms.lakeside.example:443/_wmcs/licensing',
      'http://rms.lakeside.example/_wmcs/licensing',
      'http://rms.lakeside.example:80/_wmcs/licensing',
      'https://rms/_wmcs/licensing',
      'https://rms:443/_wmcs/licensing',
      'http://rms/_wmcs/licensing',
      'http://rms:80/_wmcs/licensing',
    ],
  )
})

test('a port of its own belongs to the spelling', () => {
  assert.deepEqual(licensingUrlSpellings('http://rms:8080/_wmcs/licensing'), ['http://rms:8080/_wmcs/licensing'])
})

test('an operation is called at its file', () => {
  assert.equal(
    operationUrl('https://rms/_wmcs/licensing/', 'AcquireLicense'),
    'https://rms/_wmcs/licensing/license.asmx',
  )
  assert.equal(
    operationUrl('https://rms/_wmcs/certification/server.asmx', 'FindServiceLocationsForUser'),
    'https://rms/_wmcs/certification/ServiceLocator.asmx',
  )
})

test('a decommissioned cluster is asked beside its licensing address', () => {
  assert.equal(decommissionUrl('HTTPS://rms:443/_WMCS/Licensing/'), 'https://rms/_wmcs/decommission')
  assert.equal(decommissionUrl('http://rms:8080/_wmcs/licensing/license.asmx'), 'http://rms:8080/_wmcs/decommission')
  for (const url of ['https://rms/_wmcs/certification', 'https://rms', 'licensing']) {
    assert.throws(
      () => decommissionUrl(url),
      (error) => isRightsError(error, 'licensing-url-invalid'),
    )
  }
})
