import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseSample, type SampledDocument } from './choose-sample.ts'
import { exitPlan, type ExitSituation } from './exit-plan.ts'

const situation: ExitSituation = {
  offlineKeys: 0,
  state: 'enabled',
  expired: false,
  keys: [{ keyId: 'a1', exported: true }],
  keepsProtecting: false,
  allFilesKnown: true,
  helpOnRequest: false,
  clusterUrl: 'https://rms.lakeside.example/_wmcs/licensing',
  superUser: true,
}

function recommended(more: Partial<ExitSituation>): string {
  return exitPlan({ ...situation, ...more }).recommended
}

function document(path: string, more: Partial<SampledDocument> = {}): SampledDocument {
  return { path, key: 'a1', template: null, format: 'pfile', kind: 'offline', outcome: 'opens', ...more }
}

test('each situation of the published table has its option', () => {
  assert.equal(recommended({ keepsProtecting: true }), 'A')
  assert.equal(recommended({}), 'B')
  assert.equal(recommended({ allFilesKnown: false }), 'C')
  assert.equal(recommended({ allFilesKnown: false, helpOnRequest: true }), 'D')
  for (const { steps, checks, blockers } of exitPlan(situation).options) {
    assert.ok(steps.length > 0 && checks.length > 0)
    assert.deepEqual(blockers, [])
  }
})

test('a key that was never exported stands in the way of every option, and more so after the end', () => {
  const keys = [...situation.keys, { keyId: 'b2', exported: false }]
  for (const { blockers } of exitPlan({ ...situation, keys }).options) assert.match(blockers[0]?.finding ?? '', /b2/)
  const [first] = exitPlan({ ...situation, keys, expired: true }).options
  assert.match(first?.blockers[0]?.cure ?? '', /Renew/)
})

test('missing clusters, super users and disabled tenants are named where they matter', () => {
  const { clusterUrl: _, ...without } = situation
  const { options } = exitPlan({ ...without, superUser: false, state: 'disabled' })
  assert.deepEqual(
    options.map(({ option, blockers }) => `${option} ${blockers.length}`),
    ['A 2', 'B 1', 'C 1', 'D 1'],
  )
})

test('the sample has documents of every key, template, format and way of publishing', () => {
  const documents = [
    document('b'),
    document('a'),
    document('c', { key: 'b2' }),
    document('d', { template: 't' }),
    document('e', { format: 'xps' }),
    document('f', { kind: 'online' }),
    document('g', { key: 'c3', outcome: 'fails' }),
  ]
  const paths = (each: number): string =>
    chooseSample(documents, each)
      .map(({ path }) => path)
      .join('')
  assert.deepEqual([paths(1), paths(2)], ['acdef', 'abcdef'])
})

test('keys of licences in JSON stand in the way of whoever leaves their database behind', () => {
  for (const { option, blockers } of exitPlan({ ...situation, offlineKeys: 3 }).options) {
    const named = blockers.some(({ finding }) => finding.startsWith('3 keys of licences in JSON'))
    assert.equal(named, option !== 'D', option)
  }
})
