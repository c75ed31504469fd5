/**
 * One example of every message, for the tests. The certificates are not genuine, but hold all that a message must not
 * change: both spellings of an empty element, attributes like `xmlns=""`, entities, blanks, and other scripts.
 */
import type { SoapOperationName, SoapRequestOf, SoapResponseOf } from './operations.ts'

export const accountCertificate =
  '<XrML xmlns="" version="1.2"><BODY type="LICENSE" version="3.0"><NAME>Ana &amp; Jürgen 李𠮷</NAME><A></A><B /><C/></BODY></XrML>'
export const licensorCertificate =
  "<XrML version='1.2' xmlns=''><BODY  type=\"LICENSE\"><ISSUED>\n 2026-01-01T00:00 </ISSUED></BODY></XrML>"
export const publishingLicense =
  '<XrML version="1.2" purpose="Content-License" xmlns=""><BODY type="Microsoft Rights Label"><X>&lt;&#x20AC;&gt;</X></BODY></XrML>'
const clientLicensorCertificate =
  '<XrML version="1.2" xmlns=""><BODY type="LICENSE"><ID type="MS-GUID">{4f5e}</ID ></BODY></XrML>'

export const exampleRequests: { readonly [Name in SoapOperationName]: SoapRequestOf<Name> } = {
  AcquireContentKey: { issuanceLicense: [publishingLicense, clientLicensorCertificate] },
  AcquireIssuanceLicense: { requests: [{ unsignedIssuanceLicense: publishingLicense }] },
  AcquireLicense: {
    requests: [
      {
        licenseeCertificates: [accountCertificate, licensorCertificate],
        issuanceLicense: [publishingLicense, clientLicensorCertificate],
        applicationData: '<App version="1">x</App>',
      },
    ],
  },
  AcquirePreLicense: {
    requests: [
      {
        licenseeIdentities: ['li.chen@lakeside.example', 'nobody@lakeside.example'],
        issuanceLicense: [publishingLicense],
      },
    ],
  },
  AcquireTemplateInformation: {},
  AcquireTemplates: { guids: ['{0f45fd50-383b-43ee-90a4-ed013cd0cfe5}', '{94bf969a-ca04-44d6-aa96-51071281fef2}'] },
  Certify: { machineCertificateChain: [accountCertificate, licensorCertificate], persistent: true },
  EditIssuanceLicense: {
    signedIssuanceLicense: publishingLicense,
    unsignedIssuanceLicense: publishingLicense,
  },
  FindServiceLocations: { serviceTypes: ['LicensingInternalService', 'GroupExpansionService'] },
  FindServiceLocationsForUser: { serviceTypes: ['LicensingInternalService', 'LicensingService'] },
  GetClientLicensorCert: { requests: [{ personaCertificates: [accountCertificate, licensorCertificate] }] },
  GetLicensorCertificate: {},
  GetServerInfo: { requests: [{ type: 'VersionInfo' }, { type: 'ServerFeatureInfo', additionalInfo: 'a < b' }] },
  IsPrincipalMemberOf: {
    principalName: 'li.chen@lakeside.example',
    principalCrossForest: 'li.chen@lakeside.example',
    targetGroups: ['finance@lakeside.example', 'a & b@lakeside.example'],
    crossForestCallsSoFar: 2,
  },
  Precertify: { userName: 'li.chen@lakeside.example', securityIdentifier: 'S-1-5-21-1-2-3-1104' },
  SubEnroll: {
    publicKey: Buffer.from([0x30, 0x06, 0x02, 0x01, 0x11, 0x02, 0x01, 0x11]),
    guid: '0f45fd50-383b-43ee-90a4-ed013cd0cfe5',
    sku: 'RMS 2.0',
    version: '6.0.0.0',
    name: 'Legal & more',
    url: 'https://legal.lakeside.example/_wmcs',
  },
}

export const exampleResponses: { readonly [Name in SoapOperationName]: SoapResponseOf<Name> } = {
  AcquireContentKey: { contentKey: Buffer.from('key of a document'), contentKeyType: 'AES' },
  AcquireIssuanceLicense: { responses: [{ certificateChain: [publishingLicense, licensorCertificate] }] },
  AcquireLicense: {
    responses: [
      { outcome: 'licensed', certificateChain: [publishingLicense, licensorCertificate] },
      { outcome: 'refused', exceptionString: 'A.NoRightsForRequestedPrincipalException: no & no', batchIndex: 1 },
    ],
  },
  AcquirePreLicense: {
    responses: [
      {
        outcomes: [
          { outcome: 'licensed', license: publishingLicense },
          { outcome: 'refused', exceptionString: 'A.NoRightsForRequestedPrincipalException: no & no', batchIndex: 1 },
        ],
        certificateChain: [licensorCertificate],
      },
    ],
  },
  AcquireTemplateInformation: {
    serverPublicKey: Buffer.from([0x30, 0x03, 0x02, 0x01, 0x11]),
    templates: [{ guid: '{0f45fd50-383b-43ee-90a4-ed013cd0cfe5}', hash: 'aGFzaA==' }],
  },
  AcquireTemplates: {
    templates: [
      {
        guid: '{0f45fd50-383b-43ee-90a4-ed013cd0cfe5}',
        hash: 'aGFzaA==',
        template: `${accountCertificate}\r\n${licensorCertificate}`,
      },
      { guid: '{94bf969a-ca04-44d6-aa96-51071281fef2}' },
    ],
  },
  Certify: { certificateChain: [accountCertificate, licensorCertificate] },
  EditIssuanceLicense: { certificateChain: [publishingLicense] },
  FindServiceLocations: {
    locations: [
      { type: 'LicensingInternalService', url: 'https://rms.lakeside.example/_wmcs/licensing' },
      { type: 'GroupExpansionService' },
    ],
  },
  FindServiceLocationsForUser: {
    locations: [
      { type: 'LicensingInternalService', url: 'https://rms.lakeside.example/_wmcs/licensing' },
      { type: 'LicensingService' },
    ],
  },
  GetClientLicensorCert: { responses: [{ certificateChain: [clientLicensorCertificate, licensorCertificate] }] },
  GetLicensorCertificate: { certificateChain: [licensorCertificate] },
  GetServerInfo: {
    results: [
      { type: 'VersionInfo', version: '6.0.0.0' },
      {
        type: 'ServerFeatureInfo',
        features: [
          { name: 'GroupExpansionWebService', value: 'true' },
          { name: 'FederatedServicesEnabled', value: '0' },
        ],
      },
      { type: 'ServerLicensorCertificate', certificateChain: [licensorCertificate, accountCertificate] },
      { type: 'ServiceLocations', locations: [{ type: 'LicensingService', url: '' }] },
    ],
  },
  IsPrincipalMemberOf: { member: true },
  Precertify: { certificate: accountCertificate },
  SubEnroll: { licensorChain: [accountCertificate, licensorCertificate] },
}
