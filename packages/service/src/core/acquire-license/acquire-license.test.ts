import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { issuerKeyOf, noTimes, parseXrml, validateChain } from '@sealward/xrml'
import { addSuperUser, enableSuperUsers } from '../../administration/super-users.ts'
import { verifyAuditLog } from '../../administration/verify-log.ts'
import { openAs, publishOffline, signUp } from '../client.fixture.ts'
import { lastRecord, openTestCluster, people, start } from '../cluster.fixture.ts'

const hour = 3_600_000
const refused = (code: string) => ({ name: 'RightsError', code })

suite('acquire a licence for a document published offline', async () => {
  const cluster = await openTestCluster()
  const alice = await signUp(cluster, 'alice')
  const ben = await signUp(cluster, 'ben')
  const clara = await signUp(cluster, 'clara')
  const readers = [{ to: 'ben@lakeside.example', rights: ['VIEW', 'PRINT'] }]
  const { chain, contentKey } = await publishOffline(cluster, alice, { grants: readers })

  test('a person whom the policy names gets exactly the rights named, and the key byte for byte', async () => {
    const use = await openAs(cluster, ben, chain)
    assert.deepEqual(use.rights, ['VIEW', 'PRINT'])
    assert.deepEqual(use.contentKey.payload, contentKey.payload)
    const { ground, outcome, contentId, issuer, owner, marks } = await lastRecord(cluster)
    assert.deepEqual(
      { ground, outcome, issuer, owner, marks },
      {
        ground: 'policy',
        outcome: 'granted',
        issuer: 'alice@lakeside.example',
        owner: 'alice@lakeside.example',
        marks: [],
      },
    )
    assert.equal(typeof contentId, 'string')
  })

  test('the use licence chains up to the root of the service', async () => {
    const { license } = await openAs(cluster, ben, chain)
    const { activeKey } = await cluster.context.configuration()
    const documents = [license.document, ...activeKey!.chain.map((text) => parseXrml(text))]
    const root = documents[documents.length - 1]!
    validateChain({ documents, anchors: [issuerKeyOf(root)], now: start })
  })

  test('the owner gets OWNER and nothing else', async () => {
    const use = await openAs(cluster, alice, chain)
    assert.deepEqual(use.rights, ['OWNER'])
    assert.equal((await lastRecord(cluster))['ground'], 'owner')
  })

  test('somebody without rights is refused, and the refusal is recorded', async () => {
    await assert.rejects(openAs(cluster, clara, chain), refused('no-rights'))
    const { outcome, reason, address } = await lastRecord(cluster)
    assert.deepEqual([outcome, reason, address], ['refused', 'no-rights', 'clara@lakeside.example'])
  })

  test('the server is its identifier and its key: the own key under another identifier opens nothing', async () => {
    const serverId = '{0C0FFEE0-0000-4000-8000-00000000000D}'
    const misnamed = await publishOffline(cluster, alice, { grants: readers, serverId })
    assert.ok(misnamed.chain[0]!.includes(serverId))
    await assert.rejects(openAs(cluster, ben, misnamed.chain), refused('no-matching-key'))
    await assert.rejects(openAs(cluster, alice, misnamed.chain), refused('no-matching-key'))
  })

  test('nested groups count, also when they contain each other', async () => {
    const license = await publishOffline(cluster, alice, {
      grants: [{ to: 'STAFF@lakeside.example', rights: ['VIEW'] }],
    })
    assert.deepEqual((await openAs(cluster, clara, license.chain)).rights, ['VIEW'])
    await assert.rejects(openAs(cluster, ben, license.chain), refused('no-rights'))
  })

  test('an alias and ANYONE name the person too', async () => {
    const byAlias = await publishOffline(cluster, alice, {
      grants: [{ to: 'Ben.Alias@Lakeside.example', rights: ['VIEW'] }],
    })
    assert.deepEqual((await openAs(cluster, ben, byAlias.chain)).rights, ['VIEW'])
    const toAll = await publishOffline(cluster, alice, { grants: [{ to: 'ANYONE', rights: ['EDIT'] }] })
    assert.deepEqual((await openAs(cluster, clara, toAll.chain)).rights, ['EDIT'])
  })

  test('the end of the content is exclusive; the owner is above it', async () => {
    const until = new Date(start.getTime() + hour)
    const license = await publishOffline(cluster, alice, {
      grants: readers,
      preconditions: { ranges: [{ from: start, until }], intervals: [] },
    })
    cluster.setTime(new Date(until.getTime() - 1))
    const { license: use } = await openAs(cluster, ben, license.chain)
    assert.deepEqual(use.rights[0]!.times.ranges, [{ from: start, until }])
    cluster.setTime(until)
    await assert.rejects(openAs(cluster, ben, license.chain), refused('content-expired'))
    assert.deepEqual((await openAs(cluster, alice, license.chain)).rights, ['OWNER'])
    cluster.setTime(start)
  })

  test('content that expires after days counts from its publication', async () => {
    const license = await publishOffline(cluster, alice, {
      grants: readers,
      preconditions: { ranges: [], intervals: [2 * hour] },
    })
    cluster.setTime(new Date(start.getTime() + 2 * hour - 60_000))
    await openAs(cluster, ben, license.chain)
    cluster.setTime(new Date(start.getTime() + 2 * hour))
    await assert.rejects(openAs(cluster, ben, license.chain), refused('content-expired'))
    cluster.setTime(start)
  })

  test('the interval of a right is written into the use licence', async () => {
    const license = await publishOffline(cluster, alice, {
      grants: [{ to: 'ben@lakeside.example', rights: ['VIEW'], times: { ...noTimes, intervals: [7 * 24 * hour] } }],
    })
    const { license: use } = await openAs(cluster, ben, license.chain)
    assert.deepEqual(use.rights[0]!.times.intervals, [7 * 24 * hour])
  })

  test('a super user opens only while the feature is on, and the record is marked', async () => {
    const { administration, context } = cluster
    await addSuperUser(administration, { address: 'clara@lakeside.example', directory: context.directory })
    await assert.rejects(openAs(cluster, clara, chain), refused('no-rights'))
    await enableSuperUsers(administration, { enabled: true })
    assert.deepEqual((await openAs(cluster, clara, chain)).rights, ['OWNER'])
    const { ground, marks } = await lastRecord(cluster)
    assert.deepEqual([ground, marks], ['super-user', ['super-user']])
    await enableSuperUsers(administration, { enabled: false })
    await assert.rejects(openAs(cluster, clara, chain), refused('no-rights'))
    await assert.rejects(
      addSuperUser(administration, { address: 'clara.alias@lakeside.example', directory: context.directory }),
      refused('user-not-in-directory'),
    )
  })

  test('a disabled account opens nothing, whatever certificate it holds', async () => {
    cluster.setPeople({
      ...people,
      users: people.users.map((user) => ({ ...user, disabled: user.id === 'id-ben' })),
    })
    await assert.rejects(openAs(cluster, ben, chain), refused('user-disabled'))
    cluster.setPeople({ ...people, users: people.users.filter((user) => user.id !== 'id-ben') })
    await assert.rejects(openAs(cluster, ben, chain), refused('user-not-in-directory'))
    cluster.setPeople(people)
    await openAs(cluster, ben, chain)
  })

  test('an owner who is not the publisher counts only for listed publishers', async () => {
    const forged = await publishOffline(cluster, alice, { grants: readers, owner: 'clara@lakeside.example' })
    await assert.rejects(openAs(cluster, clara, forged.chain), refused('no-rights'))
    assert.deepEqual((await openAs(cluster, alice, forged.chain)).rights, ['OWNER'], 'the issuer keeps full control')
  })

  test('a content key from another document is noticed', async () => {
    await openAs(cluster, ben, chain)
    const mallory = await signUp(cluster, 'mallory')
    const transplanted = await publishOffline(cluster, mallory, { grants: [], contentKey })
    await openAs(cluster, mallory, transplanted.chain)
    assert.deepEqual((await lastRecord(cluster))['marks'], ['key-transplant'])
  })

  test('the licence log verifies after all this', async () => {
    const { problem, rows } = await verifyAuditLog(cluster.context.store)
    assert.equal(problem, undefined)
    assert.ok(rows > 20)
  })

  test('an expired account certificate is refused, on the minute', async () => {
    cluster.setTime(new Date(start.getTime() + 365 * 24 * hour))
    await assert.rejects(openAs(cluster, ben, chain), refused('account-certificate-expired'))
    cluster.setTime(start)
  })
})

