/** What a server tells about itself: templates, locations, its certificate, its features (fact sheet 4.4, 4.6 to 4.8, 5.1). */
import { type Row } from '../row.ts'
import { clientTypes, locations, serverTypes } from './service-types.ts'

const forServers = new Set<string>(serverTypes)
const info = (Type: string) => ({ parameters: { requests: { ServerInfoRequest: [{ Type }] } } })

/** In that order, each with an address in between that may be missing. */
const inOrder = (types: readonly string[]): RegExp =>
  new RegExp(types.map((type) => `<Type>${type}</Type>`).join('[^]*'))

const directory = (type: string, name: string): Row => ({
  id: `4.7/FindServiceLocationsForUser/${type}`,
  what: 'an address that ends with the directory',
  operation: 'FindServiceLocationsForUser',
  sent: locations([type]),
  expected: { holds: [new RegExp(`<URL>https?://[^<]*/${name}</URL>`, 'i'), new RegExp(`<Type>${type}</Type>`)] },
})

const withoutAddress: readonly Row[] = [
  'EnrollmentService',
  'PublishingService',
  'PrecertificationService',
  'ServerService',
  'DrmRemoteDirectoryServices',
  'GroupExpansionService',
].map((type) => ({
  id: `4.7/FindServiceLocationsForUser/${type}`,
  what: 'a type without address',
  operation: 'FindServiceLocationsForUser',
  sent: locations([type]),
  expected: { holds: [new RegExp(`^(?![^]*<URL>)[^]*<Type>${type}</Type>`)] },
}))

const betweenServers: readonly Row[] = clientTypes.map((type) => ({
  id: `5.1/FindServiceLocations/${type}`,
  what: forServers.has(type) ? 'an address, or an empty one' : 'a type that servers do not ask for',
  operation: 'FindServiceLocations',
  sent: locations([type]),
  expected: forServers.has(type)
    ? { holds: [/<URL ?\/>|<URL>[^<]*<\/URL>/, new RegExp(`<Type>${type}</Type>`)] }
    : { fault: 'InvalidOperationException' },
}))

export const descriptionRows: readonly Row[] = [
  directory('LicensingInternalService', 'licensing'),
  directory('CertificationInternalService', 'certification'),
  directory('ActivationService', 'certification'),
  ...withoutAddress,
  ...betweenServers,
  {
    id: '4.7/FindServiceLocationsForUser/order',
    what: 'one answer for each type, in the order asked',
    operation: 'FindServiceLocationsForUser',
    sent: locations(clientTypes),
    expected: { holds: [inOrder(clientTypes)] },
  },
  {
    id: '4.7/FindServiceLocationsForUser/unknown',
    what: 'a type that nobody knows',
    operation: 'FindServiceLocationsForUser',
    sent: locations(['MailService']),
    expected: { fault: 'InvalidOperationException' },
  },
  {
    id: '4.7/FindServiceLocationsForUser/nobody',
    what: 'no credentials',
    operation: 'FindServiceLocationsForUser',
    sent: { ...locations(['LicensingInternalService']), caller: 'nobody' },
    // The sheet says UnspecifiedErrorException. A web server that wants credentials answers 401 before the service is asked.
    expected: { fault: 'UnauthorizedAccessException' },
  },
  {
    id: '4.8/GetServerInfo/VersionInfo',
    what: 'the version of the server',
    operation: 'GetServerInfo',
    sent: info('VersionInfo'),
    expected: { holds: [/<ServerInfoRequest Type="VersionInfo"[^]*<VersionInfo Version="\d+\.\d+\.\d+\.\d+"/] },
  },
  {
    id: '4.8/GetServerInfo/ServerFeatureInfo',
    what: 'three features',
    operation: 'GetServerInfo',
    sent: info('ServerFeatureInfo'),
    expected: {
      holds: [
        /<Feature Name="GroupExpansionWebService" Value="true"/i,
        /<Feature Name="ActiveDirectoryServicesRemoting" Value="false"/i,
        /<Feature Name="FederatedServicesEnabled" Value="[01]"/,
      ],
    },
  },
  {
    id: '4.8/GetServerInfo/ServerLicensorCertificate',
    what: 'the chain of the server',
    operation: 'GetServerInfo',
    sent: info('ServerLicensorCertificate'),
    expected: { holds: [/<ServerLicensorCertificateChain>[^]*<XrML[ >]/] },
  },
  {
    id: '4.8/GetServerInfo/ServiceLocations',
    what: 'the addresses of the services',
    operation: 'GetServerInfo',
    sent: info('ServiceLocations'),
    expected: { holds: [/<ServiceLocation Type="LicensingInternalService" Url="[^"]+"/] },
  },
  {
    id: '4.6/GetLicensorCertificate/answer',
    what: 'the chain of the server',
    operation: 'GetLicensorCertificate',
    sent: {},
    expected: { holds: [/<CertificateChain>[^]*<XrML[ >]/] },
  },
  {
    id: '4.4/AcquireTemplateInformation/answer',
    what: 'the public key of the server and the number of templates',
    operation: 'AcquireTemplateInformation',
    sent: {},
    expected: { holds: [/<ServerPublicKey>MI[\w+/=]+<\/ServerPublicKey>/, /<GuidHashCount>\d+<\/GuidHashCount>/] },
  },
  {
    id: '4.4/AcquireTemplates/unknown',
    what: 'an unknown template has an entry without text',
    operation: 'AcquireTemplates',
    sent: {},
    expected: { holds: [/^(?![^]*<Template>)[^]*<Guid>\{?00000000-0000-0000-0000-000000000001\}?<\/Guid>/] },
  },
]
