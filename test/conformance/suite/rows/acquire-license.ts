/** AcquireLicense: limits, then the account, then the publishing licence (fact sheet 3, 4.3). */
import { orderedChecks, type Row } from '../row.ts'

const operation = 'AcquireLicense'
const unspecified = { fault: 'UnspecifiedErrorException' }

export const acquireLicenseRows: readonly Row[] = [
  ...orderedChecks('4.3', operation, { license: {} }, [
    {
      name: 'limits',
      what: 'application data above 102 400 bytes',
      sent: { applicationDataBytes: 102_401 },
      fault: unspecified.fault,
    },
    {
      name: 'account',
      what: 'a changed account certificate',
      sent: { account: { tampered: true } },
      fault: 'InvalidPersonaCertSignatureException',
    },
    // The sheet lists the principal third. A licence whose key the server does not hold is told so first: whether its
    // signer may sign can only be said by the server that the licence names.
    {
      name: 'principal',
      what: 'a licence sealed to another server',
      sent: { license: { sealedElsewhere: true } },
      fault: 'RightsLabelNoMatchingIssuedPrincipalException',
    },
    {
      name: 'signature',
      what: 'a changed licence',
      sent: { license: { tampered: true } },
      fault: 'InvalidRightsLabelSignatureException',
    },
    {
      name: 'validity',
      what: 'a licence outside its validity',
      sent: { license: { expired: true } },
      fault: 'IssuanceLicenseIsNotWithinValidTimeRangeException',
    },
    {
      name: 'credentials',
      what: 'credentials made after the licence',
      sent: { account: { createdLate: true } },
      fault: 'CredentialCreationTimeException',
    },
    {
      name: 'rights',
      what: 'a policy that grants nothing',
      sent: { license: { noRights: true } },
      fault: 'NoRightsForRequestedPrincipalException',
    },
  ]),
  {
    id: '4.3/AcquireLicense/principal-id',
    what: 'a licence sealed to the key of the server under another identifier',
    operation,
    sent: { license: { otherServerId: true } },
    expected: { fault: 'RightsLabelNoMatchingIssuedPrincipalException' },
  },
  {
    id: '4.3/AcquireLicense/signer',
    what: 'a signer whose server is unknown',
    operation,
    sent: { license: { strangeSigner: true } },
    expected: { fault: 'InvalidRightsLabelSignatureException' },
  },
  {
    id: '4.3/AcquireLicense/signer-changed',
    what: 'a changed certificate of the signer',
    operation,
    sent: { license: { tamperedSigner: true } },
    expected: { fault: 'InvalidRightsLabelSignatureException' },
  },
  {
    id: '4.3/AcquireLicense/signer-range',
    what: 'a licence issued before its signer might issue',
    operation,
    sent: { license: { beforeSigner: true } },
    expected: { fault: 'InvalidRightsLabelSignatureException' },
  },
  {
    id: '4.3/AcquireLicense/mode',
    what: 'a Mode 2 licence on a Mode 1 server that holds its key',
    operation,
    sent: { states: ['mode-1'], license: { mode2: true } },
    expected: { fault: 'RightsLabelNoMatchingIssuedPrincipalException' },
  },
  {
    id: '4.3/AcquireLicense/batch-version',
    what: 'two requests in a call of version 1.0.0.0',
    operation,
    sent: { times: 2 },
    expected: unspecified,
  },
  {
    id: '4.3/AcquireLicense/batch',
    what: 'two requests in a call of version 1.1.0.0 have two answers',
    operation,
    sent: { times: 2, versions: { maximum: '1.1.0.0' } },
    expected: { holds: [/(?:<AcquireLicenseResponse>[^]*?<XrML[^]*?){2}/] },
  },
  {
    id: '4.3/AcquireLicense/batch-exception',
    what: 'in a batch each refusal stands in its place',
    operation,
    sent: { times: 2, versions: { maximum: '1.1.0.0' }, license: { tampered: true } },
    expected: {
      holds: [
        /(?:<AcquireLicenseException[^]*?<ExceptionString>[\w.]*InvalidRightsLabelSignatureException[^]*?<batchindex>\d+<[^]*?){2}/,
      ],
    },
  },
  {
    id: '4.3/AcquireLicense/answer',
    what: 'the use licence, the chain of the server, and no reference certificates',
    operation,
    sent: {},
    expected: { holds: [/<XrML[ >][^]*<XrML[ >]/, /<ReferenceCertificates ?\/>|<ReferenceCertificates><\/Ref/] },
  },
]
