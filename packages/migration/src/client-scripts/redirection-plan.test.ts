import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { isRightsError, type ErrorCode } from '@sealward/xrml'
import { readServiceUrl } from './cluster-url.ts'
import { clusterUrlsOfReport, readPlanFile } from './plan-file.ts'
import { planWarnings } from './plan-warnings.ts'
import { checkPlan, type RedirectionPlan } from './redirection-plan.ts'
import { clientScripts } from './script-files.ts'
import { smallPlan } from './small-organisation.fixture.ts'
import { redirectedUrls } from './url-variants.ts'

function refusal(code: ErrorCode): (error: unknown) => boolean {
  return (error) => isRightsError(error, code)
}

function withUrl(url: string): RedirectionPlan {
  return { ...smallPlan, clusterUrls: [...smallPlan.clusterUrls, { url, source: 'typed' }] }
}

const doubtful: readonly (readonly [string, ErrorCode])[] = [
  [' https://rms.lakeside.test', 'redirection-url-blank'],
  ['https://rms.lakeside.test ', 'redirection-url-blank'],
  ['https://rms. lakeside.test', 'redirection-url-blank'],
  ['https://rms.lakeside.test\r\n', 'redirection-url-blank'],
  ['https://rms.lakeside.test\u00a0', 'redirection-url-blank'],
  ['https://rms\u200b.lakeside.test', 'redirection-url-blank'],
  ['"https://rms.lakeside.test"', 'redirection-url-quote'],
  ['https://rms.lakeside.test/_wmcs/licensing\u201d', 'redirection-url-quote'],
  ["https://rms'.lakeside.test", 'redirection-url-quote'],
  ['https://rm\u0455.lakeside.test', 'redirection-url-not-ascii'],
  ['https://rms\uff0elakeside.test', 'redirection-url-not-ascii'],
  ['https\uff1a//rms.lakeside.test', 'redirection-url-not-ascii'],
  ['rms.lakeside.test', 'redirection-url-scheme'],
  ['htps://rms.lakeside.test', 'redirection-url-scheme'],
  ['http:/rms.lakeside.test', 'redirection-url-scheme'],
  ['ftp://rms.lakeside.test', 'redirection-url-scheme'],
  ['file:///c:/rms', 'redirection-url-scheme'],
  ['https://', 'redirection-url-host'],
  ['https:///_wmcs', 'redirection-url-host'],
  ['https://https://rms.lakeside.test', 'redirection-url-host'],
  ['https://rms..lakeside.test', 'redirection-url-host'],
  ['https://rms,lakeside.test', 'redirection-url-host'],
  ['https://-rms.lakeside.test', 'redirection-url-host'],
  ['https://300.1.1.1', 'redirection-url-host'],
  ['https://rms.lakeside.test:0', 'redirection-url-host'],
  ['https://rms.lakeside.test:65536', 'redirection-url-host'],
  ['https://rms.lakeside.test:4430000', 'redirection-url-host'],
  ['https://rms.lakeside.test&calc', 'redirection-url-host'],
  ['https://%PATH%', 'redirection-url-host'],
  ['https://rms.lakeside.test.', 'redirection-url-trailing-dot'],
  ['https://rms.lakeside.test.:443/_wmcs/licensing', 'redirection-url-trailing-dot'],
  ['https://rms.lakeside.test/_wmcs/licencing', 'redirection-url-path'],
  ['https://rms.lakeside.test/wmcs/licensing', 'redirection-url-path'],
  ['https://rms.lakeside.test//_wmcs/licensing', 'redirection-url-path'],
  ['https://rms.lakeside.test/_wmcs/licensing/%2e%2e', 'redirection-url-path'],
  ['https://rms.lakeside.test/_wmcs/licensing?x=1', 'redirection-url-malformed'],
  ['https://user@rms.lakeside.test', 'redirection-url-malformed'],
  ['', 'redirection-url-malformed'],
  [`https://${'a'.repeat(3_000)}`, 'redirection-url-malformed'],
]

test('a doubtful address is refused with its own code, as cluster, tenant or for those who stay', () => {
  for (const [url, code] of doubtful) {
    assert.throws(() => clientScripts(withUrl(url)), refusal(code), url)
    assert.throws(() => clientScripts({ ...smallPlan, tenantUrl: url }), refusal(code), url)
    assert.throws(() => clientScripts({ ...smallPlan, stayingUrl: url }), refusal(code), url)
  }
})

