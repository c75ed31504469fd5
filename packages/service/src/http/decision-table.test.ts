/**
 * One decision through every door (threat P16): each case of a generated table is computed by a plain model and asked at
 * every door, which must all say the same. What a door cannot be asked is a list of its own, which is checked too.
 */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { after, suite, test } from 'node:test'
import { writeRightsData, type Grant, type TimeConditions } from '@sealward/xrml'
import { setReadOnly } from '../administration/read-only.ts'
import { archiveTemplate, createTemplate, deleteTemplate, editTemplate } from '../administration/templates.ts'
import { publishedTemplates } from '../core/configuration.ts'
import { publishOffline } from '../core/client.fixture.ts'
import { start } from '../core/cluster.fixture.ts'
import { doorTable } from './decision-doors.fixture.ts'
import { actors, expectedOutcome, targets, type Actor, type Policy, type Span } from './decision-model.fixture.ts'
import { openDecisionScene, type DecisionScene } from './decision-scene.fixture.ts'

const adminToken = `administer-${'a'.repeat(40)}`
const minute = 60_000
const rights = ['VIEW', 'PRINT']
const names = [{ lcid: 1033, name: 'Staff', description: 'For staff' }]

interface Case {
  readonly name: string
  readonly actor: Actor
  readonly expected: string
  readonly minute: number
  readonly license: readonly string[]
}

/** What the times of a policy can be, and when it is asked; minutes after publication. */
const moments: Readonly<Record<string, { readonly content?: Span; readonly line?: Span; readonly minute: number }>> = {
  'without times': { minute: 0 },
  'content is valid': { content: { from: 0, until: 60 }, minute: 30 },
  'content begins now': { content: { from: 10, until: 60 }, minute: 10 },
  'content is not valid yet': { content: { from: 10, until: 60 }, minute: 9 },
  'content ends now': { content: { from: 0, until: 60 }, minute: 60 },
  'content has a minute left': { content: { until: 60 }, minute: 59 },
  'content ended after its days': { content: { until: 60 }, minute: 60 },
  'the right is valid': { line: { from: 0, until: 60 }, minute: 30 },
  'the right is not valid yet': { line: { from: 10, until: 60 }, minute: 9 },
  'the right ends now': { line: { from: 0, until: 60 }, minute: 60 },
}

/** Policies with more than one line. */
const combined: Readonly<Record<string, Policy>> = {
  'two ways to a person': {
    lines: [
      { target: 'direct group', rights: ['VIEW'] },
      { target: 'alias', rights: ['PRINT', 'VIEW'] },
    ],
  },
  'one of two rights is over': {
    lines: [
      { target: 'address', rights: ['EDIT'], span: { from: 0, until: 10 } },
      { target: 'anyone', rights: ['VIEW'] },
    ],
  },
  'one is over, one not begun': {
    lines: [
      { target: 'address', rights: ['EDIT'], span: { from: 0, until: 10 } },
      { target: 'direct group', rights: ['VIEW'], span: { from: 40, until: 50 } },
    ],
  },
}

function timesOf({ from, until }: Span = {}): TimeConditions {
  if (until === undefined) return { ranges: [], intervals: [] }
  if (from === undefined) return { ranges: [], intervals: [until * minute] }
  const at = (minutes: number): Date => new Date(start.getTime() + minutes * minute)
  return { ranges: [{ from: at(from), until: at(until) }], intervals: [] }
}

function grantsOf({ lines }: Policy): readonly Grant[] {
  return lines.map((line) => ({ to: targets[line.target].to, rights: line.rights, times: timesOf(line.span) }))
}

/** Rights of security identifiers are written by older authors only. */
function rightsDataOf(policy: Policy): string {
  const text = writeRightsData({
    issuedAt: start,
    contentId: `{${randomUUID()}}`,
    owner: { idType: 'Windows', id: '', address: 'alice@lakeside.example' },
    names: [],
    grants: grantsOf(policy),
    preconditions: timesOf(policy.span),
  })
  return text.replaceAll(
    /<ID type="Unspecified"(?: ?\/>|><\/ID>)<NAME>(S-1-[\d-]+)<\/NAME>/g,
    '<ID type="Windows">$1</ID>',
  )
}

async function publish(scene: DecisionScene, rightsData: string): Promise<readonly string[]> {
  const { chain } = await publishOffline(scene.cluster, scene.author, { grants: [], rightsData })
  return chain
}

async function adHocCases(scene: DecisionScene): Promise<readonly Case[]> {
  const cases: Case[] = []
  const add = async (name: string, policy: Policy, when: number, askers: readonly Actor[]): Promise<void> => {
    const license = await publish(scene, rightsDataOf(policy))
    for (const actor of askers) {
      cases.push({
        name: `${name}, ${actor}`,
        actor,
        minute: when,
        license,
        expected: expectedOutcome(policy, actor, when),
      })
    }
  }
  for (const target of Object.keys(targets) as (keyof typeof targets)[]) {
    for (const [moment, { content, line, minute: when }] of Object.entries(moments)) {
      const policy: Policy = {
        lines: [{ target, rights, ...(line === undefined ? {} : { span: line }) }],
        ...(content === undefined ? {} : { span: content }),
      }
      // Everybody asks where it is about everybody, and the one whom most targets mean asks always.
      const everybody = target === 'anyone' || moment === 'without times'
      await add(`${target}, ${moment}`, policy, when, everybody ? actors : ['ben'])
    }
  }
  for (const [name, policy] of Object.entries(combined)) await add(name, policy, 30, ['ben', 'clara', 'alice'])
  return cases
}

