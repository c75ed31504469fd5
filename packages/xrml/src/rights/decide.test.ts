import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { noTimes, type RightsEntry, type TimeConditions } from '../elements/rights-list.ts'
import { at } from '../hierarchy.fixture.ts'
import { decide, names, type DecideInput, type ResolvedPrincipal } from './decide.ts'
import type { RightsPolicy } from './policy.ts'

const hour = 3_600_000
const start = at('2020-01-01T00:00').getTime()
const instant = (hours: number): Date => new Date(start + hours * hour)

const person: ResolvedPrincipal = {
  addresses: ['ben@lakeside.example', 'b.en@lakeside.example'],
  sids: ['S-1-5-21-1', 'S-1-5-21-0'],
  groups: ['staff@lakeside.example'],
  superUser: false,
}

function policyOf(entries: readonly RightsEntry[], preconditions: TimeConditions = noTimes): RightsPolicy {
  return {
    official: false,
    id: undefined,
    names: [],
    issuedAt: instant(0),
    entries,
    preconditions,
    owner: undefined,
    referral: undefined,
    distributionPoints: [],
    applicationData: [],
    policyLists: [],
    refresh: [],
  }
}

function entry(right: string, principal: RightsEntry['principal'], times: TimeConditions = noTimes): RightsEntry {
  return { right, principal, enablingBits: undefined, times }
}

const byMail = (name: string) => ({ idType: 'Unspecified', id: '', name })

function input(fields: Partial<DecideInput> = {}): DecideInput {
  return {
    policy: policyOf([]),
    principal: person,
    owner: 'ada@lakeside.example',
    issuer: ['ada@lakeside.example'],
    publishedAt: instant(0),
    now: instant(10),
    ...fields,
  }
}

suite('whom an entry names', () => {
  const cases: readonly (readonly [name: string, principal: RightsEntry['principal'], expected: boolean])[] = [
    ['the primary address', byMail('ben@lakeside.example'), true],
    ['another address', byMail('b.en@lakeside.example'), true],
    ['an address in capitals', byMail('Ben@Lakeside.Example'), true],
    ['a group', byMail('Staff@lakeside.example'), true],
    ['somebody else', byMail('eve@lakeside.example'), false],
    ['an empty address', byMail(''), false],
    ['no address', { idType: 'Unspecified', id: '', name: undefined }, false],
    ['an address with blanks', byMail(' ben@lakeside.example'), false],
    ['the start of an address', byMail('ben@lakeside'), false],
    ['a security identifier', { idType: 'Windows', id: 'S-1-5-21-1', name: undefined }, true],
    ['a historical security identifier', { idType: 'Windows', id: 'S-1-5-21-0', name: undefined }, true],
    ['a foreign security identifier', { idType: 'Windows', id: 'S-1-5-21-9', name: undefined }, false],
    ['an empty security identifier', { idType: 'Windows', id: '', name: undefined }, false],
    ['a Windows account by its address', { idType: 'Windows', id: '', name: 'ben@lakeside.example' }, true],
    ['a security identifier of another type', { idType: 'Unspecified', id: 'S-1-5-21-1', name: undefined }, false],
    ['anyone', { idType: 'Internal', id: 'Anyone', name: undefined }, true],
    ['ANYONE', { idType: 'Internal', id: 'ANYONE', name: undefined }, true],
    ['ANYONE as a name', byMail('ANYONE'), true],
    ['the owner, who is asked for elsewhere', { idType: 'Internal', id: 'Owner', name: undefined }, false],
    ['an internal identity that nobody knows', { idType: 'Internal', id: 'Everyone', name: undefined }, false],
    ['an internal identity with an address', { idType: 'Internal', id: 'Owner', name: 'ben@lakeside.example' }, false],
    ['nobody', undefined, false],
  ]
  for (const [name, principal, expected] of cases) {
    test(name, () => assert.equal(names(entry('VIEW', principal), person), expected))
  }

  test('an empty address is nobody, also for a person without one', () => {
    assert.equal(names(entry('VIEW', byMail('')), { ...person, addresses: [], groups: [], sids: [] }), false)
  })
})

