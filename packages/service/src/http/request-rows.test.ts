/** One row per request: the ServiceRequest view and the usage log, both from the same records. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { listServiceRequests, type ServiceRequest } from '../administration/logs/service-request.ts'
import { usageLog } from '../administration/logs/usage-log.ts'
import type { AdministrationContext } from '../administration/change.ts'
import type { RequestRecord } from '../core/request-record.ts'
import { createRequestRows } from './request-rows.ts'
import { bootstrap, publishOffline, soap, type TestClient, type TestDocument } from './test-client.ts'
import { openTestOrganisation, type TestOrganisation } from './test-organisation.ts'

for (const personality of ['cluster', 'tenant'] as const) {
  suite(`the request log of a ${personality}`, () => {
    let organisation: TestOrganisation
    let server: FastifyInstance
    let administration: AdministrationContext
    let bob: TestClient
    let document: TestDocument
    let seen = 0

    before(async () => {
      organisation = await openTestOrganisation({ personality })
      server = organisation.server()
      administration = { ...organisation.context, actor: 'test' }
      const alice = await bootstrap(organisation, server, 'alice')
      document = await publishOffline(alice)
      bob = await bootstrap(organisation, server, 'bob')
    })
    after(() => organisation.close())

    /** Rows since the last time. */
    const added = async (): Promise<readonly ServiceRequest[]> => {
      await organisation.settings.rows.settled()
      const { rows } = await listServiceRequests(administration, { after: seen, limit: 1000 })
      seen = rows[rows.length - 1]?.sequence ?? seen
      return rows
    }
    const license = (client: TestClient) =>
      soap(server, 'AcquireLicense', {
        requests: [{ licenseeCertificates: client.accountChain, issuanceLicense: document.chain }],
      })

    test('has one row for each request, decision or not', async () => {
      const bootstrapping = await added()
      assert.equal(bootstrapping.length, 6)
      await license(bob)
      const [row, ...more] = await added()
      assert.deepEqual(more, [])
      assert.deepEqual(
        [row?.requestType, row?.successOrFailure, row?.authenticatedId, row?.requestPath, row?.hostMachineName],
        ['AcquireLicense', 'Succeeded', 'bob@lakeside.example', '/_wmcs/licensing/license.asmx', 'node-1'],
      )
      assert.deepEqual([row?.metadata.result, row?.metadata.owner], ['Success', 'alice@lakeside.example'])
      assert.match(row?.metadata.contentId ?? '', /^\{[0-9a-f-]{36}\}$/)
      assert.equal(row?.metadata.url, 'https://rms.lakeside.example/_wmcs/licensing')
      assert.equal(row.metadata.issuerKey, (await organisation.context.configuration()).activeKey!.id)
      await soap(server, 'GetServerInfo', { requests: [{ type: 'VersionInfo' }] })
      const authorization = organisation.basic('bob')
      await soap(server, 'AcquireTemplateInformation', {}, { authorization })
      const name =
        personality === 'cluster' ? 'TemplateDistribution.AcquireTemplateInformation' : 'AcquireTemplateInformation'
      assert.deepEqual(typesOf(await added()), [
        ['GetServerInfo', 'Succeeded'],
        [name, 'Succeeded'],
      ])
    })

    test('has refusals with their code, also of people without rights', async () => {
      const carol = await bootstrap(organisation, server, 'carol')
      await added()
      await license(carol)
      await license({ ...bob, accountChain: ['<XrML/>'] })
      const rows = await added()
      assert.deepEqual(typesOf(rows), [
        ['AcquireLicense', 'Failed'],
        ['AcquireLicense', 'Failed'],
      ])
      assert.deepEqual(
        rows.map(({ metadata, authenticatedId }) => [metadata.result, authenticatedId]),
        [
          ['no-rights', 'carol@lakeside.example'],
          ['account-certificate-unexpected', ''],
        ],
      )
    })

    test('has nothing for those who only learn how to sign in, for pages, and for what is no operation', async () => {
      await server.inject({ method: 'GET', url: '/my/v2/templates' })
      await server.inject({ method: 'GET', url: '/_wmcs/licensing/license.asmx' })
      await server.inject({ method: 'POST', url: '/_wmcs/licensing/license.asmx', payload: 'no envelope' })
      await server.inject({ method: 'GET', url: '/healthz' })
      assert.deepEqual(await added(), [])
    })

    test('the usage log has the documented fields, and text of clients cannot break them', async () => {
      await server.inject({
        method: 'GET',
        url: '/my/v2/templates',
        headers: { authorization: await organisation.bearer('bob'), 'user-agent': "x'\ty 'z'" },
      })
      await organisation.settings.rows.settled()
      let text = ''
      for await (const part of usageLog(administration, { date: '2026-05-04' })) text += part
      const lines = text.split('\n')
      assert.deepEqual(lines.slice(0, 4), [
        '#Software: RMS',
        '#Version: 1.1',
        '#Fields: date time row-id request-type user-id result correlation-id content-id owner-email issuer template-id file-name date-published c-info c-ip admin-action acting-as-user',
        '#Remark: incomplete, this day is not over',
      ])
      const rows = lines.slice(4, -1).map((line) => line.split('\t'))
      assert.ok(rows.every((row) => row.length === 17))
      const opened = rows.find((row) => row[3] === 'AcquireLicense' && row[5] === "'Success'")
      assert.deepEqual(opened?.slice(0, 2), ['2026-05-04', '12:00:00'])
      assert.deepEqual(
        [opened[4], opened[8], opened[12]],
        ["'bob@lakeside.example'", 'alice@lakeside.example', '2026-05-04T12:00:00'],
      )
      assert.ok(rows.some((row) => row[3] === 'GetServerInfo' && row[4] === '"'))
      assert.ok(rows.some((row) => row[3] === 'FEGetAllTemplates' && /^'x. y  z. ?'$|^'x.*z ?'$/.test(row[13] ?? '')))
      let other = ''
      for await (const part of usageLog(administration, { date: '2026-05-03' })) other += part
      assert.equal(other.split('\n').length, 4)
    })

    test('is read in pages', async () => {
      const first = await listServiceRequests(administration, { after: 0, limit: 2 })
      assert.deepEqual([first.rows.map(({ sequence }) => sequence), first.next], [[1, 2], 2])
      const last = await listServiceRequests(administration, { after: 1_000_000, limit: 2 })
      assert.deepEqual(last, { rows: [] })
    })
  })
}

