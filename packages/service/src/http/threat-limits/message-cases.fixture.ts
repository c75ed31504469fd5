/**
 * For tests: limits of what a message carries. Where only a genuine message gets as far as the limit, the limit is lowered to
 * what that message needs, and then by one.
 */
import type { SoapOperationName, SoapRequestOf } from '@sealward/protocol'
import type { ErrorCode } from '@sealward/xrml'
import { standardLimits, type LimitName, type Limits } from '../../core/limits.ts'
import { draftFor } from '../test-client.ts'
import { addressOf, type Person } from '../test-organisation.ts'
import type { LimitCase } from './body-cases.fixture.ts'
import type { DoorName } from './doors.fixture.ts'
import { restLicense, soapQuestion, type Question, type Scene } from './scene.fixture.ts'

const license = '/_wmcs/licensing/license.asmx'
const publish = '/_wmcs/licensing/publish.asmx'
const certification = '/_wmcs/certification/certification.asmx'
const decommission = '/_wmcs/decommission/decommission.asmx'
const endUserLicenses = '/my/v2/enduserlicenses'
const revocations = '/sealward/v1/revocations'

/** Asked with a count up to the standard limit, and with one more. */
function counted(
  row: LimitName,
  door: DoorName,
  code: ErrorCode,
  ask: (scene: Scene, count: number) => Question,
): LimitCase {
  const most = standardLimits[row]
  return { row, door, code, below: (scene) => ask(scene, most), above: (scene) => ask(scene, most + 1) }
}

/** The same question under a limit that allows it, and under one that does not. */
function lowered(
  row: LimitName,
  door: DoorName,
  code: ErrorCode,
  needs: (scene: Scene) => number,
  ask: (scene: Scene) => Question,
): LimitCase {
  const at = (scene: Scene, limit: number): Question => ({ ...ask(scene), limits: { [row]: limit } as Partial<Limits> })
  return {
    row,
    door,
    code,
    below: (scene) => at(scene, needs(scene)),
    above: (scene) => at(scene, needs(scene) - 1),
  }
}

const dummy = '<XrML/>'
const dummies = (count: number): readonly string[] => Array.from({ length: count }, () => dummy)
const sized = (bytes: number): string => `<XrML>${'x'.repeat(bytes - '<XrML></XrML>'.length)}</XrML>`

function many<Name extends SoapOperationName>(
  door: DoorName,
  path: string,
  name: Name,
  request: (count: number) => SoapRequestOf<Name>,
): LimitCase {
  return counted('itemsPerCall', door, 'soap-limit-exceeded', (_scene, count) =>
    soapQuestion(path, name, request(count)),
  )
}

const items: readonly LimitCase[] = [
  many('SOAP LicensingService', license, 'AcquireLicense', (count) => ({
    requests: dummies(count).map((each) => ({ licenseeCertificates: [each], issuanceLicense: [each] })),
  })),
  many('SOAP LicensingService', license, 'AcquireLicense', (count) => ({
    requests: [{ licenseeCertificates: dummies(count), issuanceLicense: [dummy] }],
  })),
  many('SOAP LicensingService', license, 'AcquirePreLicense', (count) => ({
    requests: [{ licenseeIdentities: dummies(count).map(() => 'x@y.example'), issuanceLicense: [dummy] }],
  })),
  // Each within the limit, but not together.
  many('SOAP LicensingService', license, 'AcquirePreLicense', (count) => ({
    requests: [count - 1, 1].map((number) => ({
      licenseeIdentities: dummies(number).map(() => 'x@y.example'),
      issuanceLicense: [dummy],
    })),
  })),
  many('SOAP PublishingService', publish, 'AcquireIssuanceLicense', (count) => ({
    requests: dummies(count).map((each) => ({ unsignedIssuanceLicense: each })),
  })),
  many('SOAP PublishingService', publish, 'GetClientLicensorCert', (count) => ({
    requests: dummies(count).map((each) => ({ personaCertificates: [each] })),
  })),
  many('SOAP CertificationService', certification, 'Certify', (count) => ({
    machineCertificateChain: dummies(count),
    persistent: true,
  })),
  many('SOAP DecommissionService', decommission, 'AcquireContentKey', (count) => ({ issuanceLicense: dummies(count) })),
  many('SOAP ServerService', '/_wmcs/licensing/server.asmx', 'FindServiceLocations', (count) => ({
    serviceTypes: dummies(count).map(() => 'LicensingService' as const),
  })),
]

