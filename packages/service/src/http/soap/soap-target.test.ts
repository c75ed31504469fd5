import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { isBasePath } from '@sealward/protocol'
import { hostileTargets } from './hostile-targets.fixture.ts'
import { readSoapTarget, routeOf } from './soap-target.ts'
import { webEndpoints } from './web-endpoints.ts'

const rights = '/rights/_wmcs'

test('the base path is what stands before folder and file', () => {
  const cases: readonly (readonly [target: string, basePath: string, below: string])[] = [
    ['/_wmcs/licensing/license.asmx', '/_wmcs', 'licensing/license.asmx'],
    ['/Rights/_WMCS/Licensing/License.ASMX?wsdl', rights, 'licensing/license.asmx'],
    ['/%72ights/%5Fwmcs/licensing/license%2easmx', rights, 'licensing/license.asmx'],
    ['/licensing/_wmcs/licensing/license.asmx', '/licensing/_wmcs', 'licensing/license.asmx'],
    ['/rights/_wmcs/certificationexternal/certification.asmx', rights, 'certificationexternal/certification.asmx'],
    ['/rights/_wmcs/licensing', rights, 'licensing'],
    ['/rights/_wmcs/Certification/', rights, 'certification'],
    ['/rights/_wmcs', rights, ''],
    ['/rights/_wmcs/?x', rights, ''],
    ['http://rms.test:8080/rights/_wmcs/licensing/license.asmx', rights, 'licensing/license.asmx'],
  ]
  for (const [target, basePath, below] of cases) {
    assert.deepEqual(readSoapTarget(target, 'RMS.test:8080'), { basePath, below }, target)
  }
})

test('what can be read in two ways is below no base path', () => {
  for (const target of hostileTargets) assert.equal(readSoapTarget(target, 'rms.test'), undefined, target)
})

test('whatever is read is a base path of plain characters and a route that there is', () => {
  const pieces = [
    '/',
    '//',
    'rights',
    '_wmcs',
    '..',
    '%2e',
    '%2f',
    '%5c',
    'licensing',
    'license.asmx',
    'my',
    '?',
    '#',
    ';',
    'http:',
  ]
  const target = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 })), { maxLength: 12 })
  const known = ['', 'licensing', 'certification', ...webEndpoints.map(({ path }) => path)]
  fc.assert(
    fc.property(target, (parts) => {
      const read = readSoapTarget(`/${parts.join('')}`, 'rms.test')
      if (read === undefined) return
      assert.ok(isBasePath(read.basePath))
      assert.equal(read.basePath, read.basePath.toLowerCase())
      assert.ok(known.includes(read.below))
    }),
    { numRuns: 2_000 },
  )
})

test('the routes have every endpoint below one path', () => {
  assert.equal(routeOf(''), '/_wmcs')
  assert.equal(routeOf('licensing/license.asmx'), '/_wmcs/licensing/license.asmx')
})
