import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { at } from '../hierarchy.fixture.ts'
import { mode2 } from '../crypto/modes.ts'
import { refusal } from '../refusal.fixture.ts'
import { readXml } from '../text/reader.ts'
import {
  noTimes,
  parseRightsList,
  parseTimes,
  writePreconditions,
  writeRightsGroup,
  type RightsEntry,
} from './rights-list.ts'

const day = 86_400_000
const range = { from: at('2020-01-01T00:00'), until: at('2021-01-01T00:00') }
const later = { from: at('2020-06-01T00:00'), until: at('2020-07-01T00:00') }

function listOf(entries: string): readonly RightsEntry[] {
  return parseRightsList(
    readXml(`<WORK><RIGHTSGROUP name="Main-Rights"><RIGHTSLIST>${entries}</RIGHTSLIST></RIGHTSGROUP></WORK>`),
  )
}

const access = (id: string, name = ''): string =>
  `<ACCESS><PRINCIPAL><OBJECT>${id}${name}</OBJECT></PRINCIPAL></ACCESS>`
const ben = access('<ID type="Unspecified" />', '<NAME>ben@lakeside.example</NAME>')
const rangeTime = '<TIME><RANGETIME><FROM>2020-01-01T00:00</FROM><UNTIL>2021-01-01T00:00</UNTIL></RANGETIME></TIME>'
const intervalTime = '<TIME><INTERVALTIME days="30" /></TIME>'

suite('reads', () => {
  test('both forms of a right as the same', () => {
    const [element, named] = listOf(
      `<VIEW><CONDITIONLIST>${ben}</CONDITIONLIST></VIEW><RIGHT name = "view"><CONDITIONLIST>${ben}</CONDITIONLIST></RIGHT>`,
    )
    assert.deepEqual(element, named)
    assert.equal(element?.right, 'VIEW')
    assert.deepEqual(element.principal, { idType: 'Unspecified', id: '', name: 'ben@lakeside.example' })
  })

  test('TIME before and behind ACCESS, and several of them', () => {
    const [before, behind, around] = listOf(
      `<VIEW><CONDITIONLIST>${rangeTime}${intervalTime}${ben}</CONDITIONLIST></VIEW>` +
        `<VIEW><CONDITIONLIST>${ben}${rangeTime}${intervalTime}</CONDITIONLIST></VIEW>` +
        `<VIEW><CONDITIONLIST>${intervalTime}${ben}${rangeTime}</CONDITIONLIST></VIEW>`,
    )
    assert.deepEqual(before?.times, { ranges: [range], intervals: [30 * day] })
    assert.deepEqual(behind, before)
    assert.deepEqual(around, before)
  })

  test('every kind of principal', () => {
    const entries = listOf(
      [
        access('<ID type="Windows">S-1-5-21-1</ID>', '<NAME>a@b</NAME>'),
        access('<ID type="Internal">Anyone</ID>'),
        access('<ID type="Internal">Owner</ID>'),
        '<ACCESS><PRINCIPAL internal-id="1" /></ACCESS>',
        '',
      ]
        .map((who) => `<RIGHT name="X"><CONDITIONLIST>${who}</CONDITIONLIST></RIGHT>`)
        .join(''),
    )
    assert.deepEqual(
      entries.map((entry) => entry.principal),
      [
        { idType: 'Windows', id: 'S-1-5-21-1', name: 'a@b' },
        { idType: 'Internal', id: 'Anyone', name: undefined },
        { idType: 'Internal', id: 'Owner', name: undefined },
        undefined,
        undefined,
      ],
    )
  })

  test('ACCESS without CONDITIONLIST, as owner licences have it, and sealed keys in both places', () => {
    const bits = '<ENABLINGBITS type="sealed-key-v2"><VALUE encoding="base64" size="16">AQI=</VALUE></ENABLINGBITS>'
    const sealed = `<ACCESS><PRINCIPAL internal-id="1">${bits}</PRINCIPAL></ACCESS>`
    const entries = listOf(
      `<RIGHT name = "OWNER">${sealed}</RIGHT><VIEW><CONDITIONLIST>${sealed}</CONDITIONLIST></VIEW>`,
    )
    for (const entry of entries) {
      assert.equal(entry.enablingBits?.mode, mode2)
      assert.deepEqual([...entry.enablingBits.sealed], [1, 2])
    }
  })

  test('rights that nobody knows, in several groups, and no rights at all', () => {
    assert.deepEqual(
      listOf('<RIGHT name="Microsoft.Sign" /><COMMENT />').map((entry) => entry.right),
      ['MICROSOFT.SIGN', 'COMMENT'],
    )
    const group = '<RIGHTSGROUP><RIGHTSLIST><VIEW /></RIGHTSLIST></RIGHTSGROUP>'
    assert.equal(parseRightsList(readXml(`<WORK>${group}${group}</WORK>`)).length, 2)
    assert.deepEqual(parseRightsList(readXml('<WORK />')), [])
  })
})