const asPerson = (person: Person, question: Question): Question => ({ ...question, person })
const opening = ({ bob }: Scene, chain: readonly string[]): Question =>
  asPerson(
    'bob',
    soapQuestion(license, 'AcquireLicense', {
      requests: [{ licenseeCertificates: bob.accountChain, issuanceLicense: chain }],
    }),
  )

const sizes: readonly LimitCase[] = [
  counted('publishingLicenseBytes', 'SOAP LicensingService', 'soap-limit-exceeded', (scene, count) =>
    opening(scene, [sized(count)]),
  ),
  counted('publishingLicenseBytes', 'SOAP LicensingService', 'soap-limit-exceeded', (_scene, count) =>
    soapQuestion(license, 'AcquirePreLicense', {
      requests: [{ licenseeIdentities: ['x@y.example'], issuanceLicense: [sized(count)] }],
    }),
  ),
  counted('publishingLicenseBytes', 'SOAP DecommissionService', 'soap-limit-exceeded', (_scene, count) =>
    soapQuestion(decommission, 'AcquireContentKey', { issuanceLicense: [sized(count)] }),
  ),
  counted('licenseeCertificateBytes', 'SOAP LicensingService', 'soap-limit-exceeded', (_scene, count) =>
    soapQuestion(license, 'AcquireLicense', {
      requests: [{ licenseeCertificates: [sized(count)], issuanceLicense: [dummy] }],
    }),
  ),
  lowered(
    'licenseeCertificateBytes',
    'SOAP PublishingService',
    'account-certificate-unexpected',
    ({ bob }) => Math.max(...bob.accountChain.slice(0, 2).map((text) => text.length)),
    ({ bob }) =>
      asPerson(
        'bob',
        soapQuestion(publish, 'GetClientLicensorCert', { requests: [{ personaCertificates: bob.accountChain }] }),
      ),
  ),
  counted('applicationDataBytes', 'SOAP LicensingService', 'soap-limit-exceeded', (_scene, count) =>
    soapQuestion(license, 'AcquireLicense', {
      requests: [{ licenseeCertificates: [dummy], issuanceLicense: [dummy], applicationData: 'x'.repeat(count) }],
    }),
  ),
  counted('applicationDataBytes', 'REST', 'policy-refused', (_scene, count) =>
    publishing({ SignedApplicationData: { name: 'x'.repeat(count - 'name'.length) } }),
  ),
]

const documents = ({ published }: Scene): number => published.length

const chains: readonly LimitCase[] = [
  counted('chainCertificates', 'SOAP LicensingService', 'publishing-license-invalid', (scene, count) => {
    const [signer = ''] = scene.published.slice(1)
    const more = Array.from({ length: count - scene.published.length }, () => signer)
    return opening(scene, [...scene.published, ...more])
  }),
  lowered(
    'chainCertificates',
    'SOAP CertificationService',
    'machine-chain-invalid',
    ({ bob }) => bob.machineChain.length,
    ({ bob }) =>
      soapQuestion(certification, 'Certify', { machineCertificateChain: bob.machineChain, persistent: true }),
  ),
]

function publishing(change: object, users: readonly string[] = ['bob@lakeside.example'], rights = ['VIEW']): Question {
  const body = {
    PreferDeprecatedAlgorithms: false,
    AllowAuditedExtraction: false,
    Policy: { UserRights: [{ Users: users, Rights: rights }] },
    ...change,
  }
  return { path: '/my/v2/publishinglicenses', body: JSON.stringify(body) }
}

const people = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `p${at}@lakeside.example`)

