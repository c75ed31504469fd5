import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { changeParts } from './client-change.ts'
import { checkFormat, checkScript } from './check-script.ts'
import { collectChecks, readClientCheck } from './collected-checks.ts'
import { expectedValues } from './expected-values.ts'
import { checkPlan } from './redirection-plan.ts'
import { smallPlan } from './small-organisation.fixture.ts'

const plan = checkPlan(smallPlan)
const values = changeParts(plan)
  .filter(({ change }) => change === 'migrate')
  .flatMap(expectedValues)

interface Answer {
  readonly computer?: string
  readonly checkedAt?: string
  readonly versions?: readonly [number, number, number, number]
  readonly wrong?: (key: string, name: string) => boolean
}

function answer({ computer = 'PC-1', checkedAt = '2024-05-20T08:00:00Z', versions, wrong }: Answer): Uint8Array {
  const [machineVersion, userVersion, preparedMachineVersion, preparedUserVersion] = versions ?? [
    20240517, 20240517, 0, 0,
  ]
  return Buffer.from(
    JSON.stringify({
      format: checkFormat,
      scriptVersion: 20240517,
      batch: 'pilot',
      checkedAt,
      computer,
      user: 'LAKESIDE\\bob',
      machineVersion,
      userVersion,
      preparedMachineVersion,
      preparedUserVersion,
      values: values.map(({ hive, key, name }) => ({
        hive,
        key,
        name,
        state: wrong?.(key, name) === true ? 'missing' : 'right',
      })),
    }),
  )
}

test('who has moved, what is missing, on which side, with which version', () => {
  const collected = collectChecks([
    { name: 'a.json', content: answer({}) },
    { name: 'b.json', content: answer({ computer: 'PC-2', wrong: (key) => /Wow6432Node/.test(key) }) },
    { name: 'c.json', content: answer({ computer: 'PC-3', versions: [0, 0, 20240501, 0], wrong: () => true }) },
    { name: 'd.json', content: answer({ computer: 'PC-4', versions: [0, 0, 0, 0], wrong: () => true }) },
    { name: 'e.json', content: answer({ computer: 'PC-5', versions: [20240517, 20240501, 0, 0] }) },
    { name: 'f.json', content: Buffer.from('{"format":"something else"}') },
  ])
  assert.deepEqual(collected.summary, {
    clients: 5,
    complete: 1,
    partial: 2,
    prepared: 1,
    untouched: 1,
    unreadable: 1,
    versions: { '0': 2, '20240501': 1, '20240517': 2 },
  })
  assert.deepEqual(
    collected.clients.map(({ computer, state }) => [computer, state]),
    [
      ['PC-1', 'complete'],
      ['PC-2', 'partial'],
      ['PC-3', 'prepared'],
      ['PC-4', 'untouched'],
      ['PC-5', 'partial'],
    ],
  )
  assert.ok(collected.clients[1]?.wrong.every(({ side }) => side === 'wow6432'))
  assert.deepEqual(new Set(collected.clients[1]?.wrong.map(({ software }) => software)), new Set(['msdrm', 'msipc']))
  const native = collected.addresses.filter(({ side }) => side === 'native')
  assert.ok(native.every(({ computers }) => computers.join() === 'PC-3,PC-4'))
  const wow = collected.addresses.filter(({ side }) => side === 'wow6432')
  assert.equal(wow.length, 18)
  assert.ok(wow.every(({ computers }) => computers.join() === 'PC-2,PC-3,PC-4'))
  assert.deepEqual(collected.unreadable, [{ file: 'f.json', code: 'client-check-invalid' }])
})

test('of two answers the later one counts', () => {
  const early = { name: '1', content: answer({ wrong: () => true, checkedAt: '2024-05-19T08:00:00Z' }) }
  const late = { name: '2', content: answer({ computer: 'pc-1' }) }
  for (const files of [
    [early, late],
    [late, early],
  ]) {
    assert.deepEqual(
      collectChecks(files).clients.map(({ state }) => state),
      ['complete'],
    )
  }
})

test('PowerShell 5 redirects as UTF-16; that is read too', () => {
  const content = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(Buffer.from(answer({})).toString(), 'utf16le')])
  assert.equal(readClientCheck(content).computer, 'PC-1')
})

test('whatever is no answer of the script is refused with a code', () => {
  const good = JSON.parse(Buffer.from(answer({})).toString()) as Record<string, unknown>
  const bad: readonly unknown[] = [
    null,
    [],
    'x',
    { ...good, format: 'sealward-client-check-0' },
    { ...good, computer: 7 },
    { ...good, computer: 'x'.repeat(5_000) },
    { ...good, checkedAt: 'yesterday' },
    { ...good, machineVersion: -1 },
    { ...good, machineVersion: '20240517' },
    { ...good, values: {} },
    { ...good, values: [null] },
    { ...good, values: [{ hive: 'HKU', key: 'a', name: 'b', state: 'right' }] },
    { ...good, values: [{ hive: 'HKLM', key: 'a', name: 'b', state: 'wonderful' }] },
  ]
  for (const content of [
    ...bad.map((each) => Buffer.from(JSON.stringify(each))),
    Buffer.from('{'),
    Buffer.from([0xff]),
  ]) {
    assert.throws(
      () => readClientCheck(content),
      (error) => isRightsError(error, 'client-check-invalid'),
    )
  }
})

test('the check script asks for every value of the migration and writes the fields that are read', () => {
  const script = Buffer.from(checkScript(plan)).toString()
  for (const { hive, key, name, value } of values) {
    assert.ok(script.includes(`@('${hive}', '${key}', '${name}', '${String(value.data)}')`), key)
  }
  const [, format = ''] = /^\$answer = '(\{\{"format".*?)' -f /m.exec(script) ?? []
  const filled = `${format.replaceAll('{{', '{').replaceAll(/\{(\d)\}/g, (_, place: string) => ['2024-05-20T08:00:00Z', '"PC-1"', '"A\\u005cb"', '1', '2', '3', '4'][Number(place)]!)}]}`
  const read = readClientCheck(Buffer.from(filled))
  assert.deepEqual([read.user, read.machineVersion, read.preparedUserVersion, read.batch], ['A\\b', 1, 4, 'pilot'])
})
