/** What is checked of an account certificate, by GetClientLicensorCert and AcquireLicense alike (fact sheet 4.2). */
import { orderedChecks, type Check, type Row } from '../row.ts'

const checks: readonly Check[] = [
  {
    name: '1',
    what: 'a decommissioned server',
    sent: { states: ['decommissioned'] },
    fault: 'ClusterDecommissionedException',
  },
  {
    name: '2',
    what: 'no certificate',
    sent: { account: { unparsable: true } },
    fault: 'UnexpectedPersonaCertException',
  },
  {
    name: '2b',
    what: 'a certificate of another type',
    sent: { account: { wrongType: true } },
    fault: 'UnexpectedPersonaCertException',
  },
  {
    name: '3',
    what: 'a changed certificate',
    sent: { account: { tampered: true } },
    fault: 'InvalidPersonaCertSignatureException',
  },
  {
    name: '4',
    what: 'an expired certificate',
    sent: { account: { expired: true } },
    fault: 'InvalidPersonaCertTimeException',
  },
  {
    name: '5',
    what: 'a key of the other mode',
    sent: { account: { otherMode: true } },
    fault: 'UnsupportedCryptographicSetException',
  },
  {
    name: '6',
    what: 'an issuer that is not trusted',
    sent: { account: { stranger: true } },
    fault: 'UntrustedPersonaCertException',
  },
  {
    name: '7',
    what: 'a federated account while federation is off',
    sent: { account: { federated: true } },
    fault: 'UntrustedPersonaCertException',
  },
  {
    name: '8',
    what: 'an excluded account',
    sent: { states: ['account-excluded'] },
    fault: 'DrmacIsExcludedException',
  },
  {
    name: '9',
    what: 'machine software that is excluded',
    sent: { states: ['machine-excluded'] },
    fault: 'BlackBoxIsInvalidException',
  },
]

export const accountRows: readonly Row[] = ['GetClientLicensorCert', 'AcquireLicense'].flatMap((operation) => [
  ...orderedChecks('4.2', operation, { license: {} }, checks),
])
