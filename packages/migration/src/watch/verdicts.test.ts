import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAgent } from './agent.ts'
import type { RequestEvent } from './request-event.ts'
import { logWatch } from './watch-port.ts'
import { dailyLine, verdictBar } from './watch-picture.ts'
import { watchTable } from './watch-table.ts'
import { createWatch, verdicts, type WatchOptions } from './verdicts.ts'

const now = new Date('2024-06-30T12:00:00Z')

function event(daysAgo: number, system: 'cluster' | 'tenant', more: Partial<RequestEvent> = {}): RequestEvent {
  return {
    time: new Date(now.getTime() - daysAgo * 86_400_000),
    principal: 'anna@lakeside.example',
    host: '10.0.0.5',
    agent: readAgent('MSIPC;AppArch=x86'),
    operation: 'AcquireLicense',
    system,
    ok: true,
    ...more,
  }
}

const of = (principal: string): Partial<RequestEvent> => ({ principal, host: `host of ${principal}` })

async function readinessOf(events: readonly RequestEvent[], more: Partial<WatchOptions> = {}): Promise<unknown> {
  const { readiness } = await verdicts(events, { now, ...more })
  return [readiness.ready, readiness.quietDays, readiness.daysLeft]
}

function canonical(name: string): string {
  return name === 'lakeside\\anna' ? 'anna@lakeside.example' : name
}

function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

test('the verdict counts the quiet period; the last time on each side is told in any case', async () => {
  const found = await verdicts(
    [
      event(1, 'tenant', of('both')),
      event(2, 'cluster', of('both')),
      event(60, 'cluster', of('both')),
      event(20, 'cluster', of('moved')),
      event(3, 'tenant', of('moved')),
      event(5, 'cluster', of('stays')),
      event(40, 'tenant', of('gone')),
      event(1, 'tenant', { ...of('refused'), ok: false }),
      event(1, 'tenant', { ...of('administrator'), operation: 'other' }),
    ],
    { now, principals: ['Never@lakeside.example'] },
  )
  assert.deepEqual(
    found.users.map(({ name, verdict }) => `${name} ${verdict}`),
    ['stays cluster-only', 'both both', 'moved tenant-only', 'gone silent', 'never@lakeside.example silent'],
  )
  assert.deepEqual(found.counts, { 'cluster-only': 1, both: 1, 'tenant-only': 1, silent: 2 })
  assert.equal(found.users[1]?.cluster?.first.toISOString(), '2024-05-01T12:00:00.000Z')
  assert.deepEqual(found.users[1].days.at(-1), { day: '2024-06-29', cluster: 0, tenant: 1 })
  assert.equal(found.users[3]?.tenant?.last.toISOString(), '2024-05-21T12:00:00.000Z')
  assert.deepEqual(found.readiness.findings, ['1 user uses only the cluster', '1 user uses both systems'])
  assert.equal(found.readiness.daysLeft, 12)
})

test('each leftover request has its cause and its cure', async () => {
  const expected = {
    'client-not-redirected': { operation: 'Certify' },
    'url-variant-missing': { operation: 'AcquireLicense', url: 'https://rms:443/_wmcs/licensing' },
    'server-not-moved': { operation: 'ServerCertify' },
    'service-connection-point': { operation: 'FindServiceLocations' },
    'template-task': { operation: 'TemplateDistribution' },
    'mobile-record-published': { agent: readAgent('', true) },
    'mac-cache': { agent: readAgent('OSName=Mac') },
  } as const
  for (const [name, more] of Object.entries(expected)) {
    const { leftovers } = await verdicts([event(1, 'cluster', more), event(50, 'cluster', more)], { now })
    assert.deepEqual([leftovers.length, leftovers[0]?.class, leftovers[0]?.requests], [1, name, 1])
    assert.ok(leftovers[0]?.cure !== '')
  }
  const { leftovers } = await verdicts([event(1, 'cluster', expected['url-variant-missing'])], { now })
  assert.deepEqual(leftovers[0]?.urls, ['https://rms:443/_wmcs/licensing'])
  assert.equal(leftovers[0].agent, 'MSIPC 32')
})

