/** The services whose addresses are asked for, each protocol with its own (fact sheet 4.7, 5.1). */
import type { Sent } from '../row.ts'

export const clientTypes = [
  'EnrollmentService',
  'LicensingService',
  'PublishingService',
  'CertificationService',
  'ActivationService',
  'PrecertificationService',
  'ServerService',
  'DrmRemoteDirectoryServices',
  'GroupExpansionService',
  'LicensingInternalService',
  'CertificationInternalService',
] as const

export const serverTypes = [
  'LicensingService',
  'CertificationService',
  'DrmRemoteDirectoryServices',
  'GroupExpansionService',
  'LicensingInternalService',
  'CertificationInternalService',
] as const

export const locations = (types: readonly string[]): Sent => ({
  parameters: { ServiceNames: { ServiceLocationRequest: types.map((Type) => ({ Type })) } },
})
