/**
 * Entries of a domain controller that stand for somebody elsewhere: contacts for people and groups of another forest, and
 * the foreign security principal of an account of a trusted forest that is a source of its own here.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { skipWithoutOpenLdap, startOpenLdap, type OpenLdap } from '../../../../../test/peers/openldap.ts'
import type { Organisation } from '../../../../../test/peers/people.ts'
import { skipWithoutSamba, startSamba, type SambaDomain } from '../../../../../test/peers/samba.ts'
import { directoryOver, type DirectoryOverServer } from '../servers.fixture.ts'
import { openLdapDirectory } from './open-ldap-directory.ts'
import { openDirectory, type OpenDirectory } from '../open-directory.ts'
import { ldapDirectorySchema } from './settings.ts'

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

/** Samba makes foreign security principals of other domains only once it trusts them; this one is in every domain. */
const visitorSid = 'S-1-5-11'

function contact(domain: SambaDomain, name: string, lines: readonly string[]): string {
  return [`dn: ${domain.dnOf(name)}`, 'changetype: add', 'objectClass: contact', ...lines, ''].join('\n')
}

function joined(domain: SambaDomain, group: string, member: string): string {
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
      joined(domain, 'inner', domain.dnOf('fritz')),
      joined(domain, 'project', domain.dnOf('crew')),
      joined(domain, 'project', domain.dnOf('mute')),
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
    const groups = ['project@lakeside.test', 'visitors@lakeside.test', 'work@lakeside.test']
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

  suite('a person of another source', { skip: skipWithoutOpenLdap }, () => {
    let other: OpenLdap
    let directory: OpenDirectory
    let folder = ''
    before(async () => {
      other = await startOpenLdap({
        people: [
          { name: 'otto', mail: 'otto@harbour.test', password },
          { name: 'fritz', mail: 'fritz@harbour.test', password },
        ],
        groups: [{ name: 'sailors', mail: 'sailors@harbour.test', members: ['otto'] }],
      })
      folder = await mkdtemp(join(tmpdir(), 'sealward-sources-'))
      const sources = await Promise.all(
        [domain, other].map(async ({ secureUrl, caFile, reader }, index) => {
          await writeFile(join(folder, `password-${index}`), `${reader.password}\n`)
          const domains = [index === 0 ? 'lakeside.test' : 'harbour.test']
          return { urls: [secureUrl], caFile, bindDn: reader.dn, passwordFile: `password-${index}`, domains }
        }),
      )
      const settings = ldapDirectorySchema.parse({ sources, timeoutSeconds: 30, groupSeconds: 30 })
      const clock = { now: () => new Date() }
      directory = await openDirectory({ settings, folder, clock, report: () => undefined })
    })
    after(async () => {
      await directory.close()
      await other.stop()
      await rm(folder, { recursive: true })
    })

    test('is in the groups of her contact, besides those of her own source', async () => {
      const otto = await directory.findByAddress('otto@harbour.test')
      const fritz = await directory.findByAddress('fritz@harbour.test')
      assert.ok(otto && fritz)
      assert.deepEqual(await directory.groupsOf(otto), ['sailors@harbour.test'])
      const groups = ['project@lakeside.test', 'visitors@lakeside.test', 'work@lakeside.test']
      assert.deepEqual((await directory.groupsOf(fritz)).toSorted(), groups)
    })
  })

  test('an account of elsewhere is in the groups of its foreign security principal', async () => {
    domain.change(joined(domain, 'local', `CN=${visitorSid},CN=ForeignSecurityPrincipals,${domain.baseDn}`))
    const { secureUrl, caFile, reader } = domain
    const folder = await mkdtemp(join(tmpdir(), 'sealward-principals-'))
    await writeFile(join(folder, 'password'), `${reader.password}\n`)
    const usual = { urls: [secureUrl], caFile, bindDn: reader.dn, passwordFile: join(folder, 'password') }
    const settings = ldapDirectorySchema.parse({ sources: [usual], timeoutSeconds: 30, groupSeconds: 30 })
    const directory = openLdapDirectory({ settings, clock: { now: () => new Date() }, report: () => undefined })
    const groupsOf = async (sid: string): Promise<readonly string[]> => {
      const found = await Promise.all(directory.sources.map((each) => each.groupsOfStandIns({ addresses: [], sid })))
      return found.flat().map(({ address = '' }) => address)
    }
    assert.deepEqual((await groupsOf(visitorSid)).toSorted(), ['above@lakeside.test', 'local@lakeside.test'])
    assert.deepEqual(await groupsOf('S-1-5-21-901-902-903-1104'), [])
    await directory.close()
    await rm(folder, { recursive: true })
  })
})
