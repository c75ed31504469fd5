/**
 * The decision against a second reading of the rules, as plain as possible: time is a row of hours, and a licence is the
 * hours in which it can be used. The two share no code.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { RightsEntry, TimeConditions } from '../elements/rights-list.ts'
import { at } from '../hierarchy.fixture.ts'
import { decide, type DecideInput, type DecideStep, type RightsDecision } from './decide.ts'

const hourLength = 3_600_000
const start = at('2020-01-01T00:00').getTime()
const instant = (hour: number): Date => new Date(start + hour * hourLength)

const hours = Array.from({ length: 30 }, (_, hour) => hour)

interface Span {
  readonly from: number
  readonly until: number
}
interface Limits {
  readonly spans: readonly Span[]
  readonly lengths: readonly number[]
}
interface Case {
  readonly entries: readonly { readonly right: string; readonly who: string; readonly limits: Limits }[]
  readonly content: Limits
  readonly addresses: readonly string[]
  readonly groups: readonly string[]
  readonly sids: readonly string[]
  readonly superUser: boolean
  readonly owner: string
  readonly issuer: string
  readonly published: number
  readonly now: number
}

function isMeant(who: string, given: Case): boolean {
  if (who.startsWith('sid ')) return given.sids.some((sid) => `sid ${sid}` === who)
  if (who.startsWith('internal ')) return /^internal anyone$/i.test(who)
  return [...given.addresses, ...given.groups].some((name) => name === who.toLowerCase())
}

/** What a person gets: `OWNER`, a refusal, or for every right the hours in which it can be used. */
function reference(given: Case): unknown {
  if (given.superUser || given.addresses.some((address) => address === given.owner || address === given.issuer))
    return 'OWNER'
  const contentEnds = [
    ...given.content.spans.map((span) => span.until),
    ...given.content.lengths.map((length) => given.published + length),
  ]
  if (contentEnds.some((end) => end <= given.now)) return 'content-expired'
  if (given.content.spans.some((span) => span.from > given.now)) return 'not-yet-valid'
  const usable = new Map<string, Set<number>>()
  let [meant, ended] = [0, 0]
  for (const { right, who, limits } of given.entries) {
    if (!isMeant(who, given)) continue
    meant++
    if (limits.spans.some((span) => span.until <= given.now)) ended++
    if (limits.spans.some((span) => given.now < span.from || given.now >= span.until)) continue
    const mine = hours.filter(
      (hour) =>
        hour >= given.now &&
        [...limits.spans, ...given.content.spans].every((span) => span.from <= hour && hour < span.until) &&
        contentEnds.every((end) => hour < end) &&
        limits.lengths.every((length) => hour < given.now + length),
    )
    usable.set(right, new Set([...(usable.get(right) ?? []), ...mine]))
  }
  if (usable.size > 0)
    return Object.fromEntries([...usable].map(([right, set]) => [right, [...set].sort((a, b) => a - b)]))
  if (meant === 0) return 'no-rights'
  return ended === meant ? 'content-expired' : 'not-yet-valid'
}

function timesOf(limits: Limits): TimeConditions {
  return {
    ranges: limits.spans.map(({ from, until }) => ({ from: instant(from), until: instant(until) })),
    intervals: limits.lengths.map((length) => length * hourLength),
  }
}

function principalOf(who: string): RightsEntry['principal'] {
  if (who.startsWith('sid ')) return { idType: 'Windows', id: who.slice(4), name: undefined }
  if (who.startsWith('internal ')) return { idType: 'Internal', id: who.slice(9), name: undefined }
  return { idType: 'Unspecified', id: '', name: who }
}

