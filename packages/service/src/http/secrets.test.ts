/** Secrets and documents do not get into the log or into refusals (threat S1): a whole run, then a search. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bootstrap, publishOffline, soap } from './test-client.ts'
import { openTestOrganisation, testPassword } from './test-organisation.ts'

test('no password, token, key, licence or body is logged', async () => {
  const organisation = await openTestOrganisation()
  try {
    const server = organisation.server()
    const refusals: string[] = []
    const bearer = await organisation.bearer('alice')
    const canaries = [testPassword, organisation.basic('alice').slice(6), bearer.slice(7), bearer.slice(-20), 'CANARY']

    const alice = await bootstrap(organisation, server, 'alice')
    const document = await publishOffline(alice)
    canaries.push(Buffer.from(document.contentKey.key).toString('base64'), ...document.chain, ...alice.accountChain)
    const requests = [{ licenseeCertificates: alice.accountChain, issuanceLicense: document.chain }]
    await soap(server, 'AcquireLicense', { requests })

    const published = await server.inject({
      method: 'POST',
      url: '/my/v2/publishinglicenses?CANARY',
      headers: { authorization: bearer, 'content-type': 'application/json' },
      payload: JSON.stringify({
        PreferDeprecatedAlgorithms: false,
        AllowAuditedExtraction: false,
        TemplateId: organisation.templateId,
      }),
    })
    const { Key, SerializedPublishingLicense } = published.json<{
      Key: { Value: string }
      SerializedPublishingLicense: string
    }>()
    canaries.push(Key.Value, SerializedPublishingLicense)

    for (const [method, url, payload] of [
      ['POST', '/my/v2/enduserlicenses', '{"SerializedPublishingLicense":"CANARY"}'],
      ['POST', '/my/v2/enduserlicenses', 'CANARY'],
      ['POST', '/my/v2/publishinglicenses', '{"TemplateId":"CANARY"}'],
      ['GET', '/my/v2/servicediscovery?CANARY=1', undefined],
      ['GET', '/CANARY', undefined],
      ['POST', '/_wmcs/licensing/license.asmx', '<CANARY/>'],
      ['POST', '/_wmcs/licensing/license.asmx', 'CANARY'],
      ['POST', '/sealward/v1/machine', '{"modulus":"CANARY"}'],
    ] as const) {
      for (const authorization of [bearer, `${bearer}x`, 'Bearer CANARY', 'Basic Q0FOQVJZOkNBTkFSWQ==']) {
        const headers = { authorization, 'content-type': url.startsWith('/_wmcs') ? 'text/xml' : 'application/json' }
        const response = await server.inject({
          method,
          url,
          headers,
          ...(payload === undefined ? {} : { payload }),
        })
        refusals.push(response.payload, JSON.stringify(response.headers))
      }
    }
    assert.ok(organisation.logged.length > 35)
    const output = [...organisation.logged, ...refusals].join('\n')
    for (const canary of canaries) assert.equal(output.includes(canary), false, `found ${canary.slice(0, 30)}`)
  } finally {
    await organisation.close()
  }
})
