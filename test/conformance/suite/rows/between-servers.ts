/** What servers ask for on behalf of others (fact sheet 5.2, 6.1, 6.2, 6.4). */
import { type Row } from '../row.ts'

const admitted = { caller: 'admitted' } as const
const closed = { fault: 'UnauthorizedAccessException' }
const nobody = 'nobody@nowhere.example'

const membership = (crossForestCallsSoFar: number, targetGroups: readonly string[] = [nobody]) => ({
  ...admitted,
  parameters: {
    principalName: nobody,
    principalCrossForest: nobody,
    targetGroups: { string: targetGroups },
    crossForestCallsSoFar,
  },
})

const precertify = (...users: readonly object[]) => ({
  ...admitted,
  parameters: { requestParams: { PrecertifyParams: users } },
})

export const betweenServersRows: readonly Row[] = [
  {
    id: '5.2/IsPrincipalMemberOf/closed',
    what: 'a caller who is not named',
    operation: 'IsPrincipalMemberOf',
    sent: {},
    expected: closed,
  },
  {
    id: '5.2/IsPrincipalMemberOf/unknown',
    what: 'an unknown person in an unknown group is no member',
    operation: 'IsPrincipalMemberOf',
    sent: membership(0),
    expected: { holds: [/<IsPrincipalMemberOfResult>false</] },
  },
  {
    id: '5.2/IsPrincipalMemberOf/eight',
    what: 'eight calls so far are answered',
    operation: 'IsPrincipalMemberOf',
    sent: membership(8),
    expected: { holds: [/<IsPrincipalMemberOfResult>false</] },
  },
  {
    id: '5.2/IsPrincipalMemberOf/nine',
    what: 'the tenth call is refused',
    operation: 'IsPrincipalMemberOf',
    sent: membership(9),
    expected: { fault: 'UnspecifiedErrorException' },
  },
  {
    id: '6.1/AcquirePreLicense/closed',
    what: 'a caller who is not named',
    operation: 'AcquirePreLicense',
    sent: {},
    expected: closed,
  },
  {
    id: '6.1/AcquirePreLicense/answer',
    what: 'one licence or exception for each recipient, and the chain once',
    operation: 'AcquirePreLicense',
    sent: admitted,
    expected: {
      holds: [
        /<Licenses>[^]*<XrML[ >][^]*<AcquirePreLicenseException[^]*AcquirePreLicenseInvalidLicenseeException[^]*<\/Licenses>/,
        /<batchindex>\d+</,
        /<CertificateChain>[^]*<XrML[ >]/,
      ],
    },
  },
  {
    id: '6.1/AcquirePreLicense/no-rights',
    what: 'a recipient without rights',
    operation: 'AcquirePreLicense',
    sent: { ...admitted, license: { noRights: true } },
    expected: { holds: [/<ExceptionString>[\w.]*NoRightsForRequestedPrincipalException/] },
  },
  {
    id: '6.2/Precertify/closed',
    what: 'a caller who is not named',
    operation: 'Precertify',
    sent: {},
    expected: closed,
  },
  {
    id: '6.2/Precertify/answer',
    what: 'a certificate that is sealed to no machine',
    operation: 'Precertify',
    sent: admitted,
    expected: { holds: [/^(?![^]*<FEDERATIONPRINCIPALS)[^]*<Certificate>[^]*<XrML[ >]/] },
  },
  {
    id: '6.2/Precertify/two',
    what: 'two users in one call',
    operation: 'Precertify',
    sent: precertify({ UserName: nobody }, { UserName: nobody }),
    expected: { fault: 'DRMSArgumentException' },
  },
  {
    id: '6.2/Precertify/none',
    what: 'neither name nor identifier',
    operation: 'Precertify',
    sent: precertify({ UserName: '' }),
    expected: { fault: 'DRMSArgumentException' },
  },
  {
    id: '6.2/Precertify/disagree',
    what: 'name and identifier of two accounts',
    operation: 'Precertify',
    sent: { ...admitted, disagreeing: true },
    expected: closed,
  },
  {
    id: '6.2/Precertify/unknown',
    what: 'an unknown user',
    operation: 'Precertify',
    sent: precertify({ UserName: nobody }),
    expected: { fault: 'ADEntrySearchFailedException' },
  },
  {
    id: '6.4/AcquireContentKey/serving',
    what: 'a server in operation',
    operation: 'AcquireContentKey',
    sent: admitted,
    expected: { fault: 'ClusterNotDecommissionedException' },
  },
  {
    id: '6.4/AcquireContentKey/closed',
    what: 'a caller who is not named',
    operation: 'AcquireContentKey',
    sent: { states: ['decommissioned'] },
    expected: closed,
  },
  {
    id: '6.4/AcquireContentKey/principal',
    what: 'a licence of another server',
    operation: 'AcquireContentKey',
    sent: { ...admitted, states: ['decommissioned'], license: { sealedElsewhere: true } },
    expected: { fault: 'UnsignedIssuanceLicenseNoMatchingIssuedPrincipalException' },
  },
  {
    id: '6.4/AcquireContentKey/answer',
    what: 'the content key and its type',
    operation: 'AcquireContentKey',
    sent: { ...admitted, states: ['decommissioned'] },
    expected: { holds: [/<ContentKey>[\w+/=]+<\/ContentKey>/, /<ContentKeyType>AES<\/ContentKeyType>/] },
  },
]
