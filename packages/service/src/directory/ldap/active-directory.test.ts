/** What only Active Directory has, against a domain controller. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { createServerCertificate } from '../../../../../test/peers/certificates.ts'
import type { Organisation } from '../../../../../test/peers/people.ts'
import { skipWithoutSamba, startSamba, type SambaDomain } from '../../../../../test/peers/samba.ts'
import { directoryOver, type DirectoryOverServer } from '../servers.fixture.ts'

const password = 'Pass-of-2-people'
const formerSid = 'S-1-5-21-11-22-33-1104'
const manyAliases = Array.from({ length: 1_600 }, (_, index) => `box${index}@lakeside.test`)

const lakeside: Organisation = {
  people: [
    { name: 'anna', mail: 'anna@lakeside.test', password, sidHistory: [formerSid] },
    { name: 'mute', password },
    { name: 'eve', mail: 'eve@lakeside.test', aliases: ['chief@lakeside.test', 'eve@elsewhere.test'], password },
    { name: 'chief', mail: 'chief@lakeside.test', password },
    { name: 'post', mail: 'post@lakeside.test', aliases: manyAliases, password },
    { name: 'gone', mail: 'gone@lakeside.test', password },
  ],
  computers: [{ name: 'MAIL01', password }],
  groups: [
    { name: 'silent', members: ['anna'] },
    { name: 'staff', mail: 'staff@lakeside.test', members: ['silent', 'eve'] },
    { name: 'board', mail: 'board@lakeside.test', members: ['chief'] },
    { name: 'servers', members: ['relays'] },
    { name: 'relays', members: ['MAIL01', 'servers'] },
    { name: 'list', kind: 'distribution', members: ['MAIL01'] },
    { name: 'club', mail: 'club@lakeside.test', aliases: ['board@lakeside.test'], members: ['eve'] },
  ],
}

suite('a domain of Active Directory', { skip: skipWithoutSamba }, () => {
  let domain: SambaDomain
  let opened: DirectoryOverServer
  const others: DirectoryOverServer[] = []
  const over = async (...change: Parameters<typeof directoryOver> extends [unknown, ...infer Rest] ? Rest : never) => {
    const other = await directoryOver(domain, ...change)
    others.push(other)
    return other.directory
  }
  before(async () => {
    domain = await startSamba(lakeside)
    opened = await directoryOver(domain)
    others.push(opened)
  })
  after(async () => {
    for (const { directory, close } of others) {
      await directory.close()
      await close()
    }
    await domain.stop()
  })

  test('people keep the identifiers of their former domain', async () => {
    const anna = await opened.directory.findBySid(formerSid)
    assert.equal(anna?.address, 'anna@lakeside.test')
    assert.deepEqual(anna.sidHistory, [formerSid])
    assert.match(anna.sid, /^S-1-5-21(-\d+){4}$/)
  })

  test('the global catalogue and StartTLS give the same answers', async () => {
    const expected = await opened.directory.findByAddress('anna@lakeside.test')
    for (const url of [domain.catalogueUrl, domain.url]) {
      const directory = await over({ source: { urls: [url] } })
      const anna = await directory.findByAddress('anna@lakeside.test')
      assert.deepEqual(anna, expected)
      assert.deepEqual(await directory.groupsOf(anna!), ['staff@lakeside.test'])
      assert.deepEqual(await directory.verifyPassword('anna@lakeside.test', Buffer.from(password)), anna)
    }
  })

  test('people sign in with a principal name that is no address of theirs', async () => {
    const anna = await opened.directory.verifyPassword('anna@corp.lakeside.test', Buffer.from(password))
    assert.equal(anna?.address, 'anna@lakeside.test')
    assert.equal(await opened.directory.findByAddress('anna@corp.lakeside.test'), undefined)
  })

  test('a Windows account is found by its name within its domain, in any case', async () => {
    const { directory } = opened
    const anna = await directory.findByAddress('anna@lakeside.test')
    assert.ok(anna !== undefined)
    for (const [netbios, name] of [
      ['CORP', 'anna'],
      ['corp', 'ANNA'],
    ] as const) {
      assert.deepEqual(await directory.findByAccount(netbios, name), anna)
    }
    const overCatalogue = await over({ source: { urls: [domain.catalogueUrl] } })
    assert.deepEqual(await overCatalogue.findByAccount('CORP', 'anna'), anna)
    for (const [netbios, name] of [
      ['OTHER', 'anna'],
      ['', 'anna'],
      ['CORP', 'nobody'],
      ['CORP', 'mute'],
      ['CORP', 'staff'],
      ['CORP', '*'],
      ['*', 'anna'],
      ['CORP', 'anna)(objectClass=*'],
    ] as const) {
      assert.equal(await directory.findByAccount(netbios, name), undefined, `${netbios}\\${name}`)
    }
  })

  test('accounts and groups without addresses are known by their Windows names, at the global catalogue too', async () => {
    const overCatalogue = await over({ source: { urls: [domain.catalogueUrl] } })
    for (const { accounts } of [opened.directory, overCatalogue]) {
      const computer = await accounts.find('corp', 'mail01$')
      assert.deepEqual([computer?.name, computer?.disabled], ['corp\\mail01$', false])
      const { id, sid } = computer ?? { id: '', sid: '' }
      for (const name of [sid, 'CORP\\MAIL01$', 'mail01$']) {
        assert.deepEqual(await accounts.named(name), { kind: 'account', sid, name: 'corp\\mail01$' })
      }
      assert.equal((await accounts.named('CORP\\anna'))?.name, 'corp\\anna')
      assert.equal((await accounts.named('CORP\\list'))?.kind, 'distribution')
      const groups = ['CORP\\Servers', 'CORP\\relays', 'CORP\\Domain Computers']
      const sids = await Promise.all(groups.map(async (name) => (await accounts.named(name))?.sid))
      assert.deepEqual(new Set(await accounts.groupSids(id)), new Set(sids))
      // A schema without Exchange's attribute links nobody.
      assert.equal(await accounts.linkedUser(id), undefined)
      assert.equal((await accounts.find('CORP', 'mute'))?.name, 'corp\\mute')
      for (const [netbios, name] of [
        ['OTHER', 'MAIL01$'],
        ['CORP', 'MAIL01'],
        ['CORP', 'anna'],
        ['CORP', 'servers'],
        ['CORP', '*'],
      ] as const) {
        assert.equal(await accounts.find(netbios, name), undefined, `${netbios}\\${name}`)
      }
      for (const name of ['CORP\\nobody', 'OTHER\\anna', '*', formerSid, 'S-1-5-21-1-2-3-4', '']) {
        assert.equal(await accounts.named(name), undefined, name)
      }
    }
  })

  test('who has no address is nobody, and may learn why', async () => {
    assert.equal(await opened.directory.verifyPassword('mute@corp.lakeside.test', Buffer.from(password)), undefined)
    const { type, problems } = await opened.directory.explain('mute')
    assert.equal(type, undefined)
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['no-address'],
    )
  })

  test('a group without an address leads to others and is none itself', async () => {
    const anna = await opened.directory.findByAddress('anna@lakeside.test')
    assert.deepEqual(await opened.directory.groupsOf(anna!), ['staff@lakeside.test'])
    const { groups } = await opened.directory.explain('anna@lakeside.test')
    const staff = groups.find(({ name }) => name === 'staff@lakeside.test')
    assert.deepEqual(staff?.path, ['silent', 'staff@lakeside.test'])
    assert.deepEqual(groups.find(({ name }) => name === 'silent')?.addresses, [])
  })

  test('the primary group counts, although it lists no members', async () => {
    const users = domain.dnOf('Domain Users')
    domain.change(`dn: ${users}\nchangetype: modify\nreplace: mail\nmail: all@lakeside.test\n`)
    opened.directory.flush()
    const anna = await opened.directory.findByAddress('anna@lakeside.test')
    const groups = await opened.directory.groupsOf(anna!)
    assert.deepEqual(groups.toSorted(), ['all@lakeside.test', 'staff@lakeside.test'])
  })

  test("an address that two entries claim is nobody's, and is reported (threat D2)", async () => {
    const { directory, contests } = opened
    directory.flush()
    assert.equal(await directory.findByAddress('chief@lakeside.test'), undefined)
    const eve = await directory.findByAddress('eve@lakeside.test')
    assert.deepEqual(eve?.aliases, ['eve@elsewhere.test'])
    assert.ok(!(await directory.groupsOf(eve)).includes('board@lakeside.test'))
    assert.equal(await directory.findGroup('board@lakeside.test'), undefined)
    const dns = ['chief', 'eve'].map((name) => domain.dnOf(name))
    assert.deepEqual(contests.find(({ name }) => name === 'chief@lakeside.test')?.entries.toSorted(), dns)
    const { problems } = await directory.explain('chief@lakeside.test')
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['contested'],
    )
  })

  test('a source tells only about addresses of its domains', async () => {
    const directory = await over({ source: { domains: ['Lakeside.Test'] } })
    assert.deepEqual((await directory.findByAddress('eve@lakeside.test'))?.aliases, [])
    assert.equal(await directory.findByAddress('eve@elsewhere.test'), undefined)
  })

  test('more values than a server gives at once are all read', async () => {
    const post = await opened.directory.findByAddress(manyAliases.at(-1) ?? '')
    assert.equal(post?.address, 'post@lakeside.test')
    assert.deepEqual(new Set(post.aliases), new Set(manyAliases))
  })

  test('an account whose time is over is disabled', async () => {
    const anna = domain.dnOf('anna')
    domain.change(`dn: ${anna}\nchangetype: modify\nreplace: accountExpires\naccountExpires: 131592384000000000\n`)
    opened.directory.flush()
    assert.equal((await opened.directory.findByAddress('anna@lakeside.test'))?.disabled, true)
    assert.equal(await opened.directory.verifyPassword('anna@lakeside.test', Buffer.from(password)), undefined)
  })

  test('who has an address after somebody else is somebody else', async () => {
    const first = await opened.directory.findByAddress('gone@lakeside.test')
    domain.change(`dn: ${domain.dnOf('gone')}\nchangetype: delete\n`)
    domain.change(
      `dn: ${domain.dnOf('new')}\nchangetype: add\nobjectClass: user\nsAMAccountName: new\nmail: gone@lakeside.test\n`,
    )
    opened.directory.flush()
    const second = await opened.directory.findByAddress('gone@lakeside.test')
    assert.notEqual(second?.id, first?.id)
    assert.equal(await opened.directory.findBySid(first?.sid ?? ''), undefined)
  })

  test('nothing is asked without encryption, of a stranger, or with a wrong password', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sealward-stranger-'))
    const stranger = createServerCertificate(folder, ['IP:127.0.0.1'])
    const refusals = [
      await over({ source: { urls: [domain.url], plaintext: true } }),
      await over({ source: { caFile: stranger.authorityFile } }),
      await over({ source: { urls: [domain.url], caFile: stranger.authorityFile } }),
      await over({ source: { bindDn: domain.dnOf('anna') } }),
    ]
    for (const directory of refusals) {
      await assert.rejects(directory.findByAddress('eve@lakeside.test'), { code: 'directory-unavailable' })
    }
    await rm(folder, { recursive: true })
  })
})
