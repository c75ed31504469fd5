/** Who may be asked, and who gets a password. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { connect, type Connection, type ConnectionOptions } from './connection.ts'
import { licenseServerFor } from './license-server.ts'

const serviceUrl = 'https://rights.lakeside.example'
const partner = 'https://partner.example/_wmcs/licensing'
const old = 'https://old.lakeside.example/_wmcs/licensing'

function connection(options: Partial<ConnectionOptions> = {}): Connection {
  return connect({ serviceUrl, user: 'bob@lakeside.example', redirections: [{ from: old, to: partner }], ...options })
}

test('trusted servers may be asked and get no password', () => {
  const { allowedHosts, ownHosts } = connection({ trustedServers: ['Trusted.example'], allowedHosts: ['own.example'] })
  assert.deepEqual([...allowedHosts].sort(), [
    'own.example',
    'partner.example',
    'rights.lakeside.example',
    'trusted.example',
  ])
  assert.deepEqual([...ownHosts].sort(), ['own.example', 'rights.lakeside.example'])
})

test('where only trusted servers are asked, a redirection allows nobody', async () => {
  const only = connection({ trustedServersOnly: true, trustedServers: ['trusted.example'] })
  await assert.rejects(only.transport.send({ method: 'GET', url: partner }), (error) =>
    isRightsError(error, 'service-host-not-allowed'),
  )
  assert.ok(
    connection({ trustedServersOnly: true, trustedServers: ['partner.example'] }).allowedHosts.has('partner.example'),
  )
})

test('discovery is asked only about addresses that may not be asked themselves', async () => {
  const asked: string[] = []
  const findLicensing = (urls: readonly string[]): Promise<string | undefined> => {
    asked.push(...urls)
    return Promise.resolve(urls[0] === 'https://gone.example' ? undefined : 'https://found.example/_wmcs/licensing')
  }
  const searching = connection({ findLicensing })
  const serverFor = async (...urls: readonly string[]) => {
    const { url, connection: used } = await licenseServerFor(searching, urls)
    return [url, [...used.ownHosts].includes(new URL(url).host)]
  }
  assert.deepEqual(await serverFor(), [`${serviceUrl}/_wmcs/licensing`, true])
  assert.deepEqual(await serverFor(old), [partner, false])
  assert.deepEqual(asked, [])
  assert.deepEqual(await serverFor('http://unknown.example/_wmcs/licensing', 'https://outside.example'), [
    'https://found.example/_wmcs/licensing',
    true,
  ])
  assert.deepEqual(asked, ['http://unknown.example/_wmcs/licensing', 'https://outside.example'])
  assert.deepEqual(await serverFor('https://gone.example'), ['https://gone.example', false])
})

test('the services are below the base path of the address, the usual one unless it has another', () => {
  for (const [given, base] of [
    ['https://rms.corp.test', 'https://rms.corp.test/_wmcs'],
    ['https://rms.corp.test/_WMCS/', 'https://rms.corp.test/_wmcs'],
    ['https://rms.corp.test:8443/Rights/_wmcs', 'https://rms.corp.test:8443/rights/_wmcs'],
  ] as const) {
    const { url, certification, licensing } = connection({ serviceUrl: given }).service
    assert.deepEqual(
      [url, certification, licensing],
      [new URL(base).origin, `${base}/certification`, `${base}/licensing`],
    )
  }
  for (const path of ['/_wmcs/licensing', '/rights/_wmcs/certification', '/a//b', '/a%2fb', '/..%2f_wmcs']) {
    assert.throws(
      () => connection({ serviceUrl: `https://rms.corp.test${path}` }),
      (error) => isRightsError(error, 'service-url-refused'),
      path,
    )
  }
})
