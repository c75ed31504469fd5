import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operationUrl } from '../licensing-url.ts'
import { soapOperationNames, soapOperations } from './operations.ts'
import { endpointPaths, matchEndpoint } from './paths.ts'
import type { SoapService } from './service.ts'

test('finds an endpoint in any case, and without its query', () => {
  assert.equal(matchEndpoint('/_WMCS/Licensing/LICENSE.asmx?wsdl')?.service, 'LicensingService')
  assert.equal(matchEndpoint('/_wmcs/certification/servicelocator.asmx')?.service, 'ServerService')
  assert.equal(matchEndpoint('/Rights/_WMCS/licensing/license.asmx', '/rights/_wmcs')?.service, 'LicensingService')
})

test('finds nothing beside, below or above an endpoint', () => {
  for (const path of [
    '/_wmcs/licensing',
    '/_wmcs/licensing/license.asmx/',
    '/licensing/license.asmx',
    '/rights/_wmcs/licensing/license.asmx',
    '/_wmcslicensing/license.asmx',
    '',
    '/__proto__',
  ]) {
    assert.equal(matchEndpoint(path), undefined)
  }
})

const directories: Partial<Record<SoapService, string>> = {
  CertificationService: 'certification',
  SubEnrollmentService: 'certification',
  GroupExpansionWebService: 'groupexpansion',
  DecommissionService: 'decommission',
}

test('every operation is answered where its clients call it', () => {
  for (const name of soapOperationNames) {
    const { service } = soapOperations[name]
    const directory = directories[service] ?? 'licensing'
    const { pathname } = new URL(operationUrl(`https://rms.lakeside.example/_wmcs/${directory}`, name))
    assert.equal(matchEndpoint(pathname)?.service, service)
  }
})

test('only root clusters answer below certification', () => {
  for (const { path, rootOnly } of endpointPaths) assert.equal(rootOnly, path.startsWith('certification/'))
})
