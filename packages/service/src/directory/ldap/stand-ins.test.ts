/**
 * Entries of a domain controller that stand for somebody elsewhere: contacts for people and groups of another forest, and
 * the foreign security principal of an account of a trusted forest that is a source of its own here.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Organisation } from '../../../../../test/peers/people.ts'
import { skipWithoutSamba, startSamba, type SambaDomain } from '../../../../../test/peers/samba.ts'
import { directoryOver, type DirectoryOverServer } from '../servers.fixture.ts'
import { openLdapDirectory } from './open-ldap-directory.ts'

const password = 'Pass-of-2-people'

const lakeside: Organisation = {
  people: [{ name: 'anna', mail: 'anna@lakeside.test', password }],
  groups: [
    { name: 'project', mail: 'project@lakeside.test', aliases: ['work@lakeside.test'], members: ['visitors', 'anna'] },
    { name: 'visitors', mail: 'visitors@lakeside.test', kind: 'distribution', members: ['inner', 'project'] },
    { name: 'inner', members: [] },
    { name: 'plain', mail: 'plain@lakeside.test', members: ['anna'] },
    { name: 'local', mail: 'local@lakeside.test', members: [] },
    { name: 'above', mail: 'above@lakeside.test', members: ['local'] },
  ],
}

const visitorSid = 'S-1-5-21-901-902-903-1104'

function contact(domain: SambaDomain, name: string, lines: readonly string[]): string {
  return [`dn: ${domain.dnOf(name)}`, 'changetype: add', 'objectClass: contact', ...lines, ''].join('\n')
}

function join(domain: SambaDomain, group: string, member: string): string {
  return [`dn: ${domain.dnOf(group)}`, 'changetype: modify', 'add: member', `member: ${member}`, ''].join('\n')
}

suite('entries for people and groups of elsewhere', { skip: skipWithoutSamba }, () => {
  let domain: SambaDomain
  let opened: DirectoryOverServer
  before(async () => {
    domain = await startSamba(lakeside)
    const changes = [
      contact(domain, 'fritz', ['mail: Fritz@harbour.test', 'proxyAddresses: smtp:f.berg@harbour.test']),
      contact(domain, 'crew', ['mail: crew@harbour.test']),
      contact(domain, 'mute', ['displayName: without address']),
      contact(domain, 'idle', ['mail: idle@harbour.test']),
      join(domain, 'inner', domain.dnOf('fritz')),
      join(domain, 'project', domain.dnOf('crew')),
      join(domain, 'project', domain.dnOf('mute')),
      join(domain, 'local', `<SID=${visitorSid}>`),
    ]
    for (const change of changes) domain.change(change)
    opened = await directoryOver(domain)
  })
  after(async () => {
    await opened.directory.close()
    await opened.close()
    await domain.stop()
  })

  test('contacts are in groups, through groups without address, distribution groups and a circle', async () => {
    const { directory } = opened
    const groups = ['visitors@lakeside.test', 'project@lakeside.test', 'work@lakeside.test']
    for (const address of ['fritz@harbour.test', 'f.berg@harbour.test', 'crew@harbour.test']) {
      assert.deepEqual((await directory.groupsOfContact([address])).toSorted(), groups, address)
    }
    for (const address of ['idle@harbour.test', 'fr\u00edtz@harbour.test', 'anna@lakeside.test', 'x@harbour.test']) {
      assert.deepEqual(await directory.groupsOfContact([address]), [], address)
    }
    assert.equal(await directory.findByAddress('fritz@harbour.test'), undefined)
  })

  test('contacts are found below groups, whatever these are called', async () => {
    const { directory } = opened
    for (const group of ['project@lakeside.test', 'WORK@lakeside.test', 'visitors@lakeside.test']) {
      const below = (await directory.contactsIn(group)).map(({ address }) => address)
      assert.deepEqual(below.toSorted(), ['crew@harbour.test', 'fritz@harbour.test'], group)
    }
    for (const group of ['plain@lakeside.test', 'anna@lakeside.test', 'nobody@lakeside.test', 'fritz@harbour.test']) {
      assert.deepEqual(await directory.contactsIn(group), [], group)
    }
  })
})
