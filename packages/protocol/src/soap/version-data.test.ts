/** What a VersionData header says (MS-RMPR 2.2.3.1): a value that is missing is the first version, whatever the other says. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { readXml } from '@sealward/xrml'
import { parseVersionData, type VersionData } from './version-data.ts'

function read(...values: readonly string[]): VersionData {
  return parseVersionData(readXml(`<VersionData>${values.join('')}</VersionData>`))
}

const minimum = (text: string): string => `<MinimumVersion>${text}</MinimumVersion>`
const maximum = (text: string): string => `<MaximumVersion>${text}</MaximumVersion>`

suite('VersionData', () => {
  test('says both versions', () => {
    assert.deepEqual(read(minimum('1.0.0.0'), maximum('1.2.0.0')), { minimum: '1.0.0.0', maximum: '1.2.0.0' })
    assert.deepEqual(read(minimum('1.1.0.0'), maximum('1.1.0.0')), { minimum: '1.1.0.0', maximum: '1.1.0.0' })
  })

  test('without a header, or without values, is the first version', () => {
    const first = { minimum: '1.0.0.0', maximum: '1.0.0.0' }
    assert.deepEqual(parseVersionData(undefined), first)
    assert.deepEqual(read(), first)
    assert.deepEqual(read(minimum('1.0.0.0')), first)
    assert.deepEqual(read(minimum('0.9.0.0')), { minimum: '0.9.0.0', maximum: '1.0.0.0' })
  })

  test('with a maximum alone begins with the first version', () => {
    assert.deepEqual(read(maximum('1.1.0.0')), { minimum: '1.0.0.0', maximum: '1.1.0.0' })
  })

  const malformed: Readonly<Record<string, readonly string[]>> = {
    'a minimum above the first version, alone': [minimum('1.1.0.0')],
    'a minimum a little above the first version, alone': [minimum('1.0.0.1')],
    'a maximum below the first version, alone': [maximum('0.9.0.0')],
    'a minimum above the maximum': [minimum('1.10.0.0'), maximum('1.9.0.0')],
    'three numbers': [minimum('1.0.0'), maximum('1.0.0.0')],
    'a negative number': [minimum('1.0.0.0'), maximum('1.0.0.-1')],
    'an empty value': [minimum(''), maximum('1.0.0.0')],
  }
  for (const [name, values] of Object.entries(malformed)) {
    test(`is malformed: ${name}`, () => {
      assert.throws(() => read(...values), { name: 'RightsError', code: 'malformed-data-version' })
    })
  }
})