suite('rows that wait', () => {
  test('strangers get few rows, people all of theirs', async () => {
    const organisation = await openTestOrganisation()
    const { context } = organisation
    const rows = createRequestRows(context.store)
    for (let count = 0; count < 100; count++) {
      rows.add(record(undefined))
      rows.add(record('bob@lakeside.example'))
    }
    rows.add(record(undefined, '192.0.2.2'))
    await rows.settled()
    const kept = await context.store.requests.after(0, 1000)
    assert.equal(kept.filter((row) => row.record.address === undefined).length, 61)
    assert.equal(kept.length, 161)
    await organisation.close()
  })

  test('a store that fails for a while loses none', async () => {
    const organisation = await openTestOrganisation()
    const { context } = organisation
    let fails = true
    const rows = createRequestRows({
      transaction: (work) => (fails ? Promise.reject(new Error('disk full')) : context.store.transaction(work)),
    })
    rows.add(record('bob@lakeside.example'))
    await assert.rejects(rows.settled(), /disk full/)
    fails = false
    rows.add(record('bob@lakeside.example'))
    await rows.settled()
    assert.equal((await context.store.requests.after(0, 10)).length, 2)
    await organisation.close()
  })
})

function typesOf(rows: readonly ServiceRequest[]) {
  return rows.map((row) => [row.requestType, row.successOrFailure])
}

function record(address: string | undefined, remoteAddress = '192.0.2.1'): RequestRecord {
  return {
    id: '1',
    at: '2026-05-04T12:00:00.000Z',
    operation: 'server-info',
    node: 'n',
    path: '/',
    secure: true,
    remoteAddress,
    correlationId: 'c',
    result: 'Success',
    ...(address === undefined ? {} : { address }),
  }
}
