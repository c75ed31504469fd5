import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorCatalogue, type ErrorCode } from '@sealward/xrml'
import { parseFaultString, readSoapAnswer } from '@sealward/protocol'
import { thrownCodes } from '../thrown-codes.ts'
import { faultMap, faultNameOf, writeSoapRefusal } from './fault-map.ts'

/** Raised only by the other doors, or by the start of the server. */
const elsewhere = [
  'admin-request-invalid',
  'admin-role-missing',
  'admin-token-file-refused',
  'admin-token-refused',
  'application-refused',
  'cipher-mode-unknown',
  'configuration-invalid',
  'embedded-provider-refused',
  'host-name-refused',
  'json-license-invalid',
  'listener-refused',
  'public-key-invalid',
  'rest-message-invalid',
  'tenant-unknown',
]

test('every refusal that a SOAP call can meet has its fault name', () => {
  const codes = thrownCodes('core', 'auth', 'http', 'soapMessages')
  assert.ok(codes.length > 30)
  const missing = codes.filter((code) => !Object.hasOwn(faultMap, code) && !elsewhere.includes(code))
  assert.deepEqual(missing, [])
})

test('the table names only codes of the catalogue', () => {
  for (const code of Object.keys(faultMap)) assert.ok(Object.hasOwn(errorCatalogue, code), code)
})

/** Letter by letter as MS-RMPR and MS-RMSI have them; where the sources disagree, the form with `Licensing.`. */
const fullNames: Readonly<Record<string, readonly ErrorCode[]>> = {
  'System.ArgumentNullException': ['soap-argument-missing'],
  'System.InvalidOperationException': ['service-type-unknown', 'soap-operation-unknown'],
  'System.UnauthorizedAccessException': [
    'token-subject-mismatch',
    'tenant-not-activated',
    'tenant-disabled',
    'service-read-only',
    'publishing-not-onboarded',
    'endpoint-closed',
    'federated-sign-in-required',
    'unauthenticated',
    'credentials-refused',
    'client-certificate-refused',
    'plain-http-refused',
    'authentication-throttled',
    'windows-sign-in-unavailable',
    'user-disabled',
    'account-certificate-not-callers',
    'precertify-names-differ',
  ],
  'Microsoft.DigitalRightsManagement.Core.DRMSArgumentException': ['precertify-arguments-refused'],
  'Microsoft.DigitalRightsManagement.Core.MalformedDataVersionException': ['malformed-data-version'],
  'Microsoft.DigitalRightsManagement.Core.UnsupportedDataVersionException': ['unsupported-data-version'],
  'Microsoft.DigitalRightsManagement.Core.VerifyEmailAddressFailedException': ['address-refused'],
  'Microsoft.DigitalRightsManagement.Core.VerifyMachineCertificateChainFailedException': [
    'machine-chain-invalid',
    'machine-chain-untrusted',
  ],
  'Microsoft.DigitalRightsManagement.Cryptography.CryptoUnsupportedSymKeyException': ['symmetric-key-unsupported'],
  'Microsoft.DigitalRightsManagement.Cryptography.UnsupportedCryptographicSetException': [
    'machine-key-refused',
    'cryptographic-mode-mismatch',
  ],
  'Microsoft.DigitalRightsManagement.Licensing.AcquirePreLicenseInvalidLicenseeException': [
    'pre-license-recipient-unknown',
  ],
  'Microsoft.DigitalRightsManagement.Licensing.BlackBoxIsInvalidException': ['machine-excluded'],
  'Microsoft.DigitalRightsManagement.Licensing.CredentialCreationTimeException': ['credential-too-new'],
  'Microsoft.DigitalRightsManagement.Licensing.DrmacIsExcludedException': ['account-excluded'],
  'Microsoft.DigitalRightsManagement.Licensing.InvalidOfficialRightsTemplateException': ['template-signature-invalid'],
  'Microsoft.DigitalRightsManagement.Licensing.InvalidPersonaCertSignatureException': [
    'account-certificate-signature-invalid',
  ],
  'Microsoft.DigitalRightsManagement.Licensing.InvalidPersonaCertTimeException': ['account-certificate-expired'],
  'Microsoft.DigitalRightsManagement.Licensing.InvalidRightsLabelSignatureException': [
    'publishing-license-signature-invalid',
  ],
  'Microsoft.DigitalRightsManagement.Licensing.InvalidSignedIssuanceLicenseException': ['signed-license-refused'],
  'Microsoft.DigitalRightsManagement.Licensing.IssuanceLicenseIsNotWithinValidTimeRangeException': [
    'publishing-license-outside-validity',
  ],
  'Microsoft.DigitalRightsManagement.Licensing.NoRightsForRequestedPrincipalException': [
    'no-rights',
    'content-revoked',
    'content-expired',
    'key-transplant-refused',
    'owner-not-publisher',
  ],
  'Microsoft.DigitalRightsManagement.Licensing.OnlinePublishingDisabledException': ['online-publishing-disabled'],
  'Microsoft.DigitalRightsManagement.Licensing.RightsLabelNoMatchingIssuedPrincipalException': ['no-matching-key'],
  'Microsoft.DigitalRightsManagement.Licensing.UnexpectedPersonaCertException': ['account-certificate-unexpected'],
  'Microsoft.DigitalRightsManagement.Licensing.UnsignedIssuanceLicenseNoMatchingIssuedPrincipalException': [
    'draft-principal-unknown',
  ],
  'Microsoft.DigitalRightsManagement.Licensing.UntrustedPersonaCertException': ['account-certificate-untrusted'],
  'Microsoft.DigitalRightsManagement.ServerRepublishIllegalException': ['server-editing-not-allowed'],
  'Microsoft.DigitalRightsManagement.Utilities.ADEntrySearchFailedException': [
    'user-not-in-directory',
    'user-without-address',
  ],
  'Microsoft.DigitalRightsManagement.Utilities.ClusterNotDecommissionedException': ['cluster-not-decommissioned'],
  'Microsoft.RightsManagementServices.ClusterDecommissionedException': ['cluster-decommissioned'],
  'Microsoft.RightsManagementServices.EnablingBitsHashDoesNotMatchException': ['draft-seal-mismatch'],
}
const noRights = 'Microsoft.DigitalRightsManagement.Licensing.NoRightsForRequestedPrincipalException'
const unspecified = 'Microsoft.DigitalRightsManagement.Utilities.UnspecifiedErrorException'

