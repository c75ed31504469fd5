/** Rows of every operation: versions, missing arguments and the state of the server (fact sheet 1.1, 1.2, 6.4). */
import { operationNames } from '../parameters.ts'
import { type Row, type Sent } from '../row.ts'

/** Operations that only a closed endpoint answers. */
const closed = new Set(['Precertify', 'AcquirePreLicense', 'EditIssuanceLicense', 'IsPrincipalMemberOf', 'SubEnroll'])
/** Operations without any required element. */
const withoutArguments = new Set(['AcquireTemplateInformation', 'GetLicensorCertificate'])
/** Answers from a decommissioned server alone. */
const onlyDecommissioned = 'AcquireContentKey'

const callerOf = (operation: string): Sent =>
  closed.has(operation) || operation === onlyDecommissioned ? { caller: 'admitted' } : {}
const stateOf = (operation: string): Sent => (operation === onlyDecommissioned ? { states: ['decommissioned'] } : {})

const versionFaults = [
  ['letters', 'a value that is not four numbers', { maximum: '1.0.0.x' }, 'MalformedDataVersionException'],
  ['three', 'a value of three numbers', { minimum: '1.0.0' }, 'MalformedDataVersionException'],
  ['negative', 'a negative number', { minimum: '-1.0.0.0' }, 'MalformedDataVersionException'],
  ['order', 'a minimum above the maximum', { minimum: '1.1.0.0', maximum: '1.0.0.0' }, 'MalformedDataVersionException'],
  [
    'minimum-alone',
    'a minimum above 1.0.0.0 alone',
    { minimum: '1.1.0.0', maximum: null },
    'MalformedDataVersionException',
  ],
  ['high', 'a maximum above that of the server', { maximum: '9.0.0.0' }, 'UnsupportedDataVersionException'],
] as const

/** GetServerInfo has no version header. */
const versioned = operationNames.filter((operation) => operation !== 'GetServerInfo')

const versionRows: readonly Row[] = versioned.flatMap((operation) =>
  versionFaults.map(([name, what, versions, fault]) => ({
    id: `1.1/${operation}/${name}`,
    what,
    operation,
    sent: { ...callerOf(operation), ...stateOf(operation), versions, ...cheap(operation) },
    expected: { fault },
  })),
)

/** The version is checked before anything else, so the content need not be made. */
function cheap(operation: string): Sent {
  return { parameters: {}, ...(operation === 'Certify' ? { machine: {} } : {}) }
}

const missingRows: readonly Row[] = operationNames
  .filter((operation) => !withoutArguments.has(operation))
  .map((operation) => ({
    id: `1.2/${operation}/missing`,
    what: 'a required element is missing',
    operation,
    sent: { ...callerOf(operation), ...stateOf(operation), parameters: {} },
    expected: { fault: 'ArgumentNullException' },
  }))

const decommissionedRows: readonly Row[] = operationNames
  .filter((operation) => operation !== onlyDecommissioned)
  .map((operation) => ({
    id: `6.4/${operation}/decommissioned`,
    what: 'a decommissioned server',
    operation,
    sent: {
      ...callerOf(operation),
      states: ['decommissioned'],
      ...(operation === 'EditIssuanceLicense' ? { license: { editable: true } } : {}),
    },
    expected: { fault: 'ClusterDecommissionedException' },
  }))

const answered: readonly Row[] = [
  {
    id: '1.1/response',
    what: 'the answer states versions 1.0.0.0 to that of the server',
    operation: 'GetLicensorCertificate',
    sent: {},
    expected: {
      holds: [/<MinimumVersion>1\.0\.0\.0<\/MinimumVersion>/, /<MaximumVersion>1\.[0-2]\.0\.0<\/MaximumVersion>/],
    },
  },
  {
    id: '1.1/maximum-alone',
    what: 'a missing minimum counts as 1.0.0.0',
    operation: 'GetLicensorCertificate',
    sent: { versions: { minimum: null, maximum: '1.1.0.0' } },
    expected: { holds: [/<XrML[ >]/] },
  },
  {
    id: '1.1/no-header',
    what: 'a call without the version header counts as 1.0.0.0',
    operation: 'GetLicensorCertificate',
    sent: { versions: null },
    expected: { holds: [/<XrML[ >]/] },
  },
]

export const messageRows: readonly Row[] = [...versionRows, ...missingRows, ...decommissionedRows, ...answered]