suite('refuses', () => {
  const cases: readonly (readonly [name: string, entries: string])[] = [
    ['a right without name', '<RIGHT><CONDITIONLIST /></RIGHT>'],
    ['a right with an empty name', '<RIGHT name=""><CONDITIONLIST /></RIGHT>'],
    [
      'two names of one principal',
      `<VIEW><CONDITIONLIST>${access('<ID type="Unspecified" />', '<NAME>a@b</NAME><NAME>c@d</NAME>')}</CONDITIONLIST></VIEW>`,
    ],
    [
      'two identifiers',
      `<VIEW><CONDITIONLIST>${access('<ID type="Unspecified" /><ID type="Internal">Anyone</ID>')}</CONDITIONLIST></VIEW>`,
    ],
    ['two principals', `<VIEW><CONDITIONLIST>${ben}${ben}</CONDITIONLIST></VIEW>`],
    [
      'two lists of conditions',
      `<VIEW><CONDITIONLIST>${ben}</CONDITIONLIST><CONDITIONLIST>${rangeTime}</CONDITIONLIST></VIEW>`,
    ],
    [
      'a time condition that nobody knows',
      `<VIEW><CONDITIONLIST>${ben}<TIME><METEREDTIME /></TIME></CONDITIONLIST></VIEW>`,
    ],
    [
      'a damaged time',
      `<VIEW><CONDITIONLIST>${ben}<TIME><RANGETIME><FROM>soon</FROM></RANGETIME></TIME></CONDITIONLIST></VIEW>`,
    ],
    ['a damaged interval', `<VIEW><CONDITIONLIST>${ben}<TIME><INTERVALTIME days="x" /></TIME></CONDITIONLIST></VIEW>`],
    [
      'a sealed key of a wrong size',
      '<VIEW><ACCESS><PRINCIPAL><ENABLINGBITS type="sealed-key"><VALUE size="8">AQI=</VALUE></ENABLINGBITS></PRINCIPAL></ACCESS></VIEW>',
    ],
    [
      'a sealed key of an unknown type',
      '<VIEW><ACCESS><PRINCIPAL><ENABLINGBITS type="x"><VALUE size="16">AQI=</VALUE></ENABLINGBITS></PRINCIPAL></ACCESS></VIEW>',
    ],
  ]
  for (const [name, entries] of cases) {
    test(name, () => assert.throws(() => listOf(entries), refusal('xrml-malformed')))
  }

  test('more entries than any policy has', () => {
    assert.equal(listOf('<VIEW />'.repeat(1000)).length, 1000)
    assert.throws(() => listOf('<VIEW />'.repeat(1001)), refusal('xml-limit-exceeded'))
  })
})

suite('writes', () => {
  test('reserved rights as elements, others by name, TIME behind ACCESS, and reads it back', () => {
    const entries = [
      {
        right: 'view',
        principal: { idType: 'Unspecified', id: '', name: 'a&b@lakeside.example' },
        times: { ranges: [range, later], intervals: [day] },
      },
      { right: 'DOCEDIT', principal: { idType: 'Internal', id: 'ANYONE', name: undefined }, times: noTimes },
      { right: 'OWNER', principal: { idType: 'Windows', id: 'S-1-5', name: 'x' } },
    ]
    const markup = writeRightsGroup(entries)
    assert.match(
      markup,
      /<VIEW><CONDITIONLIST><ACCESS>.*<\/ACCESS><TIME>.*<RIGHT name="DOCEDIT">.*<RIGHT name="OWNER">/,
    )
    const read = parseRightsList(readXml(`<WORK>${markup}</WORK>`))
    assert.deepEqual(
      read.map(({ right, principal, times }) => ({ right, principal, times })),
      entries.map(({ right, principal, times }) => ({
        right: right.toUpperCase(),
        principal,
        times: times ?? noTimes,
      })),
    )
  })

  test('preconditions only if there are any', () => {
    assert.equal(writePreconditions(noTimes), '')
    const times = { ranges: [range], intervals: [day] }
    assert.deepEqual(parseTimes(readXml(writePreconditions(times))), times)
  })
})
