/**
 * One decision through every door (threat P16): each case of a generated table is computed by a plain model and asked at
 * every door, which must all say the same; so does a client that decides itself, with what it kept and nobody to ask. What
 * a door cannot be asked is a list of its own, which is checked too.
 */
import assert from 'node:assert/strict'
import { after, suite, test } from 'node:test'
import { listStoredIdentities } from '@sealward/client'
import { adHocCases, templateCases, type Case } from './cases.ts'
import { start, timeAt } from './document.ts'
import { askClient, clientSpelling, doorTable, keptRights, type DecisionDoor, type DoorName } from './doors.ts'
import { expectedOutcome, keptSince } from './model.ts'
import { openDecisionScene } from './scene.ts'

const doorNames = Object.keys(doorTable) as DoorName[]

suite('one decision through every door', async () => {
  const scene = await openDecisionScene()
  after(() => scene.close())
  const adHoc = await adHocCases(scene)
  const all = [...adHoc, ...(await templateCases(scene))]
  const first = await firstAnswers(all)
  await scene.settle()

  /** Everybody asks with the own client before anybody leaves, and keeps what it gets. */
  async function firstAnswers(cases: readonly Case[]): Promise<ReadonlyMap<Case, string>> {
    scene.setTime(timeAt(keptSince))
    const answers = new Map<Case, string>()
    for (const each of cases) answers.set(each, await askClient(scene.asker(each.actor), each.license))
    scene.setTime(start)
    return answers
  }

  async function ask(cases: readonly Case[], name: DoorName): Promise<void> {
    const { gaps, spelling, ask: askDoor }: DecisionDoor = doorTable[name]
    for (const { name: title, actor, expected, minute, license } of cases) {
      if (gaps[actor] !== undefined) continue
      scene.setTime(timeAt(minute))
      const outcome = await askDoor(scene, scene.asker(actor), license)
      assert.equal(outcome, spelling[expected] ?? expected, `${name}: ${title}`)
    }
    scene.setTime(start)
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
    assert.deepEqual([...new Set(all.map(({ offline }) => offline))].sort(), [
      'granted EDIT VIEW',
      'granted OWNER',
      'granted PRINT VIEW',
      'granted VIEW',
      'service-unreachable',
    ])
  })

  for (const name of doorNames) test(`${name} says what the model says`, () => ask(all, name))

  test('a client that kept nothing asks, and hears what the model says', () => {
    for (const [{ name, policy, actor }, said] of first) {
      // Templates had not changed, or decided as they do now.
      const expected = expectedOutcome(policy, actor, keptSince, 'before')
      assert.equal(said, clientSpelling[expected] ?? expected, name)
    }
  })

  const some = adHoc.filter(({ minute, name }) => minute === 0 && /^(?:three deep|anyone|nobody),/.test(name))

  test('a cluster that only opens decides as before', async () => {
    await scene.lakeside.administer('setReadOnly', { body: { everyone: true } })
    for (const name of doorNames) await ask(some, name)
    await scene.lakeside.administer('setReadOnly', { body: { off: true } })
  })

  test('a decommissioned cluster decides nothing at any door that opens', async () => {
    await scene.lakeside.restart({ decommissioned: true })
    // Who is nobody does not get as far as the state where signing in comes first.
    const known = some.filter(({ actor }) => actor !== 'dora' && actor !== 'gone')
    const refused = known.map((each) => ({ ...each, expected: 'cluster-decommissioned' }))
    for (const name of doorNames) await ask(refused, name)
    await scene.lakeside.restart({ decommissioned: false })
  })

  test('a client that nobody answers decides with what it kept', async () => {
    await scene.lakeside.stop()
    const stores = listStoredIdentities(scene.lakeside.storeDirectory)
    // Clients remember the highest time that they saw.
    for (const { name, actor, offline, minute, license } of all.toSorted((a, b) => a.minute - b.minute)) {
      const now = timeAt(Math.max(minute, keptSince))
      scene.setTime(now)
      const { address, client } = scene.asker(actor)
      assert.equal(await askClient({ client }, license), offline, name)
      const identity = stores.find(({ user }) => user === address)
      // The stores of people of other services are elsewhere.
      if (identity === undefined) continue
      assert.equal(keptRights(identity, license, now) ?? 'service-unreachable', offline, `explained: ${name}`)
    }
  })
})
