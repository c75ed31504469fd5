import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admit, dismiss } from '../administration/admission.ts'
import { addSuperUser, enableSuperUsers } from '../administration/super-users.ts'
import { openTestCluster } from './cluster.fixture.ts'
import type { CoreContext } from './ports.ts'
import { createRateLimits } from './rate-limits.ts'
import { payerOf, requireRateOfAddress, requireRateOfPerson } from './require-rate.ts'
import { noWindowsAccounts } from './windows-accounts.ts'

const limited = { code: 'rate-limited' }
const size = { burst: 4, perSecond: 2 }

interface LimitsInTime extends Pick<CoreContext, 'rateLimits' | 'clock'> {
  readonly spend: (kind: 'person' | 'address', requester: string, tokens: number) => boolean
  pass(milliseconds: number): void
}

function limitsAt(start: Date): LimitsInTime {
  let now = start.getTime()
  const clock = { now: () => new Date(now) }
  const rateLimits = createRateLimits({ person: size, address: size })
  return {
    clock,
    rateLimits,
    spend: (kind, requester, tokens) => rateLimits.spend(kind, requester, tokens, clock.now()),
    pass(milliseconds) {
      now += milliseconds
    },
  }
}

const noon = new Date('2026-05-04T12:00:00Z')

test('a bucket gives what it holds, and fills again with time, to its brim', () => {
  const time = limitsAt(noon)
  const tokens = (): number => {
    let count = 0
    while (time.spend('person', 'alice', 1)) count++
    return count
  }
  assert.equal(tokens(), 4)
  time.pass(499)
  assert.equal(tokens(), 0)
  time.pass(1)
  assert.equal(tokens(), 1)
  time.pass(3_600_000)
  assert.equal(tokens(), 4)
  // A clock that was set back takes nothing away, and gives nothing.
  time.pass(-60_000)
  assert.equal(tokens(), 0)
})

test('what costs more than there is takes nothing', () => {
  const time = limitsAt(noon)
  assert.equal(time.spend('person', 'alice', 3), true)
  assert.equal(time.spend('person', 'alice', 3), false)
  assert.equal(time.spend('person', 'alice', 1), true)
})

test('everybody has a bucket, and a person is no address', () => {
  const time = limitsAt(noon)
  assert.equal(time.spend('person', 'alice', 4), true)
  assert.equal(time.spend('person', 'alice', 1), false)
  assert.equal(time.spend('person', 'bob', 4), true)
  assert.equal(time.spend('address', 'alice', 4), true)
})

test('buckets take bounded memory: those that rested longest are forgotten, and are full again', () => {
  const time = limitsAt(noon)
  assert.equal(time.spend('address', 'first', 4), true)
  assert.equal(time.spend('address', 'first', 1), false)
  for (let count = 0; count < 10_000; count++) time.spend('address', `other ${count}`, 1)
  assert.equal(time.spend('address', 'first', 1), true)
})

test('an address without tokens is refused', () => {
  const time = limitsAt(noon)
  for (let count = 0; count < size.burst; count++) requireRateOfAddress(time, '192.0.2.1')
  assert.throws(() => requireRateOfAddress(time, '192.0.2.1'), limited)
  time.pass(1_000)
  requireRateOfAddress(time, '192.0.2.1')
})

test('servers, super users and publishers for others ask without limit; nobody else does', async () => {
  const cluster = await openTestCluster({ settings: { publishersForOthers: ['ben@lakeside.example'] } })
  const context = { ...cluster.context, rateLimits: limitsAt(noon).rateLimits }
  const ask = async (name: string): Promise<void> => {
    const { user } = await cluster.caller(name)
    await requireRateOfPerson(context, user, size.burst + 1)
  }
  await ask('ben')
  await assert.rejects(ask('alice'), limited)
  const { administration } = cluster
  // By a group that alice is in.
  const admitted = { door: 'pre-licensing', member: 'staff@lakeside.example' } as const
  await admit(administration, { ...admitted, directory: context.directory })
  await ask('alice')
  await dismiss(administration, admitted)
  await assert.rejects(ask('alice'), limited)
  await addSuperUser(administration, { address: 'alice@lakeside.example', directory: context.directory })
  await assert.rejects(ask('alice'), limited)
  await enableSuperUsers(administration, { enabled: true })
  await ask('alice')
})

test('servers without address, and whoever is in a group without one, ask without limit as long as they are admitted', async () => {
  const [computer, servers] = ['S-1-5-21-7-7-7-2001', 'S-1-5-21-7-7-7-3001']
  const named = {
    'corp\\mail01$': { kind: 'account', sid: computer, name: 'corp\\mail01$' },
    'corp\\servers': { kind: 'security', sid: servers, name: 'corp\\servers' },
  } as const
  const cluster = await openTestCluster({
    accounts: {
      ...noWindowsAccounts,
      named: async (name) => Object.values(named).find((each) => each.name === name),
      groupSids: async (id) => (id === 'id-alice' ? [servers] : []),
    },
  })
  const context = { ...cluster.context, rateLimits: limitsAt(noon).rateLimits }
  const account = { id: 'id-mail01', sid: computer, name: 'corp\\mail01$', disabled: false }
  const callers = {
    'corp\\mail01$': { account, authentication: 'kerberos' },
    'corp\\servers': await cluster.caller('alice'),
  } as const
  for (const member of ['corp\\mail01$', 'corp\\servers'] as const) {
    const ask = (): Promise<void> => requireRateOfPerson(context, payerOf(callers[member]), size.burst + 1)
    await assert.rejects(ask(), limited, member)
    await admit(cluster.administration, { door: 'pre-licensing', member, directory: context.directory })
    await ask()
    await dismiss(cluster.administration, { door: 'pre-licensing', member })
    await assert.rejects(ask(), limited, member)
  }
})
