/** A directory synchronised from a domain controller: changes and deletions as they are told there. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { ldifLine, type Organisation } from '../../../../../test/peers/people.ts'
import { skipWithoutSamba, startSamba, type SambaDomain } from '../../../../../test/peers/samba.ts'
import { openAs, publishOffline, signUp } from '../../core/client.fixture.ts'
import { releaseAddress } from '../../administration/release-address.ts'
import { synchronisedOver, type SynchronisedTest } from './synchronised.fixture.ts'

const password = 'Pass-of-2-people'
const accountOf = (name: string) => ({ name, mail: `${name}@lakeside.test`, password })
const lakeside: Organisation = {
  people: [...['anna', 'ben', 'chief', 'eve', 'author'].map(accountOf), { name: 'mute', password }],
  groups: [
    { name: 'inner', members: ['anna', 'ben'] },
    { name: 'team', mail: 'team@lakeside.test', members: ['inner'] },
    { name: 'servers', members: ['relays'] },
    { name: 'relays', members: ['MAIL01', 'servers'] },
    { name: 'list', kind: 'distribution', members: ['MAIL01'] },
  ],
  computers: [{ name: 'MAIL01', password }],
}

suite('a directory synchronised from Active Directory', { skip: skipWithoutSamba }, () => {
  let domain: SambaDomain
  let opened: SynchronisedTest
  before(async () => {
    domain = await startSamba(lakeside)
    // Only administrators see what was deleted, unless it is delegated.
    opened = await synchronisedOver(domain, {}, {}, domain.administrator)
    const { sources } = await opened.sync()
    assert.equal(sources[0]?.whole, true)
  })
  after(async () => {
    await opened.close()
    await domain.stop()
  })

  const modify = (name: string, ...lines: readonly string[]): void =>
    domain.change([`dn: ${domain.dnOf(name)}`, 'changetype: modify', ...lines, ''].join('\n'))
  const remove = (name: string): void => domain.change(`dn: ${domain.dnOf(name)}\nchangetype: delete\n`)
  const add = (name: string, mail: string): void =>
    domain.change(
      [
        `dn: ${domain.dnOf(name)}`,
        'changetype: add',
        'objectClass: user',
        `sAMAccountName: ${name}`,
        `mail: ${mail}`,
        ldifLine('unicodePwd', Buffer.from(`"${password}"`, 'utf16le')),
        'userAccountControl: 512',
        '',
      ].join('\n'),
    )
  /** A run that reads changes only. */
  const changes = async () => {
    const result = await opened.sync()
    assert.deepEqual(
      result.sources.map(({ whole }) => whole),
      [false],
    )
    return result
  }
  const immutableId = async (address: string): Promise<string | undefined> =>
    (await opened.directory.explain(address)).immutableId

  test('the immutable identifier is the GUID in base64', async () => {
    const { id, immutableId: base64 } = await opened.directory.explain('anna@lakeside.test')
    const bytes = Buffer.from(base64 ?? '', 'base64')
    const fields = [bytes.subarray(0, 4).reverse(), bytes.subarray(4, 6).reverse(), bytes.subarray(6, 8).reverse()]
    assert.equal(bytes.length, 16)
    assert.equal(Buffer.concat([...fields, bytes.subarray(8)]).toString('hex'), id?.replaceAll('-', ''))
  })

  test('a run without changes reads none', async () => {
    const { counts, sources } = await changes()
    assert.deepEqual(counts, { added: 0, renamed: 0, changed: 0, deleted: 0 })
    assert.ok((sources[0]?.entries ?? 9) <= 1, 'only the reading account itself may have been written')
  })

  test('old documents open for the person who was renamed, and not for who was deleted, nor for who came after', async () => {
    const { cluster } = opened
    const named = { ...cluster, caller: (name: string) => opened.callerOf(`${name}@lakeside.test`) }
    const [author, anna, ben] = [await signUp(named, 'author'), await signUp(named, 'anna'), await signUp(named, 'ben')]
    const grantedTo = async (to: string): Promise<readonly string[]> =>
      (await publishOffline(named, author, { grants: [{ to, rights: ['VIEW'] }] })).chain
    const [forAnna, forBen] = [await grantedTo('anna@lakeside.test'), await grantedTo('ben@lakeside.test')]
    await openAs(named, ben, forBen)
    const known = await immutableId('anna@lakeside.test')

    domain.change(`dn: ${domain.dnOf('anna')}\nchangetype: modrdn\nnewrdn: CN=Anna Berg\ndeleteoldrdn: 1\n`)
    modify('Anna Berg', 'replace: mail', 'mail: anna.berg@lakeside.test', '-', 'delete: proxyAddresses')
    remove('ben')
    const { renamed, deleted } = await changes()
    assert.deepEqual(renamed, [{ from: 'anna@lakeside.test', to: 'anna.berg@lakeside.test' }])
    assert.deepEqual(deleted, ['ben@lakeside.test'])
    assert.equal(await immutableId('anna.berg@lakeside.test'), known)
    assert.deepEqual((await opened.directory.findByAddress('anna.berg@lakeside.test'))?.aliases, ['anna@lakeside.test'])
    await openAs(named, anna, forAnna)
    await assert.rejects(openAs(named, ben, forBen), { code: 'user-not-in-directory' })

    add('ben2', 'ben@lakeside.test')
    const { waiting } = await changes()
    assert.deepEqual(
      waiting.map(({ address }) => address),
      ['ben@lakeside.test'],
    )
    await assert.rejects(signUp(named, 'ben'), /nobody has ben@lakeside\.test/)
    await releaseAddress(cluster.administration, { address: 'ben@lakeside.test' })
    const newcomer = await signUp(named, 'ben')
    await openAs(named, newcomer, forBen)
    await assert.rejects(openAs(named, ben, forBen), { code: 'user-not-in-directory' })
  })

  test('members are told by their identifiers, nested and by the primary group', async () => {
    const groups = async (address: string) =>
      (await opened.directory.groupsOf((await opened.callerOf(address)).user)).toSorted()
    assert.deepEqual(await groups('anna.berg@lakeside.test'), ['team@lakeside.test'])
    modify('inner', 'add: member', `member: ${domain.dnOf('chief')}`)
    modify('Domain Users', 'replace: mail', 'mail: everybody@lakeside.test')
    const { counts } = await changes()
    assert.deepEqual([counts.added, counts.changed], [0, 2])
    assert.deepEqual(await groups('chief@lakeside.test'), ['everybody@lakeside.test', 'team@lakeside.test'])
    const { groups: explained } = await opened.directory.explain('chief@lakeside.test')
    assert.deepEqual(explained.find(({ name }) => name === 'team@lakeside.test')?.path, ['inner', 'team@lakeside.test'])
    modify('inner', 'delete: member', `member: ${domain.dnOf('chief')}`)
    await changes()
    assert.deepEqual(await groups('chief@lakeside.test'), ['everybody@lakeside.test'])
  })

  test('an address that somebody gave himself is nobody’s (threat D2)', async () => {
    modify('eve', 'add: proxyAddresses', 'proxyAddresses: smtp:chief@lakeside.test')
    const { contested } = await changes()
    assert.deepEqual(
      contested.map(({ address, entries }) => [address, entries.length]),
      [['chief@lakeside.test', 2]],
    )
    assert.equal(await opened.directory.findByAddress('chief@lakeside.test'), undefined)
    modify('eve', 'delete: proxyAddresses', 'proxyAddresses: smtp:chief@lakeside.test')
    assert.deepEqual((await changes()).contested, [])
    assert.equal((await opened.directory.findByAddress('chief@lakeside.test'))?.displayName, 'chief')
  })

  test('a disabled account, and one that expires without any change, get nothing', async () => {
    modify('chief', 'replace: userAccountControl', 'userAccountControl: 514')
    // 100 nanoseconds since 1601: an hour after the start of the test's clock.
    const end = (BigInt(Date.parse('2026-03-02T10:30:00Z')) + 11_644_473_600_000n) * 10_000n
    modify('eve', 'replace: accountExpires', `accountExpires: ${end}`)
    await changes()
    assert.equal((await opened.directory.findByAddress('chief@lakeside.test'))?.disabled, true)
    assert.equal((await opened.directory.findByAddress('eve@lakeside.test'))?.disabled, false)
    opened.later(3_600_000)
    assert.equal((await opened.directory.findByAddress('eve@lakeside.test'))?.disabled, true)
  })

  test('Windows accounts and principal names lead to the same person', async () => {
    const author = await opened.directory.findByAddress('author@lakeside.test')
    assert.deepEqual(await opened.directory.findByAccount('CORP', 'author'), author)
    const signedIn = await opened.directory.verifyPassword('author@corp.lakeside.test', Buffer.from(password))
    assert.deepEqual(signedIn, author)
    assert.equal(await opened.directory.verifyPassword('author@corp.lakeside.test', Buffer.from('wrong')), undefined)
  })

  test('a computer without address is known by its account, with its groups, and lost with them', async () => {
    const { accounts } = opened.directory
    const sidOf = async (name: string): Promise<string | undefined> => (await accounts.named(name))?.sid
    const computer = await accounts.find('CORP', 'mail01$')
    assert.deepEqual([computer?.name, computer?.disabled], ['corp\\mail01$', false])
    const { id, sid } = computer ?? { id: '', sid: '' }
    assert.deepEqual(await accounts.named(sid), { kind: 'account', sid, name: 'corp\\mail01$' })
    assert.equal((await accounts.named('MAIL01$'))?.sid, sid)
    assert.equal((await accounts.named('CORP\\list'))?.kind, 'distribution')
    const groups = ['CORP\\servers', 'CORP\\Relays', 'CORP\\Domain Computers']
    const sids = await Promise.all(groups.map(sidOf))
    assert.deepEqual(new Set(await accounts.groupSids(id)), new Set(sids))
    for (const [netbios, name] of [
      ['OTHER', 'MAIL01$'],
      ['CORP', 'MAIL01'],
      ['CORP', 'author'],
      ['CORP', 'servers'],
    ] as const) {
      assert.equal(await accounts.find(netbios, name), undefined, `${netbios}\\${name}`)
    }
    assert.equal(await opened.directory.findByAccount('CORP', 'MAIL01$'), undefined)
    assert.equal(await opened.directory.findBySid(sid), undefined)
    modify('relays', 'delete: member', `member: ${domain.dnOf('MAIL01')}`)
    modify('MAIL01', 'replace: userAccountControl', 'userAccountControl: 4098')
    await changes()
    assert.deepEqual(await accounts.groupSids(id), [sids[2]])
    assert.equal((await accounts.find('CORP', 'MAIL01$'))?.disabled, true)
    remove('MAIL01')
    await changes()
    assert.equal(await accounts.find('CORP', 'MAIL01$'), undefined)
    assert.deepEqual(await accounts.groupSids(id), [])
  })

  test('everything is read again where changes cannot be told', async () => {
    assert.equal((await opened.sync({ whole: true })).sources[0]?.whole, true)
    assert.equal((await changes()).counts.changed, 0)
    const { synchronisedDirectory: repository } = opened.cluster.context.store
    const states = await repository.sources()
    for (const change of [
      { invocation: 'AAAA' },
      { controller: 'CN=other' },
      { number: '99999999' },
      { scope: '' },
      { wholeAt: 0 },
    ]) {
      const cookies = states.map((state) => ({
        ...state,
        cookie: JSON.stringify({ ...(JSON.parse(state.cookie ?? '') as object), ...change }),
      }))
      await repository.putSources(cookies)
      assert.equal((await opened.sync()).sources[0]?.whole, true, JSON.stringify(change))
    }
  })

  test('an account that does not see deletions, and a base below the domain, compare everything', async () => {
    for (const [account, source] of [
      [domain.reader, {}],
      [domain.administrator, { baseDn: `CN=Users,${domain.baseDn}` }],
    ] as const) {
      const other = await synchronisedOver(domain, {}, source, account)
      await other.sync()
      assert.ok(await other.directory.findByAddress('author@lakeside.test'))
      const late = `late${Object.keys(source).length}`
      add(late, `${late}@lakeside.test`)
      assert.equal((await other.sync()).counts.added, 1)
      remove(late)
      const { sources, deleted } = await other.sync()
      assert.deepEqual([sources[0]?.whole, deleted], [true, [`${late}@lakeside.test`]])
      await other.close()
    }
  })

  test('the changes of a whole forest are told by the global catalogue', async () => {
    const other = await synchronisedOver(domain, {}, { urls: [domain.catalogueUrl] }, domain.administrator)
    assert.equal((await other.sync()).sources[0]?.whole, true)
    const author = await other.directory.findByAddress('author@lakeside.test')
    assert.deepEqual(author, await opened.directory.findByAddress('author@lakeside.test'))
    add('forest', 'forest@lakeside.test')
    const { sources, added } = await other.sync()
    assert.deepEqual([sources[0]?.whole, added], [false, ['forest@lakeside.test']])
    remove('forest')
    assert.deepEqual((await other.sync()).deleted, ['forest@lakeside.test'])
    await other.close()
  })

  test('members beyond the first range belong to the group too', async () => {
    const names = Array.from({ length: 1_600 }, (_, index) => `contact${index}`)
    const entries = names.map((name) => `dn: ${domain.dnOf(name)}\nchangetype: add\nobjectClass: contact\n`)
    const members = ['author', ...names].map((name) => `member: ${domain.dnOf(name)}`)
    domain.change(
      [...entries, `dn: ${domain.dnOf('team')}`, 'changetype: modify', 'add: member', ...members, ''].join('\n'),
    )
    await changes()
    const { synchronisedDirectory: repository } = opened.cluster.context.store
    const team = await immutableId('team@lakeside.test')
    assert.equal((await repository.membershipsIn([team ?? ''])).length, 1 + members.length)
    const { user } = await opened.callerOf('author@lakeside.test')
    assert.ok((await opened.directory.groupsOf(user)).includes('team@lakeside.test'))
  })

  test('an outage in the middle changes nothing', async () => {
    const other = await synchronisedOver(domain, { deletionsPercentMost: 100 }, {}, domain.administrator)
    await other.sync()
    const author = await other.directory.findByAddress('author@lakeside.test')
    modify('author', 'replace: displayName', 'displayName: Other')
    domain.signal('SIGSTOP')
    const run = assert.rejects(other.sync(), { code: 'directory-unavailable' })
    await new Promise((resolve) => setTimeout(resolve, 50))
    domain.signal('SIGKILL')
    await run
    assert.deepEqual(await other.directory.findByAddress('author@lakeside.test'), author)
    await domain.restart()
    assert.equal((await other.sync()).counts.changed, 1)
    assert.equal((await other.directory.findByAddress('author@lakeside.test'))?.displayName, 'Other')
    await other.close()
  })
})
