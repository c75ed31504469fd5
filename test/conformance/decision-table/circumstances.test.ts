/**
 * The same decisions where administrators have set something (threats P2, P7, P16): exclusions, a new key, and the states
 * and settings of a tenant reach every door, or none.
 */
import assert from 'node:assert/strict'
import { after, suite, test } from 'node:test'
import { adHocCases, type Case } from './cases.ts'
import { askClient, clientSpelling, doorTable, unasked, type Circumstance, type DecisionDoor } from './doors.ts'
import type { Outcome } from './model.ts'
import type { Actor } from './people.ts'
import { openDecisionScene, type DecisionScene } from './scene.ts'

const doors: Readonly<Record<string, DecisionDoor>> = doorTable

interface Circumstances {
  readonly name: string
  /** As gaps of doors name it. */
  readonly circumstance?: Circumstance
  readonly set: (scene: DecisionScene) => Promise<unknown>
  readonly reset: (scene: DecisionScene) => Promise<unknown>
  /** Whether licences then come from a key whose root these clients do not know. */
  readonly strangeRoot?: true
  /** What comes out instead; undefined as usual. */
  readonly instead: (actor: Actor) => Outcome | undefined
}

const excluding = (body: (scene: DecisionScene) => Promise<object>) => ({
  set: async (scene: DecisionScene) => scene.lakeside.administer('addExclusion', { body: await body(scene) }),
  reset: async (scene: DecisionScene) => {
    const { kind, subject } = (await body(scene)) as { readonly kind: string; readonly subject?: string }
    await scene.lakeside.administer('removeExclusion', { body: subject === undefined ? { kind } : { kind, subject } })
  },
})

const usual = (): undefined => undefined
/** Who is refused before anything else is looked at. */
const known =
  (outcome: Outcome) =>
  (actor: Actor): Outcome | undefined =>
    actor === 'stranger' ? undefined : outcome

const ofCluster: readonly Circumstances[] = [
  { name: 'nothing is set', set: async () => undefined, reset: async () => undefined, instead: usual },
  {
    name: 'a person is excluded',
    ...excluding(async () => ({ kind: 'user', subject: 'ben@lakeside.example' })),
    instead: (actor) => (actor === 'ben' ? 'account-excluded' : undefined),
  },
  {
    name: 'the key of an account is excluded',
    circumstance: 'account key excluded',
    ...excluding(async (scene) => {
      const { account } = await scene.asker('ben').client.identity()
      return { kind: 'account-key', subject: account.principal.publicKey.fingerprint }
    }),
    instead: (actor) => (actor === 'ben' ? 'account-excluded' : undefined),
  },
  {
    name: 'the version of all machines is excluded',
    circumstance: 'machine excluded',
    ...excluding(async () => ({ kind: 'security-processor', minimum: '99.0.0.0' })),
    instead: known('machine-excluded'),
  },
  {
    name: 'another key signs, and theirs is archived',
    strangeRoot: true,
    set: async ({ lakeside }) => {
      const { keyId } = await lakeside.administer('generateKey', { body: { mode: 2, name: 'Next' } })
      await lakeside.administer('activateKey', { parameters: { id: keyId } })
    },
    reset: async () => undefined,
    instead: usual,
  },
]

const ofTenant: readonly Circumstances[] = [
  { name: 'it is enabled', set: async () => undefined, reset: async () => undefined, instead: usual },
  {
    name: 'only members of a group may protect',
    set: ({ lakeside }) =>
      lakeside.administer('setOnboarding', {
        body: { useLicense: false, group: 'direct@lakeside.example', scope: 'All' },
      }),
    reset: ({ lakeside }) => lakeside.administer('setOnboarding', { body: { useLicense: false } }),
    instead: usual,
  },
  {
    name: 'it is disabled',
    set: ({ lakeside }) => lakeside.administer('setState', { body: { state: 'disabled', force: true } }),
    reset: ({ lakeside }) => lakeside.administer('setState', { body: { state: 'enabled' } }),
    instead: () => 'tenant-disabled',
  },
]

async function askEveryDoor(scene: DecisionScene, cases: readonly Case[], row: Circumstances): Promise<void> {
  for (const { name, actor, expected, license } of cases) {
    const outcome = row.instead(actor) ?? expected
    for (const [door, { gaps, spelling, ask }] of Object.entries(doors)) {
      if (gaps[actor] !== undefined || (row.circumstance !== undefined && gaps[row.circumstance] !== undefined)) {
        continue
      }
      assert.equal(await ask(scene, scene.asker(actor), license), spelling[outcome] ?? outcome, `${door}: ${name}`)
    }
  }
}

/** Documents that no client has a licence for. */
async function askClients(scene: DecisionScene, row: Circumstances, cases: readonly Case[]): Promise<void> {
  for (const { name, actor, expected, license } of cases) {
    const outcome = row.instead(actor) ?? expected
    assert.equal(await askClient(scene.asker(actor), license), clientSpelling[outcome] ?? outcome, `client: ${name}`)
  }
}

const targets = ['address', 'former sid', 'three deep', 'partner', 'anyone', 'nobody'] as const
const who = ['ben', 'alice', 'clara', 'sam', 'fritz', 'stranger'] as const

for (const [personality, table] of [['cluster', ofCluster] as const, ['tenant', ofTenant] as const]) {
  suite(`a ${personality}, whatever is set`, async () => {
    const scene = await openDecisionScene({ personality }, who)
    after(() => scene.close())
    const everybody: readonly Actor[] = who
    const fresh = async () => (await adHocCases(scene, targets)).filter(({ actor }) => everybody.includes(actor))
    for (const row of table) {
      const cases = await fresh()
      test(row.name, async () => {
        await row.set(scene)
        try {
          await askEveryDoor(scene, cases, row)
          if (row.strangeRoot !== true) await askClients(scene, row, cases)
        } finally {
          await row.reset(scene)
        }
      })
    }
  })
}

test('what a door cannot be asked is known', () => {
  const gaps = Object.entries(doors).map(([door, row]) => [door, Object.keys(row.gaps)])
  const certificate = ['account key excluded', 'machine excluded']
  assert.deepEqual(gaps, [
    ['AcquireLicense', []],
    ['AcquirePreLicense', ['fritz', 'stranger', ...certificate]],
    ['end-user licences', ['fritz', 'stranger', ...certificate]],
    ['the preview', ['fritz', 'stranger', ...certificate]],
    ['the explanation', ['fritz', 'stranger', ...certificate]],
  ])
  assert.deepEqual(Object.keys(unasked), [
    'a person without mail address',
    'a tenant that was never activated',
    'an excluded program or system',
    'exclusion of who kept a licence',
  ])
  for (const reason of [...Object.values(doors).flatMap((row) => Object.values(row.gaps)), ...Object.values(unasked)]) {
    assert.ok(reason.length > 20)
  }
})