test('transplanted keys are refused where the administrator says so, and the refusal is recorded', async () => {
  const cluster = await openTestCluster({ settings: { keyTransplant: 'deny' } })
  const alice = await signUp(cluster, 'alice')
  const mallory = await signUp(cluster, 'mallory')
  const original = await publishOffline(cluster, alice, {
    grants: [{ to: 'mallory@lakeside.example', rights: ['VIEW'] }],
  })
  await openAs(cluster, mallory, original.chain)
  const transplanted = await publishOffline(cluster, mallory, { grants: [], contentKey: original.contentKey })
  await assert.rejects(openAs(cluster, mallory, transplanted.chain), refused('key-transplant-refused'))
  assert.equal((await lastRecord(cluster))['reason'], 'key-transplant-refused')
})

test('whoever held the right to take protection off may protect again with the same key', async () => {
  const cluster = await openTestCluster({ settings: { keyTransplant: 'deny' } })
  const alice = await signUp(cluster, 'alice')
  const ben = await signUp(cluster, 'ben')
  const original = await publishOffline(cluster, alice, {
    grants: [{ to: 'ben@lakeside.example', rights: ['EXPORT'] }],
  })
  await openAs(cluster, ben, original.chain)
  const again = await publishOffline(cluster, ben, { grants: [], contentKey: original.contentKey })
  assert.deepEqual((await openAs(cluster, ben, again.chain)).rights, ['OWNER'])
})

test('an account that publishes for others may name the owner', async () => {
  const cluster = await openTestCluster({ settings: { publishersForOthers: ['dario@lakeside.example'] } })
  const dario = await signUp(cluster, 'dario')
  const clara = await signUp(cluster, 'clara')
  const license = await publishOffline(cluster, dario, { grants: [], owner: 'clara@lakeside.example' })
  assert.deepEqual((await openAs(cluster, clara, license.chain)).rights, ['OWNER'])
})