test('a cluster may go after the quiet days, longer with Macs, and only if its log was kept', async () => {
  const quiet = [event(20, 'cluster'), event(1, 'tenant')]
  assert.deepEqual(await readinessOf(quiet), [true, 14, 0])
  assert.deepEqual(await readinessOf([...quiet, event(40, 'cluster', { agent: readAgent('OSName=Mac') })]), [
    false,
    30,
    10,
  ])
  assert.deepEqual(await readinessOf([event(1, 'tenant')]), [false, 14, 14])
  assert.deepEqual(await readinessOf([event(1, 'tenant')], { clusterLogFrom: new Date('2024-01-01') }), [true, 14, 0])
  assert.deepEqual(await readinessOf([...quiet, event(3, 'cluster', { principal: '' })]), [false, 14, 11])
})

test('events may come in any order', async () => {
  const events = [event(1, 'tenant'), event(9, 'cluster', of('b')), event(30, 'cluster'), event(2, 'cluster', of('c'))]
  const [forward, backward] = [events, events.toReversed()].map((each) => verdicts(each, { now }))
  assert.deepEqual(await forward, await backward)
})

test('accounts of one system may be named as in the other', async () => {
  const { users } = await verdicts([event(1, 'cluster', { principal: 'lakeside\\anna' }), event(1, 'tenant')], {
    now,
    canonical,
  })
  assert.deepEqual(
    users.map(({ name, verdict }) => `${name} ${verdict}`),
    ['anna@lakeside.example both'],
  )
})

test('200 000 rows need no more memory than 20 000', () => {
  const watch = createWatch({ now })
  const text = 'x'.repeat(1_000)
  const addRows = (from: number, to: number): void => {
    for (let index = from; index < to; index++) {
      const person = `${text}person${index % 500}@lakeside.example`.slice(1_000)
      const system = index % 3 === 0 ? 'cluster' : 'tenant'
      watch.add(
        event(index % 60, system, { principal: person, host: `10.0.${index % 250}.1`, url: `http://old${index % 9}/` }),
      )
    }
  }
  addRows(0, 60_000)
  const before = heap()
  addRows(60_000, 200_000)
  const grown = heap() - before
  assert.ok(grown < 20_000_000, `${grown} bytes more`)
  const { counts, days } = watch.finish()
  assert.equal(counts['cluster-only'] + counts.both + counts['tenant-only'] + counts.silent, 500)
  assert.equal(
    days.reduce((sum, { requests }) => sum + requests.cluster + requests.tenant, 0),
    200_000,
  )
})

test('the table and the pictures say the same in words; foreign text does not act', async () => {
  const found = await verdicts(
    [
      event(1, 'cluster', { principal: 'evil\u001b[2J<b>', host: '"><script>' }),
      event(2, 'tenant'),
      event(8, 'cluster'),
    ],
    { now },
  )
  const table = watchTable(found)
  assert.match(table, /cluster-only 1\/1 {3}both 1\/1/)
  assert.match(table, /url-variant-missing/)
  assert.equal(table.includes('\u001b'), false)
  const bar = verdictBar(found.counts)
  assert.match(bar, /aria-label="1 cluster-only, 1 both, 0 tenant-only, 0 silent"/)
  for (const name of ['cluster-only', 'both', 'silent']) assert.match(bar, new RegExp(`<pattern id="watch-${name}"`))
  assert.match(dailyLine(found), /1 on 2024-06-22, 1 on 2024-06-29, at most 1/)
  assert.equal(dailyLine({ days: [] }), '')
  assert.equal(bar + dailyLine(found) === verdictBar(found.counts) + dailyLine(found), true)
})

test('the steps of a migration get verdicts and leftovers by cause', async () => {
  const row = {
    sequence: 1,
    hostMachineName: '',
    requestTime: '2024-06-29T00:00:00Z',
    requestPath: '',
    requestType: 'Certification.Certify',
    requestUserAddress: '10.0.0.5',
    requestUserAgent: '',
    authenticatedState: '',
    secureConnectionState: '',
    authenticatedId: 'anna@lakeside.example',
    successOrFailure: 'Succeeded',
    metadata: {},
  } as const
  const rows = async function* (...given: readonly (typeof row)[]) {
    yield* await Promise.resolve(given)
  }
  const result = await logWatch.verdicts({
    cluster: rows(row),
    tenant: rows(),
    principals: ['li@lakeside.example'],
    since: new Date('2024-06-16T00:00:00Z'),
    now,
  })
  assert.deepEqual(
    result.principals.map(({ principal, verdict }) => `${principal} ${verdict}`),
    ['anna@lakeside.example cluster-only', 'li@lakeside.example silent', '10.0.0.5 cluster-only'],
  )
  assert.deepEqual(result.leftovers[0]?.principals, ['anna@lakeside.example'])
})
