/** Calls that a server refuses whatever they say (fact sheet 2, 4.9), written by hand: no description has them. */
import type { Row } from '../row.ts'

const drm = 'http://microsoft.com/DRM'

const call = (service: string, operation: string): string => `<${operation} xmlns="${drm}/${service}" />`

export const notSpokenRows: readonly Row[] = [
  {
    id: '4.9/Activate',
    what: 'the activation of machines that no longer exists',
    operation: 'Activate',
    sent: { raw: { path: 'certification/Activation.asmx', body: call('ActivationService', 'Activate') } },
    expected: { fault: 'any' },
  },
  {
    id: '2/Certify/elsewhere',
    what: 'an operation at the path of another service',
    operation: 'Certify',
    sent: { raw: { path: 'licensing/license.asmx', body: call('CertificationService', 'Certify') } },
    expected: { fault: 'any' },
  },
  {
    id: '2/unknown-operation',
    what: 'an operation that nobody knows',
    operation: 'Certificate',
    sent: { raw: { path: 'licensing/license.asmx', body: call('LicensingService', 'AcquireNothing') } },
    expected: { fault: 'any' },
  },
  {
    id: '2/path-case',
    what: 'paths are matched without regard to case',
    operation: 'GetLicensorCertificate',
    sent: { raw: { path: 'LICENSING/Server.ASMX', body: call('ServerService', 'GetLicensorCertificate') } },
    expected: { holds: [/<GetLicensorCertificateResult>[^]*<XrML[ >]/] },
  },
]
