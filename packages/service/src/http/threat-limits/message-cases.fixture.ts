/**
 * For tests: how many and how large are the parts of a message. Where only a genuine message gets as far as the limit, the
 * limit is lowered to what that message needs, and then by one.
 */
import type { SoapOperationName, SoapRequestOf } from '@sealward/protocol'
import type { LimitCase } from './body-cases.fixture.ts'
import { asPerson, counted, lowered, opening, paths } from './case-forms.fixture.ts'
import type { DoorName } from './doors.fixture.ts'
import { publishing, soapQuestion } from './scene.fixture.ts'

const dummy = '<XrML/>'
const dummies = (count: number): readonly string[] => Array.from({ length: count }, () => dummy)
const sized = (bytes: number): string => `<XrML>${'x'.repeat(bytes - '<XrML></XrML>'.length)}</XrML>`

function many<Name extends SoapOperationName>(
  door: DoorName,
  path: string,
  name: Name,
  request: (count: number) => SoapRequestOf<Name>,
): LimitCase {
  return counted('itemsPerCall', door, 'soap-limit-exceeded', (_scene, count) =>
    soapQuestion(path, name, request(count)),
  )
}

const items: readonly LimitCase[] = [
  many('SOAP LicensingService', paths.license, 'AcquireLicense', (count) => ({
    requests: dummies(count).map((each) => ({ licenseeCertificates: [each], issuanceLicense: [each] })),
  })),
  many('SOAP LicensingService', paths.license, 'AcquireLicense', (count) => ({
    requests: [{ licenseeCertificates: dummies(count), issuanceLicense: [dummy] }],
  })),
  many('SOAP LicensingService', paths.license, 'AcquirePreLicense', (count) => ({
    requests: [{ licenseeIdentities: dummies(count).map(() => 'x@y.example'), issuanceLicense: [dummy] }],
  })),
  // Each within the limit, but not together.
  many('SOAP LicensingService', paths.license, 'AcquirePreLicense', (count) => ({
    requests: [count - 1, 1].map((number) => ({
      licenseeIdentities: dummies(number).map(() => 'x@y.example'),
      issuanceLicense: [dummy],
    })),
  })),
  many('SOAP PublishingService', paths.publish, 'AcquireIssuanceLicense', (count) => ({
    requests: dummies(count).map((each) => ({ unsignedIssuanceLicense: each })),
  })),
  many('SOAP PublishingService', paths.publish, 'GetClientLicensorCert', (count) => ({
    requests: dummies(count).map((each) => ({ personaCertificates: [each] })),
  })),
  many('SOAP CertificationService', paths.certification, 'Certify', (count) => ({
    machineCertificateChain: dummies(count),
    persistent: true,
  })),
  many('SOAP DecommissionService', paths.decommission, 'AcquireContentKey', (count) => ({
    issuanceLicense: dummies(count),
  })),
  many('SOAP ServerService', '/_wmcs/licensing/server.asmx', 'FindServiceLocations', (count) => ({
    serviceTypes: dummies(count).map(() => 'LicensingService' as const),
  })),
]

const sizes: readonly LimitCase[] = [
  counted('publishingLicenseBytes', 'SOAP LicensingService', 'soap-limit-exceeded', (scene, count) =>
    opening(scene, [sized(count)]),
  ),
  counted('publishingLicenseBytes', 'SOAP LicensingService', 'soap-limit-exceeded', (_scene, count) =>
    soapQuestion(paths.license, 'AcquirePreLicense', {
      requests: [{ licenseeIdentities: ['x@y.example'], issuanceLicense: [sized(count)] }],
    }),
  ),
  counted('publishingLicenseBytes', 'SOAP DecommissionService', 'soap-limit-exceeded', (_scene, count) =>
    soapQuestion(paths.decommission, 'AcquireContentKey', { issuanceLicense: [sized(count)] }),
  ),
  counted('licenseeCertificateBytes', 'SOAP LicensingService', 'soap-limit-exceeded', (_scene, count) =>
    soapQuestion(paths.license, 'AcquireLicense', {
      requests: [{ licenseeCertificates: [sized(count)], issuanceLicense: [dummy] }],
    }),
  ),
  lowered(
    'licenseeCertificateBytes',
    'SOAP PublishingService',
    'account-certificate-unexpected',
    ({ bob }) => Math.max(...bob.accountChain.slice(0, 2).map((text) => text.length)),
    ({ bob }) =>
      asPerson(
        'bob',
        soapQuestion(paths.publish, 'GetClientLicensorCert', { requests: [{ personaCertificates: bob.accountChain }] }),
      ),
  ),
  counted('applicationDataBytes', 'SOAP LicensingService', 'soap-limit-exceeded', (_scene, count) =>
    soapQuestion(paths.license, 'AcquireLicense', {
      requests: [{ licenseeCertificates: [dummy], issuanceLicense: [dummy], applicationData: 'x'.repeat(count) }],
    }),
  ),
  counted('applicationDataBytes', 'REST', 'policy-refused', (_scene, count) =>
    publishing({ SignedApplicationData: { name: 'x'.repeat(count - 'name'.length) } }),
  ),
]

const chains: readonly LimitCase[] = [
  counted('chainCertificates', 'SOAP LicensingService', 'publishing-license-invalid', (scene, count) => {
    const [signer = ''] = scene.published.slice(1)
    const more = Array.from({ length: count - scene.published.length }, () => signer)
    return opening(scene, [...scene.published, ...more])
  }),
  lowered(
    'chainCertificates',
    'SOAP CertificationService',
    'machine-chain-invalid',
    ({ bob }) => bob.machineChain.length,
    ({ bob }) =>
      soapQuestion(paths.certification, 'Certify', { machineCertificateChain: bob.machineChain, persistent: true }),
  ),
]

export const messageCases: readonly LimitCase[] = [...items, ...sizes, ...chains]
