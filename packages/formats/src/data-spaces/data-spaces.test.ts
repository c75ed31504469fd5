import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import * as fc from 'fast-check'
import { encodeDataSpaceDefinition, readDataSpaceDefinition } from './data-space-definition.ts'
import { encodeDataSpaceMap, readDataSpaceMap } from './data-space-map.ts'
import { currentDataSpaceVersion, encodeDataSpaceVersion, readDataSpaceVersion } from './data-space-version.ts'
import { encodeLabelInfo, readLabelInfo } from './label-info.ts'
import { encodeRightsTransformInfo, newRightsTransformInfo, readRightsTransformInfo } from './transform-info.ts'
import { encodeUseLicenseName } from './use-license-name.ts'
import { encodeUseLicenseStream, readUseLicenseStream } from './use-license-stream.ts'

const text = fc.string({ unit: fc.constantFrom('a', 'Ü', '€', '\x09', '漢'), maxLength: 30 })

test('use licence names are base 32 of the GUID, least significant bit first', () => {
  assert.equal(encodeUseLicenseName(new Uint8Array(16)), `EUL-${'A'.repeat(26)}`)
  assert.equal(encodeUseLicenseName(Uint8Array.of(1, ...new Uint8Array(15))), `EUL-B${'A'.repeat(25)}`)
  assert.equal(encodeUseLicenseName(Uint8Array.of(0x20, ...new Uint8Array(15))), `EUL-AB${'A'.repeat(24)}`)
  assert.equal(encodeUseLicenseName(new Uint8Array(16).fill(255)), `EUL-${'7'.repeat(25)}H`)
  // Each character holds the next five bits of the number that the bytes are, lowest first.
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (guid) => {
      let number = BigInt(`0x${Buffer.from(guid.toReversed()).toString('hex')}`)
      let expected = 'EUL-'
      for (let index = 0; index < 26; index++) {
        expected += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number(number & 31n))
        number >>= 5n
      }
      assert.equal(encodeUseLicenseName(guid), expected)
    }),
  )
})

test('cached use licences keep user and certificates', () => {
  fc.assert(
    fc.property(fc.constantFrom('Windows', 'Passport'), text, fc.array(text), (account, name, certificates) => {
      const license = { user: { account, name }, certificates } as const
      assert.deepEqual(readUseLicenseStream(encodeUseLicenseStream(license)), license)
    }),
  )
})

test('maps, definitions and transforms keep their values', () => {
  const component = fc.record({ type: fc.constantFrom('stream' as const, 'storage' as const), name: text })
  const entry = fc.record({ components: fc.array(component, { maxLength: 3 }), dataSpace: text })
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 4 }),
      fc.array(text),
      fc.uint8Array({ minLength: 1 }),
      (map, names, license) => {
        assert.deepEqual(plain(readDataSpaceMap(encodeDataSpaceMap(map))), plain(map))
        assert.deepEqual(readDataSpaceDefinition(encodeDataSpaceDefinition(names)), names)
        const info = readRightsTransformInfo(encodeRightsTransformInfo(newRightsTransformInfo(license)))
        assert.deepEqual(Uint8Array.from(info.license), license)
      },
    ),
  )
})

test('sizes are those of documents written by Office', () => {
  assert.equal(encodeDataSpaceVersion(currentDataSpaceVersion).length, 76)
  assert.equal(sizeOfMap('EncryptedPackage', 'DRMEncryptedDataSpace'), 104)
  assert.equal(sizeOfMap('\x09DRMContent', '\x09DRMDataSpace'), 80)
  assert.equal(encodeDataSpaceDefinition(['DRMEncryptedTransform']).length, 56)
})

test('labels are written in the order that Office expects', () => {
  const label = { id: '{id}', enabled: true, method: 'Standard', siteId: '{site}', contentBits: 8, removed: false }
  const bytes = encodeLabelInfo([label, { ...label, contentBits: undefined, method: 'a"<&b' }])
  assert.match(
    Buffer.from(bytes).toString(),
    /<clbl:label id="{id}" enabled="1" method="Standard" siteId="{site}" contentBits="8" removed="0"\/>/,
  )
  assert.deepEqual(readLabelInfo(bytes), [label, { ...label, contentBits: undefined, method: 'a"<&b' }])
})

test('any cut or changed byte gives the values or a typed error, never anything else', () => {
  const cases: readonly [Uint8Array, (bytes: Uint8Array) => unknown][] = [
    [encodeDataSpaceVersion(currentDataSpaceVersion), readDataSpaceVersion],
    [encodeDataSpaceMap([{ components: [{ type: 'stream', name: 'abc' }], dataSpace: 'space' }]), readDataSpaceMap],
    [encodeDataSpaceDefinition(['one', 'two']), readDataSpaceDefinition],
    [encodeRightsTransformInfo(newRightsTransformInfo(Buffer.from('<XrML/>'))), readRightsTransformInfo],
    [encodeUseLicenseStream({ user: { account: 'Windows', name: 'x' }, certificates: ['y'] }), readUseLicenseStream],
  ]
  for (const [bytes, read] of cases) {
    for (let at = 0; at < bytes.length; at++) {
      const changed = Uint8Array.from(bytes)
      changed[at] = 0xff
      for (const hostile of [bytes.subarray(0, at), changed]) {
        try {
          read(hostile)
        } catch (error) {
          assert.ok(isRightsError(error), String(error))
        }
      }
    }
  }
})

function sizeOfMap(name: string, dataSpace: string): number {
  return encodeDataSpaceMap([{ components: [{ type: 'stream', name }], dataSpace }]).length
}

/** Records of fast-check have no prototype. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
