/** Every required element, once nil while all others are there (fact sheet 1.2). Messages written by hand: no client sends them. */
import { endpointOf } from '../endpoints.ts'
import type { Row, Sent } from '../row.ts'

/** An element that is required: its name, and its text or markup or the required elements in it. */
type RequiredElement = readonly [name: string, content: string | readonly RequiredElement[]]

const xrml = '<XrML version="1.2" xmlns=""></XrML>'
const chain = (name: string): RequiredElement => [name, [['Certificate', xrml]]]
const serviceNames: RequiredElement = [
  'ServiceNames',
  [['ServiceLocationRequest', [['Type', 'LicensingInternalService']]]],
]
const address = 'nobody@nowhere.example'

const calls: readonly {
  readonly operation: string
  readonly sent?: Sent
  readonly call: readonly RequiredElement[]
}[] = [
  { operation: 'Certify', call: [['requestParams', [chain('MachineCertificateChain'), ['Persistent', 'true']]]] },
  {
    operation: 'GetClientLicensorCert',
    call: [['RequestParams', [['GetClientLicensorCertParams', [chain('PersonaCerts')]]]]],
  },
  {
    operation: 'AcquireLicense',
    call: [['RequestParams', [['AcquireLicenseParams', [chain('LicenseeCerts'), chain('IssuanceLicense')]]]]],
  },
  {
    operation: 'AcquireIssuanceLicense',
    call: [['RequestParams', [['AcquireIssuanceLicenseParams', [['UnsignedIssuanceLicense', xrml]]]]]],
  },
  {
    operation: 'EditIssuanceLicense',
    sent: { caller: 'admitted' },
    call: [
      [
        'RequestParams',
        [
          [
            'EditIssuanceLicenseParams',
            [
              ['SignedIssuanceLicense', xrml],
              ['UnsignedIssuanceLicense', xrml],
            ],
          ],
        ],
      ],
    ],
  },
  {
    operation: 'AcquireContentKey',
    sent: { caller: 'admitted', states: ['decommissioned'] },
    call: [['paramsSoap', [['AcquireContentKeyParams', [chain('IssuanceLicense')]]]]],
  },
  {
    operation: 'AcquirePreLicense',
    sent: { caller: 'admitted' },
    call: [
      [
        'RequestParams',
        [['AcquirePreLicenseParams', [['LicenseeIdentities', [['string', address]]], chain('IssuanceLicense')]]],
      ],
    ],
  },
  {
    operation: 'SubEnroll',
    sent: { caller: 'admitted' },
    call: [
      [
        'oInput',
        [
          [
            'CertificatePublicKey',
            [
              ['aPublicKeyBytes', 'AAAA'],
              ['Guid', '5b0c7f0e-6d0c-4d0a-9b1d-3f1f6a2c8e10'],
            ],
          ],
          ['EnrolleeInformation', '<SKU>RMS</SKU><Version>6.0.0.0</Version><Name>Harbour</Name>'],
        ],
      ],
    ],
  },
  {
    operation: 'Precertify',
    sent: { caller: 'admitted' },
    call: [['requestParams', [['PrecertifyParams', `<UserName>${address}</UserName>`]]]],
  },
  { operation: 'AcquireTemplates', call: [['guids', [['string', '{00000000-0000-0000-0000-000000000001}']]]] },
  { operation: 'FindServiceLocationsForUser', call: [serviceNames] },
  { operation: 'FindServiceLocations', call: [serviceNames] },
  { operation: 'GetServerInfo', call: [['requests', [['ServerInfoRequest', [['Type', 'VersionInfo']]]]]] },
  {
    operation: 'IsPrincipalMemberOf',
    sent: { caller: 'admitted' },
    call: [
      ['principalName', address],
      ['principalCrossForest', address],
      ['targetGroups', [['string', address]]],
      ['crossForestCallsSoFar', '0'],
    ],
  },
]

/** The path of every required element, from the outermost. */
function pathsIn(call: readonly RequiredElement[]): readonly (readonly string[])[] {
  return call.flatMap(([name, content]) => [
    [name],
    ...(typeof content === 'string' ? [] : pathsIn(content).map((path) => [name, ...path])),
  ])
}

/** The elements as markup; the one at the path is nil. */
function markup(call: readonly RequiredElement[], [wanted, ...below]: readonly string[]): string {
  return call
    .map(([name, content]) => {
      if (name === wanted && below.length === 0) return `<${name} xsi:nil="true" />`
      const inside = typeof content === 'string' ? content : markup(content, name === wanted ? below : [])
      return `<${name}>${inside}</${name}>`
    })
    .join('')
}

export const nilElementRows: readonly Row[] = calls.flatMap(({ operation, sent = {}, call }) => {
  const { path: file, namespace } = endpointOf(operation)
  const names = `xmlns="${namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`
  return pathsIn(call).map((path) => ({
    id: `1.2/${operation}/nil/${path.join('/')}`,
    what: `${path.at(-1) ?? ''} is nil`,
    operation,
    sent: { ...sent, raw: { path: file, body: `<${operation} ${names}>${markup(call, path)}</${operation}>` } },
    expected: { fault: 'ArgumentNullException' },
  }))
})