test('a refusal shows the doubtful character', () => {
  assert.throws(
    () => readServiceUrl('https://rm\u0455.lakeside.test'),
    (error) => isRightsError(error) && error.detail === '"https://rm\\u0455.lakeside.test"',
  )
})

test('versions, batches, loops and empty plans are refused', () => {
  for (const version of ['', '2024', '20240230', '20241301', '20240517 ', '2024-05-17', '"&calc&"']) {
    assert.throws(() => checkPlan({ ...smallPlan, version }), refusal('script-version-invalid'), version)
  }
  for (const batch of ['', ' a', 'a%PATH%', 'a"b', 'a&b', 'a\nb', 'caf\u00e9', 'a'.repeat(65)]) {
    assert.throws(() => checkPlan({ ...smallPlan, batch }), refusal('batch-name-invalid'), batch)
  }
  assert.throws(() => checkPlan(withUrl('http://RIGHTS.lakeside.example')), refusal('redirection-loop'))
  assert.throws(
    () => checkPlan({ ...smallPlan, tenantUrl: 'http://rights.lakeside.example' }),
    refusal('redirection-url-scheme'),
  )
  const invalid: readonly Partial<RedirectionPlan>[] = [
    { clusterUrls: [] },
    { stayingUrl: 'https://elsewhere.test' },
    { mailDomains: ['lakeside'] },
    { mailDomains: ['lake side.test'] },
    { anchors: ['xyz'] },
  ]
  for (const part of invalid) {
    assert.throws(() => checkPlan({ ...smallPlan, ...part }), refusal('redirection-plan-invalid'))
  }
})

test('every spelling is there: short and full name, http and https, default ports, and those of licences letter by letter', () => {
  const variants = redirectedUrls(checkPlan(smallPlan))
  const urls = variants.map(({ url }) => url.toLowerCase())
  for (const host of ['rms', 'rms.lakeside.test', 'rights-extranet', 'rights-extranet.lakeside.test']) {
    for (const start of [`http://${host}`, `http://${host}:80`, `https://${host}`, `https://${host}:443`]) {
      assert.ok(urls.includes(`${start}/_wmcs/licensing`), `${start}/_wmcs/licensing`)
    }
  }
  assert.equal(new Set(urls).size, urls.length, 'names of values know no case')
  const origin = (url: string): string | undefined => variants.find((variant) => variant.url === url)?.origin
  assert.equal(origin('HTTPS://RMS.Lakeside.test:443/_wmcs/Licensing'), 'licence')
  assert.equal(origin('http://rms/_wmcs/licensing/'), 'licence')
  assert.equal(origin('https://rights-extranet.lakeside.test/_wmcs/licensing'), 'server')
  assert.equal(origin('https://rms.lakeside.test/_wmcs/licensing'), 'typed')
  assert.equal(origin('http://rms.lakeside.test/_wmcs/licensing'), 'derived')
})

function urlsFor(url: string): readonly string[] {
  const plan = checkPlan({ ...smallPlan, clusterUrls: [{ url, source: 'typed' }] })
  return redirectedUrls(plan).map((variant) => variant.url)
}

test('a port of its own is kept with its scheme; an address by number has no short name', () => {
  assert.deepEqual(urlsFor('http://rms.lakeside.test:8080'), [
    'http://rms.lakeside.test:8080/_wmcs/licensing',
    'http://rms:8080/_wmcs/licensing',
  ])
  assert.equal(urlsFor('https://10.0.0.5/_wmcs/certification').length, 4)
  assert.ok(
    urlsFor('https://rms.lakeside.test/_wmcs/licensingexternal').every((url) => url.endsWith('/licensingexternal')),
  )
})

test('warnings: only a short name, and a typed address that nothing else names', () => {
  const plan = checkPlan({
    ...smallPlan,
    clusterUrls: [
      { url: 'https://rms.lakeside.test/_wmcs/licensing', source: 'licence' },
      { url: 'https://rsm.lakeside.test', source: 'typed' },
      { url: 'http://legal-rms', source: 'typed' },
    ],
  })
  assert.deepEqual(planWarnings(plan), [
    { code: 'short-name-only', subject: 'legal-rms' },
    { code: 'typed-not-seen', subject: 'https://rsm.lakeside.test' },
    { code: 'typed-not-seen', subject: 'http://legal-rms' },
  ])
})