/** The present version of a template decides; the copy in the licence does where there is none any more. */
async function templateCases(scene: DecisionScene): Promise<readonly Case[]> {
  const { administration, context } = scene.cluster
  const before: Policy = { lines: [{ target: 'three deep', rights: ['VIEW'] }] }
  const edited: Policy = { lines: [{ target: 'somebody else', rights: ['VIEW', 'EDIT'] }] }
  const fates: Readonly<
    Record<string, { readonly policy: Policy; readonly change: (id: string) => Promise<unknown> }>
  > = {
    published: { policy: before, change: async () => undefined },
    edited: {
      policy: edited,
      change: (id) => editTemplate(administration, { id, names, grants: grantsOf(edited) }),
    },
    archived: { policy: before, change: (id) => archiveTemplate(administration, { id }) },
    deleted: { policy: before, change: (id) => deleteTemplate(administration, { id, force: true }) },
  }
  const cases: Case[] = []
  for (const [fate, { policy, change }] of Object.entries(fates)) {
    const { id } = await createTemplate(administration, { names, grants: grantsOf(before), state: 'published' })
    const template = publishedTemplates(await context.configuration()).find((each) => `{${each.id}}` === id)
    const license = await publish(scene, template?.document.text ?? '')
    await change(id)
    for (const actor of actors) {
      const expected = expectedOutcome(policy, actor, 0)
      cases.push({ name: `template ${fate}, ${actor}`, actor, minute: 0, license, expected })
    }
  }
  return cases
}

suite('one decision through every door', async () => {
  const scene = await openDecisionScene(createHash('sha256').update(adminToken).digest(), adminToken)
  const { cluster, doors, askers } = scene
  after(() => scene.close())
  const adHoc = await adHocCases(scene)
  const all = [...adHoc, ...(await templateCases(scene))]
  scene.settle()

  const ask = async (cases: readonly Case[], door: string): Promise<void> => {
    const { gaps, spelling, ask: askDoor } = doorTable[door] as (typeof doorTable)[string]
    for (const { name, actor, expected, minute: when, license } of cases) {
      if (gaps[actor] !== undefined) continue
      cluster.setTime(new Date(start.getTime() + when * minute))
      const outcome = await askDoor(doors, askers[actor], license)
      assert.equal(outcome, spelling[expected] ?? expected, `${door}: ${name}`)
    }
    cluster.setTime(start)
  }

  test('the table has every kind of outcome, and no case twice', () => {
    assert.ok(all.length >= 200, `${all.length} cases`)
    assert.equal(new Set(all.map(({ name }) => name)).size, all.length)
    assert.deepEqual([...new Set(all.map(({ expected }) => expected))].sort(), [
      'account-certificate-untrusted',
      'content-expired',
      'granted EDIT VIEW',
      'granted OWNER',
      'granted PRINT VIEW',
      'granted VIEW',
      'no-rights',
      'not-yet-valid',
      'user-disabled',
      'user-not-in-directory',
    ])
  })

  test('what a door cannot be asked is known', () => {
    const gaps = Object.entries(doorTable).map(([door, row]) => [door, Object.keys(row.gaps)])
    assert.deepEqual(gaps, [
      ['AcquireLicense', []],
      ['AcquirePreLicense', ['fritz', 'stranger']],
      ['end-user licences', ['fritz', 'stranger']],
      ['decide', ['fritz', 'stranger']],
    ])
  })

  for (const door of Object.keys(doorTable)) test(`${door} says what the model says`, () => ask(all, door))

  const some = adHoc.filter(({ minute: when, name }) => when === 0 && /^(?:three deep|anyone|nobody),/.test(name))

  test('a cluster that only opens decides as before', async () => {
    const { directory } = cluster.context
    await setReadOnly(cluster.administration, { everyone: true, directory })
    for (const door of Object.keys(doorTable)) await ask(some, door)
    await setReadOnly(cluster.administration, { off: true, directory })
  })

  test('a decommissioned cluster decides nothing at any door that opens', async () => {
    await scene.put('clusterState', 'decommissioned')
    // Who is nobody does not get as far as the state where signing in comes first.
    const known = some.filter(({ actor }) => actor !== 'dora' && actor !== 'gone')
    const refused = known.map((each) => ({ ...each, expected: 'cluster-decommissioned' }))
    for (const door of Object.keys(doorTable)) await ask(refused, door)
    await scene.put('clusterState', 'serving')
  })
})