const rights: readonly LimitCase[] = [
  // The owner's entry comes to these.
  counted('rightsEntries', 'REST', 'policy-refused', (_scene, count) => publishing({}, people(count - 1))),
  // Multiplied before they are counted, these would be a million.
  counted('rightsEntries', 'REST', 'policy-refused', (_scene, count) =>
    count > standardLimits.rightsEntries
      ? publishing(
          {},
          people(1_000),
          Array.from({ length: 1_000 }, (_, at) => `RIGHT${at}`),
        )
      : publishing({}, people(1)),
  ),
  counted('rightsEntries', 'SOAP PublishingService', 'publishing-license-invalid', ({ alice }, count) => {
    const grants = people(count).map((to) => ({ to, rights: ['VIEW'] }))
    const { draft } = draftFor(alice, { policy: { grants } })
    const request = { requests: [{ unsignedIssuanceLicense: draft }] }
    return asPerson('alice', soapQuestion(publish, 'AcquireIssuanceLicense', request))
  }),
  counted('rightsEntries', 'administration', 'template-refused', (_scene, count) =>
    template(people(count - 1).map((to) => ({ to, rights: ['VIEW'] }))),
  ),
  lowered(
    'rightsEntries',
    'SOAP LicensingService',
    'publishing-license-invalid',
    ({ signed }) => signed.entries,
    (scene) => opening(scene, [scene.signed.license]),
  ),
]

function template(grants: readonly object[]): Question {
  const names = [{ lcid: 1033, name: 'Lakeside Many', description: 'Many' }]
  return { path: '/admin/v1/templates', body: JSON.stringify({ names, grants }) }
}

const oneMore = template([{ to: addressOf('bob'), rights: ['VIEW'] }])
const templatesOf = async ({ organisation }: Scene): Promise<number> =>
  [...(await organisation.context.configuration()).templates.values()].flat().length

const templates: LimitCase = {
  row: 'templates',
  door: 'administration',
  code: 'template-refused',
  below: async (scene) => ({ ...oneMore, limits: { templates: (await templatesOf(scene)) + 1 } }),
  above: async (scene) => ({ ...oneMore, limits: { templates: await templatesOf(scene) } }),
}

/** Licences as REST carries them, opened and revoked by somebody who may. */
const licenseDoors = [
  {
    door: 'REST licences',
    ask: (chain: readonly string[]): Question => ({
      path: endUserLicenses,
      body: restLicense(chain),
      person: 'bob',
    }),
  },
  {
    door: 'revocations',
    ask: (chain: readonly string[]): Question => ({
      path: revocations,
      body: JSON.stringify({ license: chain.join('') }),
      person: 'alice',
    }),
  },
] as const

const overRest = licenseDoors.flatMap(({ door, ask }): readonly LimitCase[] => [
  lowered('chainCertificates', door, 'publishing-license-invalid', documents, ({ published }) => ask(published)),
  lowered(
    'publishingLicenseBytes',
    door,
    'publishing-license-invalid',
    ({ published }) => published.join('').length,
    ({ published }) => ask(published),
  ),
  lowered(
    'rightsEntries',
    door,
    'publishing-license-invalid',
    ({ signed }) => signed.entries,
    ({ signed }) => ask([signed.license]),
  ),
])

/** bob is in `sales`, and that is in `staff`. */
const groupDoors: readonly (readonly [DoorName, (scene: Scene) => Question])[] = [
  ['SOAP LicensingService', (scene) => opening(scene, scene.published)],
  [
    'SOAP GroupExpansionWebService',
    () =>
      soapQuestion('/_wmcs/groupexpansion/GroupExpansion.asmx', 'IsPrincipalMemberOf', {
        principalName: addressOf('bob'),
        principalCrossForest: addressOf('bob'),
        targetGroups: ['staff@lakeside.example'],
        crossForestCallsSoFar: 0,
      }),
  ],
  ['REST licences', ({ published }) => licenseDoors[0].ask(published)],
  ['revocations', ({ published }) => licenseDoors[1].ask(published)],
]

const groups = groupDoors.flatMap(([door, ask]) =>
  (['groupDepth', 'groups'] as const).map((row): LimitCase => {
    const at = (most: number) => (scene: Scene) => ({
      ...ask(scene),
      context: { directory: scene.directories[`${row} ${most}`] ?? scene.organisation.context.directory },
    })
    return { row, door, code: 'directory-unavailable', below: at(2), above: at(1) }
  }),
)

export const messageCases: readonly LimitCase[] = [
  ...items,
  ...sizes,
  ...chains,
  ...rights,
  templates,
  ...overRest,
  ...groups,
]
