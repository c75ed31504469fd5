/**
 * Everything that the doors let people do, by what it does to content, and what the documented logs call it: the
 * ServiceRequest view of a cluster, and the usage log of a tenant. Operations of both doors with the same effect share
 * their fate in every state of the service.
 */
export type OperationEffect =
  /** Lets somebody protect content. */
  | 'protect'
  /** Shows with which templates one may protect. */
  | 'list-templates'
  /** Opens content. */
  | 'open'
  /** Hands a content key over without a policy. */
  | 'recover'
  /** Proves who somebody is. */
  | 'certify'
  /** Says where services are and what they are. */
  | 'describe'

interface Operation {
  readonly effect: OperationEffect
  /** Request type in the logs of a cluster. */
  readonly cluster: string
  /** Request type in the logs of a tenant. */
  readonly tenant: string
}

export const operations = {
  certify: { effect: 'certify', cluster: 'Certification.Certify', tenant: 'Certify' },
  precertify: { effect: 'certify', cluster: 'Precertification.Precertify', tenant: 'Precertify' },
  'sub-enrol': { effect: 'certify', cluster: 'SubEnrollment.SubEnroll', tenant: 'SubEnroll' },
  'enrol-machine': { effect: 'certify', cluster: 'EnrolMachine', tenant: 'EnrolMachine' },
  'issue-client-licensor': {
    effect: 'protect',
    cluster: 'GetClientLicensorCerts',
    tenant: 'GetClientLicensorCert',
  },
  'sign-draft': { effect: 'protect', cluster: 'AcquireIssuanceLicense', tenant: 'AcquireIssuanceLicense' },
  'edit-issuance-license': {
    effect: 'protect',
    cluster: 'EditIssuanceLicense',
    tenant: 'EditIssuanceLicense',
  },
  publish: { effect: 'protect', cluster: 'FECreatePublishingLicenseV1', tenant: 'FECreatePublishingLicenseV1' },
  'acquire-license': { effect: 'open', cluster: 'AcquireLicense', tenant: 'AcquireLicense' },
  'acquire-pre-license': { effect: 'open', cluster: 'AcquirePreLicense', tenant: 'AcquirePreLicense' },
  'acquire-end-user-license': {
    effect: 'open',
    cluster: 'FECreateEndUserLicenseV1',
    tenant: 'FECreateEndUserLicenseV1',
  },
  'acquire-content-key': {
    effect: 'recover',
    cluster: 'AcquireContentKey',
    tenant: 'AcquireContentKey',
  },
  'template-information': {
    effect: 'list-templates',
    cluster: 'TemplateDistribution.AcquireTemplateInformation',
    tenant: 'AcquireTemplateInformation',
  },
  'acquire-templates': {
    effect: 'list-templates',
    cluster: 'TemplateDistribution.AcquireTemplates',
    tenant: 'AcquireTemplates',
  },
  'list-templates': { effect: 'list-templates', cluster: 'FEGetAllTemplates', tenant: 'FEGetAllTemplates' },
  'find-service-locations': {
    effect: 'describe',
    cluster: 'FindServiceLocationsForUser',
    tenant: 'FindServiceLocationsForUser',
  },
  'find-services-for-server': { effect: 'describe', cluster: 'FindServiceLocations', tenant: 'FindServiceLocations' },
  'group-membership': { effect: 'describe', cluster: 'IsPrincipalMemberOf', tenant: 'IsPrincipalMemberOf' },
  'licensor-certificate': { effect: 'describe', cluster: 'GetLicensorCertificate', tenant: 'GetLicensorCertificate' },
  'server-info': { effect: 'describe', cluster: 'GetServerInfo', tenant: 'GetServerInfo' },
  'discover-services': {
    effect: 'describe',
    cluster: 'FindServiceLocationsForUser',
    tenant: 'FindServiceLocationsForUser',
  },
  'client-logs': { effect: 'describe', cluster: 'ClientLogs', tenant: 'ClientLogs' },
} as const satisfies Record<string, Operation>

export type OperationName = keyof typeof operations
