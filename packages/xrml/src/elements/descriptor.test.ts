import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { guid } from '../hierarchy.fixture.ts'
import { refusal } from '../refusal.fixture.ts'
import { readXml } from '../text/reader.ts'
import { parseDescriptor, parseLocalizedNames, writeDescriptor, writeLocalizedNames } from './descriptor.ts'

test('names and descriptions per language come back', () => {
  const part = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes(';') && !text.includes(':DESCRIPTION '))
  const names = fc.array(fc.record({ lcid: fc.nat(0xfffff), name: part, description: part }, { noNullPrototype: true }))
  fc.assert(
    fc.property(names, (value) => {
      assert.deepEqual(parseLocalizedNames(writeLocalizedNames(value)), value)
    }),
  )
})

test('writes a line for each language', () => {
  const text = writeLocalizedNames([
    { lcid: 1033, name: 'Read only', description: '' },
    { lcid: 1031, name: 'Nur lesen', description: 'Für alle: auch Gäste' },
  ])
  assert.equal(
    text,
    'LCID 1033:NAME Read only:DESCRIPTION ;\nLCID 1031:NAME Nur lesen:DESCRIPTION Für alle: auch Gäste;\n',
  )
})

test('reads other line ends, and text in another form as one name', () => {
  assert.deepEqual(parseLocalizedNames('LCID 1:NAME a:DESCRIPTION b;LCID 2:NAME c:DESCRIPTION d; '), [
    { lcid: 1, name: 'a', description: 'b' },
    { lcid: 2, name: 'c', description: 'd' },
  ])
  assert.deepEqual(parseLocalizedNames(' Board only\n'), [{ lcid: 0, name: 'Board only', description: '' }])
  assert.deepEqual(parseLocalizedNames('LCID 1:NAME a'), [{ lcid: 0, name: 'LCID 1:NAME a', description: '' }])
  assert.deepEqual(parseLocalizedNames(' \n'), [])
})

test('refuses names that the form cannot carry', () => {
  for (const names of [
    { name: 'a;b', description: '' },
    { name: 'a:DESCRIPTION b', description: '' },
    { name: '', description: 'a;' },
  ]) {
    assert.throws(() => writeLocalizedNames([{ lcid: 1, ...names }]), refusal('xrml-malformed'))
  }
})

test('reads hostile names in time that grows with their length only', () => {
  const started = performance.now()
  for (const piece of ['LCID 1:NAME ', ':DESCRIPTION ', 'LCID 1:NAME :DESCRIPTION ', ' ', ';']) {
    parseLocalizedNames(`LCID 1:NAME ${piece.repeat(200_000)}`)
  }
  // Milliseconds; a search that backtracks takes hours.
  assert.ok(performance.now() - started < 5000)
})

const read = (markup: string) => parseDescriptor(readXml(`<BODY>${markup}</BODY>`))

test('a descriptor comes back with or without type and name', () => {
  const full = read(writeDescriptor('Content-License', guid('1'), 'a;\nb'))
  assert.deepEqual([full?.type, full?.id, full?.name], ['Content-License', guid('1'), 'a;\nb'])
  const bare = read(writeDescriptor(undefined, guid('1')))
  assert.deepEqual([bare?.type, bare?.idType, bare?.name], [undefined, 'MS-GUID', undefined])
  assert.equal(read(''), undefined)
  assert.throws(() => read('<DESCRIPTOR><OBJECT /><OBJECT /></DESCRIPTOR>'), refusal('xrml-malformed'))
})