suite('owner, issuer and super user', () => {
  const ended = { ranges: [{ from: instant(0), until: instant(1) }], intervals: [] }
  const policy = policyOf([entry('VIEW', byMail('ben@lakeside.example'), ended)], ended)
  const cases = [
    ['owner', { owner: 'b.en@lakeside.example' }],
    ['issuer', { issuer: ['x@y', 'ben@lakeside.example'] }],
    ['super-user', { principal: { ...person, superUser: true } }],
  ] as const
  for (const [ground, fields] of cases) {
    test(`${ground}: OWNER without limits, whatever the policy says and however long ago it ended`, () => {
      assert.deepEqual(decide(input({ policy, ...fields })), {
        granted: true,
        ground,
        rights: [{ right: 'OWNER', times: noTimes }],
      })
    })
  }

  test('the ground is the ordinary one if there is one', () => {
    const all = input({
      owner: 'ben@lakeside.example',
      issuer: ['ben@lakeside.example'],
      principal: { ...person, superUser: true },
    })
    assert.deepEqual(decide(all), { granted: true, ground: 'owner', rights: [{ right: 'OWNER', times: noTimes }] })
  })

  test('a group is no owner, and neither is nobody', () => {
    const owned = policyOf([entry('OWNER', { idType: 'Internal', id: 'Owner', name: undefined })])
    for (const owner of ['staff@lakeside.example', '', undefined]) {
      assert.deepEqual(decide(input({ policy: owned, owner, issuer: ['staff@lakeside.example', ''] })), {
        granted: false,
        reason: 'no-rights',
      })
    }
  })
})

suite('times', () => {
  const range = { from: instant(5), until: instant(15) }
  const limited = { ranges: [range], intervals: [] }
  const outcome = (policy: RightsPolicy, now: number, publishedAt = instant(0)): string => {
    const decision = decide(input({ policy, now: new Date(start + now), publishedAt }))
    return decision.granted ? 'granted' : decision.reason
  }

  for (const [name, policy] of [
    ['of content', policyOf([entry('VIEW', byMail('ben@lakeside.example'))], limited)],
    ['of a right', policyOf([entry('VIEW', byMail('ben@lakeside.example'), limited)])],
  ] as const) {
    test(`${name} begin at FROM and end before UNTIL`, () => {
      assert.equal(outcome(policy, 5 * hour - 1), 'not-yet-valid')
      assert.equal(outcome(policy, 5 * hour), 'granted')
      assert.equal(outcome(policy, 15 * hour - 1), 'granted')
      assert.equal(outcome(policy, 15 * hour), 'content-expired')
    })
  }

  test('of content in days count from publication', () => {
    const policy = policyOf([entry('VIEW', byMail('ben@lakeside.example'))], { ranges: [], intervals: [10 * hour] })
    assert.equal(outcome(policy, 10 * hour - 1), 'granted')
    assert.equal(outcome(policy, 10 * hour), 'content-expired')
    assert.equal(outcome(policy, 12 * hour, instant(3)), 'granted')
  })

  test('of a right in days count from the use licence, and travel in it', () => {
    const policy = policyOf([entry('VIEW', byMail('ben@lakeside.example'), { ranges: [], intervals: [hour] })])
    const decision = decide(input({ policy, now: instant(1000) }))
    assert.ok(decision.granted)
    assert.deepEqual(decision.rights, [{ right: 'VIEW', times: { ranges: [], intervals: [hour] } }])
  })

  test('of content travel in every right', () => {
    const own = { from: instant(0), until: instant(12) }
    const policy = policyOf(
      [
        entry('VIEW', byMail('ben@lakeside.example'), { ranges: [own], intervals: [] }),
        entry('PRINT', byMail('staff@lakeside.example')),
      ],
      limited,
    )
    const decision = decide(input({ policy }))
    assert.ok(decision.granted)
    assert.deepEqual(
      decision.rights.map(({ right, times }) => [right, times.ranges]),
      [
        ['VIEW', [range, own]],
        ['PRINT', [range]],
      ],
    )
  })

  test('of several grants of one right: the one that lasts longest from now', () => {
    const soon = { ranges: [{ from: instant(0), until: instant(11) }], intervals: [] }
    const days = { ranges: [], intervals: [30 * 24 * hour] }
    for (const order of [
      [soon, days],
      [days, soon],
    ]) {
      const policy = policyOf(order.map((times) => entry('VIEW', byMail('ben@lakeside.example'), times)))
      const decision = decide(input({ policy }))
      assert.ok(decision.granted)
      assert.deepEqual(decision.rights, [{ right: 'VIEW', times: days }])
    }
  })
})
