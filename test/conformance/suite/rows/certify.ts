/** Certify: its order of checks and its answer (fact sheet 4.1). */
import { orderedChecks, type Row } from '../row.ts'

const untrusted = 'VerifyMachineCertificateChainFailedException'

export const certifyRows: readonly Row[] = [
  ...orderedChecks('4.1', 'Certify', {}, [
    {
      name: '1',
      what: 'a malformed version',
      sent: { versions: { maximum: 'x' } },
      fault: 'MalformedDataVersionException',
    },
    {
      name: '2',
      what: 'a decommissioned server',
      sent: { states: ['decommissioned'] },
      fault: 'ClusterDecommissionedException',
    },
    { name: '3', what: 'no credentials', sent: { caller: 'nobody' }, fault: 'UnauthorizedAccessException' },
    { name: '4', what: 'no chain', sent: { machine: { missing: true } }, fault: 'ArgumentNullException' },
    {
      name: '5',
      what: 'a changed machine certificate',
      sent: { machine: { tampered: true } },
      fault: untrusted,
      pairless: 'a chain cannot be missing and wrong',
    },
    { name: '5b', what: 'an unknown authority', sent: { machine: { stranger: true } }, fault: untrusted },
    {
      name: '6',
      what: 'a machine key of the other mode',
      sent: { machine: { otherMode: true } },
      fault: 'UnsupportedCryptographicSetException',
    },
    {
      name: '7',
      what: 'a machine software that is excluded',
      sent: { states: ['machine-excluded'] },
      fault: 'BlackBoxIsInvalidException',
    },
    {
      name: '8',
      what: 'an account without mail address',
      sent: { states: ['caller-without-mail'] },
      fault: 'ADEntrySearchFailedException',
    },
    {
      name: '9',
      what: 'an account whose mail address is malformed',
      sent: { states: ['caller-with-malformed-mail'] },
      fault: 'VerifyEmailAddressFailedException',
      pairless: 'an address cannot be absent and malformed',
    },
  ]),
  {
    id: '4.1/Certify/answer',
    what: 'the chain of the account and the constant quota',
    operation: 'Certify',
    sent: {},
    expected: {
      holds: [/<XrML[ >][^]*<XrML[ >]/, /<Verified>true<\/Verified>/, /<CurrentConsumption>\d+<\/CurrentConsumption>/],
    },
  },
]
