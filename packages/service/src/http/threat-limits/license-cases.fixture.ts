/** For tests: limits of licences, of the policies in them, and of the people whom they are about. */
import { standardLimits } from '../../core/limits.ts'
import { draftFor } from '../test-client.ts'
import { addressOf } from '../test-organisation.ts'
import type { LimitCase } from './body-cases.fixture.ts'
import { asPerson, counted, lowered, opening, paths } from './case-forms.fixture.ts'
import type { DoorName } from './doors.fixture.ts'
import { publishing, restLicense, soapQuestion, type Question, type Scene } from './scene.fixture.ts'

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
    return asPerson('alice', soapQuestion(paths.publish, 'AcquireIssuanceLicense', request))
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
      path: '/my/v2/enduserlicenses',
      body: restLicense(chain),
      person: 'bob',
    }),
  },
  {
    door: 'revocations',
    ask: (chain: readonly string[]): Question => ({
      path: '/sealward/v1/revocations',
      body: JSON.stringify({ license: chain.join('') }),
      person: 'alice',
    }),
  },
] as const

const overRest = licenseDoors.flatMap(({ door, ask }): readonly LimitCase[] => [
  lowered(
    'chainCertificates',
    door,
    'publishing-license-invalid',
    ({ published }) => published.length,
    ({ published }) => ask(published),
  ),
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
      soapQuestion(paths.groupExpansion, 'IsPrincipalMemberOf', {
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

export const licenseCases: readonly LimitCase[] = [...rights, templates, ...overRest, ...groups]
