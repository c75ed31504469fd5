/** Clusters and tenants at base paths of their own: every file leads from the whole old address to the whole new one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRedirection, type RedirectionRule } from '@sealward/client'
import { isRightsError } from '@sealward/xrml'
import { clusterUrlsOfReport } from './plan-file.ts'
import type { RedirectionPlan, UrlSource } from './redirection-plan.ts'
import { createRegistry } from './registry-model.fixture.ts'
import { readRegistrationFile } from './registration-reader.fixture.ts'
import { clientScripts } from './script-files.ts'

const plan: RedirectionPlan = {
  tenantUrl: 'https://rights.lakeside.example/Rights/_wmcs',
  clusterUrls: [
    { url: 'http://rms.lakeside.test:8080/Apps/_WMCS/licensing', source: 'typed' },
    { url: 'https://rms.lakeside.test/apps/_wmcs/Licensing/License.asmx', source: 'licence' },
    { url: 'http://legal.lakeside.test/drm/licensing', source: 'licence' },
    { url: 'https://legal.lakeside.test/drm/licensingexternal', source: 'server' },
    { url: 'https://old.lakeside.test', source: 'typed' },
  ],
  batch: 'pilot',
  version: '20240517',
}
const licensing = 'https://rights.lakeside.example/rights/_wmcs/licensing'
const staying = 'http://rms.lakeside.test:8080/apps/_wmcs/licensing'
const { files, variants } = clientScripts(plan)

function fileOf(path: string): Buffer {
  const file = files.find((each) => each.path === path)
  assert.ok(file !== undefined, path)
  return Buffer.from(file.content)
}

function connectionOf(change: string) {
  return JSON.parse(fileOf(`client/connection-${change}.json`).toString('utf8')) as {
    readonly service: string
    readonly redirections: readonly RedirectionRule[]
  }
}

test('every spelling has the path of its own cluster', () => {
  const urls = variants.map(({ url }) => url)
  for (const url of [
    'http://rms.lakeside.test:8080/Apps/_WMCS/licensing',
    'http://rms:8080/apps/_wmcs/licensing',
    'https://rms/apps/_wmcs/licensing',
    'http://rms.lakeside.test:80/apps/_wmcs/licensing',
    'https://legal.lakeside.test:443/drm/licensing',
    'http://legal/drm/licensingexternal',
    'http://old/_wmcs/licensing',
  ]) {
    assert.ok(urls.includes(url), url)
  }
  assert.ok(!urls.some((url) => /(?:rms|legal)[^/]*\/_wmcs/i.test(url)), urls.join(' '))
})

test('the registry of a computer leads all of them to the address of the tenant', () => {
  const registry = createRegistry()
  for (const each of readRegistrationFile(fileOf('migrate/migrate-machine.reg'))) {
    if (each.kind === 'value') registry.set(each.key, each.name, { type: each.type, data: each.data })
  }
  const msipc = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\MSIPC\\ServiceLocation'
  const redirected = registry.values(`${msipc}\\LicensingRedirection`)
  assert.equal(redirected.length, variants.length)
  for (const { name, value } of redirected) assert.equal(value.data, licensing, name)
  assert.equal(registry.get(`${msipc}\\EnterprisePublishing`, '')?.data, licensing)
  assert.equal(
    registry.get(`${msipc}\\EnterpriseCertification`, '')?.data,
    licensing.replace('licensing', 'certification'),
  )
})

test('scripts and policies name the same addresses', () => {
  const made = files.filter(({ path }) => /^migrate\/.*\.(?:cmd|ps1)$|^group-policy\/migrate/.test(path))
  assert.ok(made.length >= 4)
  const applying = made.filter(({ path }) => !path.includes('undo'))
  for (const { path, content } of applying) {
    const text = Buffer.from(content).toString('utf8')
    assert.ok(text.includes(licensing), path)
    assert.ok(text.includes('http://rms:8080/apps/_wmcs/licensing'), path)
    assert.doesNotMatch(text, /rights\.lakeside\.example\/_wmcs/, path)
  }
})

test('our own client finds service and licences, there and back', () => {
  const moved = connectionOf('migrate')
  assert.equal(moved.service, 'https://rights.lakeside.example/rights/_wmcs')
  const there = createRedirection(moved.redirections)
  for (const { url } of variants) assert.equal(there.resolve(url), licensing, url)
  assert.equal(
    there.resolve('http://legal.lakeside.test/_wmcs/licensing'),
    'http://legal.lakeside.test/_wmcs/licensing',
  )
  const left = connectionOf('prepare')
  assert.equal(left.service, 'http://rms.lakeside.test:8080/apps/_wmcs')
  assert.equal(createRedirection(left.redirections).resolve(licensing), staying)
})

test('a service may move to another base path of its host, and not to where it is', () => {
  const from = (url: string): RedirectionPlan => ({ ...plan, clusterUrls: [{ url, source: 'typed' }] })
  const moved = clientScripts(from('https://rights.lakeside.example/_wmcs'))
  assert.equal(moved.plan.tenant.licensing, licensing)
  assert.throws(
    () => clientScripts(from('http://rights.lakeside.example/rights/_wmcs/licensing')),
    (error) => isRightsError(error, 'redirection-loop'),
  )
  const report = JSON.stringify({
    urls: [`${licensing}/license.asmx`, 'https://rights.lakeside.example/_wmcs/licensing'].map((url) => ({
      url,
      mapped: true,
    })),
  })
  const { clusterUrls } = clusterUrlsOfReport({ report, tenantUrl: plan.tenantUrl, known: [] })
  assert.deepEqual(
    clusterUrls.map(({ url }) => url),
    ['https://rights.lakeside.example/_wmcs/licensing'],
  )
})

test('a path that nobody has seen is refused where it looks mistyped', () => {
  const cases: readonly (readonly [url: string, source: UrlSource, refused: boolean])[] = [
    ['http://rms.test/apps/_wmcs', 'typed', false],
    ['http://rms.test/drm/licensing', 'typed', true],
    ['http://rms.test/drm/licensing', 'licence', false],
    ['http://rms.test/drm', 'licence', true],
    ['http://rms.test/_wmcs/licencing', 'licence', true],
    ['http://rms.test/_wmcs/licencing/licensing', 'licence', true],
    ['http://rms.test/licensing', 'licence', true],
    ['http://rms.test/a/../_wmcs/licensing', 'licence', true],
    ['http://rms.test/a%2f_wmcs/licensing', 'licence', true],
    ['http://rms.test/apps;x/_wmcs/licensing', 'typed', true],
  ]
  for (const [url, source, refused] of cases) {
    const make = () => clientScripts({ ...plan, clusterUrls: [{ url, source }] })
    if (refused) assert.throws(make, (error) => isRightsError(error, 'redirection-url-path'), url)
    else assert.doesNotThrow(make, url)
  }
  for (const tenantUrl of [
    'https://x.test/rights/_wmcs/licencing',
    'https://x.test/wmcs/licensing',
    'https://x.test/a//b',
  ]) {
    assert.throws(
      () => clientScripts({ ...plan, tenantUrl }),
      (error) => isRightsError(error, 'redirection-url-path'),
      tenantUrl,
    )
  }
})