for (const [name, codes] of Object.entries(fullNames)) {
  test(`in full: ${name}`, () => {
    const contentType = 'text/xml; charset=utf-8'
    for (const code of codes) {
      const { body } = writeSoapRefusal(code, { contentType, correlationId: '{1}', challenges: [] })
      assert.match(body, new RegExp(`<faultstring>${name.replaceAll('.', '\\.')}(?:: |<)`), code)
    }
  })
}

test('what has no name of its own is an unspecified error, in full, and so is a defect', () => {
  const named = Object.values(fullNames).flat()
  const unnamed = Object.keys(errorCatalogue).filter((code) => !named.includes(code as ErrorCode)) as ErrorCode[]
  for (const code of [undefined, ...unnamed]) assert.equal(faultNameOf(code), unspecified, code)
})

test('one operation calls a document of another server as publishing does', () => {
  assert.equal(
    faultNameOf('no-matching-key', 'AcquireContentKey'),
    'Microsoft.DigitalRightsManagement.Licensing.UnsignedIssuanceLicenseNoMatchingIssuedPrincipalException',
  )
})

for (const [version, contentType] of [
  ['1.1', 'text/xml; charset=utf-8'],
  ['1.2', 'application/soap+xml; charset=utf-8'],
] as const) {
  test(`a refusal is a SOAP ${version} fault with the name first`, () => {
    const refusal = writeSoapRefusal('no-rights', { contentType, correlationId: '{1}', challenges: ['Basic'] })
    assert.equal(refusal.status, 500)
    assert.equal(refusal.headers['content-type'], contentType)
    assert.ok(refusal.body.includes(`>${noRights}: The policy gives`))
    const answer = readSoapAnswer('AcquireLicense', Buffer.from(refusal.body))
    assert.equal(answer.kind === 'fault' ? answer.fault.full : '', noRights)
  })
}

test('signing in and coming back later are matters of HTTP', () => {
  const request = { contentType: undefined, correlationId: '{1}', challenges: ['Basic realm="x"'] }
  const unauthenticated = writeSoapRefusal('unauthenticated', request)
  assert.equal(unauthenticated.status, 401)
  assert.deepEqual(unauthenticated.headers['www-authenticate'], ['Basic realm="x"'])
  assert.equal(parseFaultString(unauthenticated.body).full, 'System.UnauthorizedAccessException')
  const overloaded = writeSoapRefusal('service-overloaded', request)
  assert.equal(overloaded.status, 503)
  assert.equal(overloaded.headers['retry-after'], '1')
})