test('a plan file is read strictly, and reads back what a run writes', () => {
  assert.deepEqual(readPlanFile(JSON.stringify(smallPlan)), smallPlan)
  const short = readPlanFile(JSON.stringify({ ...smallPlan, clusterUrls: ['https://rms.lakeside.test'] }))
  assert.deepEqual(short.clusterUrls, [{ url: 'https://rms.lakeside.test', source: 'typed' }])
  const bad: readonly unknown[] = [
    null,
    [],
    {},
    { ...smallPlan, password: 'x' },
    { ...smallPlan, version: 20240517 },
    { ...smallPlan, clusterUrls: 'https://rms.lakeside.test' },
    { ...smallPlan, clusterUrls: [{ url: 'https://rms.lakeside.test', source: 'guessed' }] },
    { ...smallPlan, clusterUrls: [{ url: 'https://rms.lakeside.test', source: 'typed', more: 1 }] },
  ]
  for (const value of bad) {
    assert.throws(() => readPlanFile(JSON.stringify(value)), refusal('redirection-plan-invalid'))
  }
  assert.throws(() => readPlanFile('{'), refusal('redirection-plan-invalid'))
})

test('of a report, only addresses whose key is exported are redirected; a partner stays where it is', () => {
  const report = JSON.stringify({
    urls: [
      { url: 'http://RMS-old:80/_wmcs/licensing', documents: 3, mapped: true },
      { url: 'https://rights.lakeside.example/_wmcs/licensing', documents: 1, mapped: true },
      { url: 'https://rms.partner.test/_wmcs/licensing', documents: 2, mapped: false },
      { url: 'https://RMS.lakeside.test/_wmcs/licensing', documents: 1, mapped: false },
      { url: 'http://rms:80/_wmcs/licensing ', documents: 1, mapped: false },
      { url: 'https://rms.lakeside.test/_wmcs/licensing" & calc', documents: 1, mapped: false },
    ],
  })
  const input = { report, tenantUrl: smallPlan.tenantUrl, known: smallPlan.clusterUrls }
  const { clusterUrls, warnings } = clusterUrlsOfReport(input)
  assert.deepEqual(clusterUrls, [
    { url: 'http://RMS-old:80/_wmcs/licensing', source: 'licence' },
    { url: 'https://RMS.lakeside.test/_wmcs/licensing', source: 'licence' },
    { url: 'http://rms:80/_wmcs/licensing ', source: 'licence' },
  ])
  assert.deepEqual(
    warnings.map(({ subject }) => subject),
    ['https://rms.partner.test/_wmcs/licensing', 'https://rms.lakeside.test/_wmcs/licensing" & calc'],
  )
  const blank = JSON.stringify({ urls: [{ url: 'http://rms /_wmcs/licensing', documents: 1, mapped: true }] })
  assert.throws(() => clusterUrlsOfReport({ ...input, report: blank }), refusal('redirection-url-blank'))
  const except = ['http://rms /_wmcs/licensing']
  assert.deepEqual(clusterUrlsOfReport({ ...input, report: blank, except }).clusterUrls, [])
})

test('a blank at the end is kept where a licence carries it, and refused where somebody typed it', () => {
  const url = 'https://rms.lakeside.test/_wmcs/licensing '
  const plan = checkPlan({ ...smallPlan, clusterUrls: [{ url, source: 'licence' }] })
  assert.deepEqual(
    redirectedUrls(plan).filter(({ origin }) => origin === 'licence'),
    [{ url, origin: 'licence' }],
  )
  assert.deepEqual(planWarnings(plan), [{ code: 'blank-in-licence', subject: url }])
  for (const source of ['typed', 'server'] as const) {
    assert.throws(() => checkPlan({ ...smallPlan, clusterUrls: [{ url, source }] }), refusal('redirection-url-blank'))
  }
  assert.throws(
    () => checkPlan({ ...smallPlan, clusterUrls: [{ url: `${url}\t`, source: 'licence' }] }),
    refusal('redirection-url-blank'),
  )
})

test('whatever is given as an address: a plan, or a code', () => {
  const piece = fc.constantFrom(
    'http',
    'https',
    '://',
    '/',
    '_wmcs',
    'licensing',
    'rms',
    '.',
    ':',
    '443',
    ' ',
    '"',
    '%',
    '&',
    '\u0455',
    '@',
    '?',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece).map((pieces) => pieces.join('')),
  )
  fc.assert(
    fc.property(text, (url) => {
      try {
        const variants = redirectedUrls(checkPlan(withUrl(url)))
        for (const variant of variants)
          assert.match(variant.url, /^https?:\/\/[a-z0-9._-]+(:\d+)?\/_wmcs\/licensing[a-z./]* ?$/i)
      } catch (error) {
        assert.ok(isRightsError(error), String(error))
      }
    }),
    { numRuns: 2_000 },
  )
})
