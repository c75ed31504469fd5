/** A directory synchronised from a file: who is found, whose an address is, and what a run refuses. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, afterEach, suite, test } from 'node:test'
import { describeDirectory } from '../../administration/describe-directory.ts'
import { releaseAddress } from '../../administration/release-address.ts'
import { synchroniseDirectory } from '../../administration/synchronise-directory.ts'
import { lastRecord, openTestCluster } from '../../core/cluster.fixture.ts'
import type { DirectoryFile } from '../directory-file.ts'
import { day, openSynchronised, type SynchronisedTest } from './synchronised.fixture.ts'

type User = DirectoryFile['users'][number]

const person = (name: string, number: number, more: Partial<User> = {}): User => ({
  id: `id-${name}`,
  sid: `S-1-5-21-1-2-3-${number}`,
  address: `${name}@lakeside.test`,
  ...more,
})
const anna = person('anna', 1001, { aliases: ['a.oern@lakeside.test'], account: 'CORP\\Anna' })
const ben = person('ben', 1002)
const chief = person('chief', 1003)
/** Enough people that one more or less is no mass deletion. */
const crowd = Array.from({ length: 40 }, (_, index) => person(`p${index}`, 2000 + index))

suite('a synchronised directory', () => {
  let folder: string
  let opened: SynchronisedTest
  const write = (users: readonly User[], groups: DirectoryFile['groups'] = []): Promise<void> =>
    writeFile(join(folder, 'people.json'), JSON.stringify({ users, groups }))
  const run = async (users: readonly User[], groups: DirectoryFile['groups'] = []) => {
    await write(users, groups)
    return opened.sync()
  }
  const idOf = async (address: string): Promise<string | undefined> =>
    (await opened.directory.findByAddress(address))?.id
  const administration = () => opened.cluster.administration

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sealward-synchronised-'))
  })
  after(() => rm(folder, { recursive: true }))
  beforeEach(async () => {
    opened = await openSynchronised('people.json', folder, { refuseAfterHours: 9_000 / 24 })
  })
  afterEach(() => opened.close())

  test('is unavailable before the first run, and knows nobody wrongly', async () => {
    await assert.rejects(opened.directory.findByAddress('anna@lakeside.test'), { code: 'directory-unavailable' })
    await assert.rejects(opened.directory.findBySid(anna.sid), { code: 'directory-unavailable' })
    await assert.rejects(opened.directory.explain('anna@lakeside.test'), { code: 'directory-unavailable' })
    await run([anna])
    assert.equal(await idOf('anna@lakeside.test'), 'id-anna')
    assert.equal(await idOf('nobody@lakeside.test'), undefined)
  })

  test('says what a run would change, and changes nothing in a rehearsal', async () => {
    await run([anna, ben])
    await write([{ ...anna, address: 'anna.berg@lakeside.test' }, chief])
    const rehearsed = await opened.sync({ dryRun: true })
    assert.equal(rehearsed.applied, false)
    assert.deepEqual(rehearsed.counts, { added: 1, renamed: 1, changed: 0, deleted: 1 })
    assert.equal(await idOf('ben@lakeside.test'), 'id-ben')
    const done = await opened.sync()
    assert.deepEqual({ ...rehearsed, applied: true }, done)
    assert.deepEqual(done.added, ['chief@lakeside.test'])
    assert.deepEqual(done.renamed, [{ from: 'anna@lakeside.test', to: 'anna.berg@lakeside.test' }])
    assert.deepEqual(done.deleted, ['ben@lakeside.test'])
    assert.equal(done.people, 2)
    assert.deepEqual((await opened.sync()).counts, { added: 0, renamed: 0, changed: 0, deleted: 0 })
    const record = await lastRecord(opened.cluster, 'administration')
    assert.deepEqual([record['operation'], record['revision'], record['changed']], ['synchronise-directory', 2, 3])
  })

  test('who is renamed keeps the identifier and the former addresses', async () => {
    await run([anna])
    await run([{ ...anna, address: 'anna.berg@lakeside.test', aliases: [] }])
    const user = await opened.directory.findByAddress('anna.berg@lakeside.test')
    assert.equal(user?.id, 'id-anna')
    assert.deepEqual(user.aliases, ['a.oern@lakeside.test', 'anna@lakeside.test'])
    for (const former of user.aliases) assert.deepEqual(await opened.directory.findByAddress(former), user)
    const { formerAddresses } = await opened.directory.explain('anna@lakeside.test')
    assert.deepEqual(formerAddresses, ['a.oern@lakeside.test', 'anna@lakeside.test'])
  })

  test('the address of somebody deleted waits for a newcomer, for a year or until it is released (threat D3)', async () => {
    await run([anna, ben])
    await run([ben])
    assert.equal(await idOf('anna@lakeside.test'), undefined)
    const other = person('anna', 1009, { id: 'id-other' })
    opened.later(200 * day)
    const { waiting } = await run([ben, other])
    assert.deepEqual(
      waiting.map(({ address, until }) => [address, until.toISOString().slice(0, 10)]),
      [['anna@lakeside.test', '2027-09-18']],
    )
    assert.equal(await idOf('anna@lakeside.test'), undefined)
    assert.equal(await opened.directory.findBySid(other.sid), undefined)
    const { type, problems } = await opened.directory.explain('anna@lakeside.test')
    assert.equal(type, undefined)
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['deleted', 'waiting'],
    )
    opened.later(364 * day)
    await opened.sync()
    assert.equal(await idOf('anna@lakeside.test'), undefined)
    opened.later(day)
    await opened.sync()
    assert.equal(await idOf('anna@lakeside.test'), 'id-other')
  })

  test('an administrator releases an address that waits, and no other', async () => {
    await run([anna, ben])
    await run([ben, person('anna', 1009, { id: 'id-other' })])
    for (const address of ['ben@lakeside.test', 'nobody@lakeside.test']) {
      await assert.rejects(releaseAddress(administration(), { address }), { code: 'address-not-waiting' })
    }
    await releaseAddress(administration(), { address: 'Anna@lakeside.test' })
    assert.equal(await idOf('anna@lakeside.test'), 'id-other')
    const record = await lastRecord(opened.cluster, 'administration')
    assert.deepEqual([record['operation'], record['address']], ['release-address', 'anna@lakeside.test'])
    assert.deepEqual((await describeDirectory(administration())).waiting, [])
    await opened.sync()
    assert.equal(await idOf('anna@lakeside.test'), 'id-other')
  })

  test('somebody renamed keeps a former address that turns up elsewhere, until it is released', async () => {
    const renamed = { ...anna, address: 'anna.berg@lakeside.test', aliases: [] }
    const newcomer = person('anna', 1009, { id: 'id-other' })
    await run([anna])
    await run([renamed])
    await run([renamed, newcomer])
    assert.equal(await idOf('anna@lakeside.test'), 'id-anna')
    assert.equal(await opened.directory.findBySid(newcomer.sid), undefined)
    await releaseAddress(administration(), { address: 'anna@lakeside.test' })
    assert.equal(await idOf('anna@lakeside.test'), 'id-other')
    assert.deepEqual((await opened.directory.findByAddress('anna.berg@lakeside.test'))?.aliases, [
      'a.oern@lakeside.test',
    ])
  })

  test('who is renamed to an address that waits goes on under the old one', async () => {
    await run([anna, ben])
    await run([ben])
    await run([{ ...ben, address: 'anna@lakeside.test' }])
    const user = await opened.directory.findBySid(ben.sid)
    assert.equal(user?.address, 'ben@lakeside.test')
    assert.deepEqual(user.aliases, [])
  })

  test('who comes back with the same identifier has the addresses again at once', async () => {
    await run([anna, ben])
    await run([ben])
    await run([anna, ben])
    assert.equal(await idOf('anna@lakeside.test'), 'id-anna')
  })

  test('an address that two entries claim grants nobody, is alarmed, and is whose it was afterwards (threat D2)', async () => {
    await run([anna, chief, ben])
    const eve = { ...ben, aliases: ['chief@lakeside.test'] }
    const { contested } = await run([anna, chief, eve], [{ address: 'board@lakeside.test', members: [chief.address] }])
    const expected = ['ben@lakeside.test', 'chief@lakeside.test']
    assert.deepEqual(
      contested.map(({ address, entries }) => [address, entries.toSorted()]),
      [['chief@lakeside.test', expected]],
    )
    assert.equal(opened.contests.length, 1)
    assert.equal(await idOf('chief@lakeside.test'), undefined)
    assert.equal(await opened.directory.findBySid(chief.sid), undefined)
    assert.deepEqual((await opened.directory.findByAddress('ben@lakeside.test'))?.aliases, [])
    assert.deepEqual(await opened.directory.groupsOf((await opened.directory.findBySid(eve.sid))!), [])
    assert.equal((await opened.directory.explain('chief@lakeside.test')).problems[0]?.code, 'contested')
    assert.equal((await describeDirectory(administration())).contested.length, 1)
    await assert.rejects(releaseAddress(administration(), { address: 'chief@lakeside.test' }), {
      code: 'address-not-waiting',
    })
    // The one who claimed it wins nothing by the other's leaving.
    await run([anna, eve])
    assert.equal(await idOf('chief@lakeside.test'), undefined)
    await run([anna, chief, ben])
    assert.equal(await idOf('chief@lakeside.test'), 'id-chief')
    assert.deepEqual((await describeDirectory(administration())).contested, [])
  })

  test('a person and a group contest an address as two people do', async () => {
    const { contested } = await run([anna], [{ address: 'anna@lakeside.test', members: ['a.oern@lakeside.test'] }])
    assert.equal(contested.length, 1)
    assert.equal(await opened.directory.findGroup('anna@lakeside.test'), undefined)
    assert.equal(await idOf('anna@lakeside.test'), undefined)
  })

  test('a Windows account is found in any case', async () => {
    await run([anna])
    assert.equal((await opened.directory.findByAccount('corp', 'ANNA'))?.id, 'id-anna')
    assert.equal(await opened.directory.findByAccount('other', 'anna'), undefined)
    assert.equal((await opened.directory.explain('anna')).type, 'person')
  })

  test('a file without people is no answer unless so many deletions are allowed', async () => {
    await run([anna, ...crowd])
    await write([anna])
    const refused = { code: 'directory-deletions-refused', message: /40 of 41 people/ }
    await assert.rejects(opened.sync(), refused)
    await assert.rejects(opened.sync({ dryRun: true }), refused)
    await assert.rejects(opened.sync({ deletionsAllowed: 39 }), refused)
    assert.equal(await idOf('p7@lakeside.test'), 'id-p7')
    assert.equal((await opened.sync({ deletionsAllowed: 40 })).counts.deleted, 40)
    assert.equal(await idOf('p7@lakeside.test'), undefined)
  })

  test('losing ten people, or a fifth of them, is no mass deletion', async () => {
    await run([anna, ...crowd])
    assert.equal((await run([anna, ...crowd.slice(10)])).counts.deleted, 10)
    await assert.rejects(run([anna, ...crowd.slice(21)]), { code: 'directory-deletions-refused' })
  })

  test('a source that is away or wrong changes nothing', async () => {
    await run([anna])
    for (const [content, code] of [
      ['{', 'directory-refused'],
      [JSON.stringify({ users: [anna, { ...ben, id: anna.id }] }), 'address-collision'],
      [JSON.stringify({ users: [anna, { ...ben, sid: anna.sid }] }), 'address-collision'],
      [JSON.stringify({ users: [{ ...ben, address: 'nonsense' }] }), 'address-refused'],
      [
        JSON.stringify({ users: [ben], groups: [{ address: 'g@lakeside.test', members: ['x@y.test'] }] }),
        'directory-refused',
      ],
    ] as const) {
      await writeFile(join(folder, 'people.json'), content)
      await assert.rejects(opened.sync(), { code }, content)
    }
    await rm(join(folder, 'people.json'))
    await assert.rejects(opened.sync(), { code: 'directory-unavailable' })
    assert.equal(await idOf('anna@lakeside.test'), 'id-anna')
    assert.equal((await describeDirectory(administration())).people, 1)
  })

  test('two runs at the same time do not mix', async () => {
    await write([anna])
    const runs = await Promise.allSettled([opened.sync(), opened.sync()])
    assert.deepEqual(runs.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    const codes = runs.flatMap((each) => (each.status === 'rejected' ? [(each.reason as { code: string }).code] : []))
    assert.deepEqual(codes, ['directory-changed-meanwhile'])
    assert.equal(await idOf('anna@lakeside.test'), 'id-anna')
  })

  test('too old a state is no answer, and its age is shown', async () => {
    await run([anna])
    opened.later(375 * 3_600_000)
    assert.equal(await idOf('anna@lakeside.test'), 'id-anna')
    assert.equal((await describeDirectory(administration())).sources[0]?.ageSeconds, 375 * 3_600)
    opened.later(1)
    await assert.rejects(opened.directory.findByAddress('anna@lakeside.test'), { code: 'directory-unavailable' })
    await opened.sync()
    assert.equal(await idOf('anna@lakeside.test'), 'id-anna')
  })

  test('a service with another directory synchronises nothing', async () => {
    const cluster = await openTestCluster()
    await assert.rejects(synchroniseDirectory(cluster.administration, {}), { code: 'directory-not-synchronised' })
    await assert.rejects(describeDirectory(cluster.administration), { code: 'directory-not-synchronised' })
    await cluster.context.store.close()
  })
})