/** Whoever reads the steps alone comes to the same answer, and nobody decides otherwise because somebody listens. */
function assertTraceAgrees(question: DecideInput, decision: RightsDecision): void {
  const steps: DecideStep[] = []
  assert.deepEqual(
    decide(question, (step) => void steps.push(step)),
    decision,
  )
  const last = steps.at(-1)
  const matching = steps.flatMap((step) => (step.step === 'entry' && step.match !== undefined ? [step] : []))
  const current = matching.filter(({ state }) => state === 'now')
  if (last !== undefined && 'applies' in last && last.applies) {
    assert.deepEqual([decision.granted, decision.granted && decision.ground], [true, last.step])
  } else if (current.length > 0) {
    const rights = new Set(current.map(({ entry }) => entry.right))
    assert.deepEqual(new Set(decision.granted ? decision.rights.map(({ right }) => right) : []), rights)
  } else {
    const content = steps.find((step) => step.step === 'content-time')
    const states = matching.length === 0 ? ['none'] : matching.map(({ state }) => state)
    const reason =
      content?.state === 'over' || (content?.state === 'now' && states.every((state) => state === 'over'))
        ? 'content-expired'
        : content?.state === 'now' && matching.length === 0
          ? 'no-rights'
          : 'not-yet-valid'
    assert.deepEqual(decision, { granted: false, reason })
  }
}

/** The decision in the terms of the reference. */
function decided(given: Case): unknown {
  const { addresses, groups, sids, superUser } = given
  const question: DecideInput = {
    policy: {
      official: false,
      id: undefined,
      names: [],
      issuedAt: instant(0),
      entries: given.entries.map(({ right, who, limits }) => ({
        right,
        principal: principalOf(who),
        enablingBits: undefined,
        times: timesOf(limits),
      })),
      preconditions: timesOf(given.content),
      owner: undefined,
      referral: undefined,
      distributionPoints: [],
      applicationData: [],
      policyLists: [],
      refresh: [],
    },
    principal: { addresses, groups, sids, superUser },
    owner: given.owner,
    issuer: [given.issuer],
    publishedAt: instant(given.published),
    now: instant(given.now),
  }
  const decision = decide(question)
  assertTraceAgrees(question, decision)
  if (!decision.granted) return decision.reason
  if (decision.ground !== 'policy') return decision.rights.map(({ right }) => right).join()
  const rights = decision.rights.map(({ right, times }) => [
    right,
    hours.filter(
      (hour) =>
        hour >= given.now &&
        times.ranges.every((range) => range.from <= instant(hour) && instant(hour) < range.until) &&
        times.intervals.every((interval) => instant(hour).getTime() < instant(given.now).getTime() + interval),
    ),
  ])
  return Object.fromEntries(rights)
}

function few<T>(value: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.array(value, { maxLength: 2 }) },
  )
}

test('decides as the reference does, in ten thousand cases', () => {
  const span = fc.record({ from: fc.nat(16), until: fc.nat(28) })
  const limits: fc.Arbitrary<Limits> = fc.record({ spans: few(span), lengths: few(fc.nat(20)) })
  const address = fc.constantFrom('a@x', 'b@x', 'c@x')
  const who = fc.constantFrom(
    'a@x',
    'b@x',
    'C@X',
    'g@x',
    'H@x',
    'sid 1',
    'sid 2',
    'internal Anyone',
    'internal ANYONE',
    'internal Owner',
    '',
  )
  const cases: fc.Arbitrary<Case> = fc.record({
    entries: fc.array(fc.record({ right: fc.constantFrom('VIEW', 'PRINT', 'OWNER'), who, limits }), { maxLength: 6 }),
    content: limits,
    addresses: fc.uniqueArray(address, { minLength: 1, maxLength: 2 }),
    groups: fc.subarray(['g@x', 'h@x']),
    sids: fc.subarray(['1', '2']),
    superUser: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
    owner: fc.constantFrom('a@x', 'o@x', 'g@x', 'p@x'),
    issuer: fc.constantFrom('o@x', 'p@x', 'h@x', 'b@x'),
    published: fc.nat(10),
    now: fc.nat(20),
  })
  const seen = new Map<string, number>()
  fc.assert(
    fc.property(cases, (given) => {
      const expected = reference(given)
      const kind = typeof expected === 'string' ? expected : 'policy'
      seen.set(kind, (seen.get(kind) ?? 0) + 1)
      assert.deepEqual(decided(given), expected)
    }),
    { numRuns: 12_000 },
  )
  // The cases must reach every outcome often enough to mean something.
  for (const kind of ['OWNER', 'policy', 'no-rights', 'content-expired', 'not-yet-valid']) {
    assert.ok((seen.get(kind) ?? 0) > 100, `${kind}: ${seen.get(kind) ?? 0}`)
  }
})
