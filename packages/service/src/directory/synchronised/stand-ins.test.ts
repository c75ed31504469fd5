/**
 * Contacts and foreign security principals in a synchronised directory: after every change at the source they mean what they
 * mean to a directory that asks the source each time.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { exchangeSchema } from '../../../../../test/peers/exchange-schema.ts'
import { skipWithoutSamba, startSamba, type SambaDomain } from '../../../../../test/peers/samba.ts'
import { ldapDirectorySchema } from '../ldap/settings.ts'
import { openDirectory, type OpenDirectory } from '../open-directory.ts'
import { openSynchronised, type SynchronisedTest } from './synchronised.fixture.ts'

const password = 'Pass-of-2-people'
/** Every domain that the tests start has the same identifier; this one is of another domain. */
const ottosSid = 'S-1-5-21-901-902-903-1104'
const visitors = ['project@lakeside.test', 'visitors@lakeside.test']

suite('those of elsewhere in a synchronised directory', { skip: skipWithoutSamba }, () => {
  let domain: SambaDomain
  let other: SambaDomain
  let asked: OpenDirectory
  let opened: SynchronisedTest
  let folder: string
  before(async () => {
    ;[domain, other] = await Promise.all([
      startSamba({
        people: [{ name: 'anna', mail: 'anna@lakeside.test', password }],
        groups: [
          { name: 'project', mail: 'project@lakeside.test', members: ['inner', 'anna'] },
          { name: 'inner', members: ['visitors', 'project'] },
          { name: 'visitors', mail: 'visitors@lakeside.test', kind: 'distribution', members: ['fritz', 'crew'] },
          { name: 'local', mail: 'local@lakeside.test', members: [] },
        ],
        contacts: [
          { name: 'fritz', mail: 'Fritz@harbour.test', aliases: ['f.berg@harbour.test'] },
          { name: 'crew', mail: 'crew@harbour.test' },
        ],
      }),
      startSamba({ people: [], groups: [] }),
    ])
    const otto = ['objectClass: user', 'sAMAccountName: otto', 'mail: otto@harbour.test', `objectSid: ${ottosSid}`]
    other.setUp([`dn: ${other.dnOf('otto')}`, 'changetype: add', ...otto, ''].join('\n'))
    folder = await mkdtemp(join(tmpdir(), 'sealward-stand-ins-'))
    const sources = await Promise.all(
      [domain, other].map(async ({ secureUrl, caFile, administrator }, index) => {
        await writeFile(join(folder, `password-${index}`), `${administrator.password}\n`)
        const domains = [index === 0 ? 'lakeside.test' : 'harbour.test']
        const bindDn = administrator.dn
        return {
          name: `source-${index}`,
          urls: [secureUrl],
          caFile,
          bindDn,
          passwordFile: `password-${index}`,
          domains,
        }
      }),
    )
    const from = { sources, timeoutSeconds: 30, groupSeconds: 30, cacheSeconds: 0, unknownCacheSeconds: 0 }
    const clock = { now: () => new Date() }
    asked = await openDirectory({
      settings: ldapDirectorySchema.parse(from),
      folder,
      clock,
      report: () => undefined,
    })
    opened = await openSynchronised(from, folder)
  })
  after(async () => {
    await asked.close()
    await opened.close()
    await Promise.all([domain.stop(), other.stop()])
    await rm(folder, { recursive: true })
  })

  const modify = (name: string, ...lines: readonly string[]): void =>
    domain.change([`dn: ${domain.dnOf(name)}`, 'changetype: modify', ...lines, ''].join('\n'))
  const remove = (name: string): void => domain.change(`dn: ${domain.dnOf(name)}\nchangetype: delete\n`)

  /** What both directories say; they say the same. */
  const both = async <T>(ask: (directory: OpenDirectory) => Promise<readonly T[]>): Promise<readonly T[]> => {
    const [answer, stored] = [await ask(asked), await ask(opened.directory)].map((list) =>
      list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    )
    assert.deepEqual(stored, answer)
    return stored ?? []
  }
  const groupsOf = (...addresses: readonly string[]) => both((directory) => directory.groupsOfContact(addresses))
  const contactsIn = (group: string) => both((directory) => directory.contactsIn(`${group}@lakeside.test`))
  const ottosGroups = () =>
    both(async (directory) => {
      const otto = await directory.findByAddress('otto@harbour.test')
      return directory.groupsOf(otto ?? assert.fail('nobody has the address'))
    })
  /** A run that reads of Active Directory what has changed, and nothing else. */
  const changes = async () => {
    const result = await opened.sync()
    assert.equal(result.sources.find(({ source }) => source === 'source-0')?.whole, false)
    return result
  }

  test('contacts are members through groups without address, distribution groups and a circle', async () => {
    assert.equal((await opened.sync()).standIns, 2)
    for (const address of ['fritz@harbour.test', 'f.berg@harbour.test', 'crew@harbour.test']) {
      assert.deepEqual(await groupsOf(address), visitors, address)
    }
    for (const address of ['fr\u00edtz@harbour.test', 'anna@lakeside.test', 'x@harbour.test']) {
      assert.deepEqual(await groupsOf(address), [], address)
    }
    assert.deepEqual(
      (await contactsIn('project')).map(({ address }) => address),
      ['crew@harbour.test', 'fritz@harbour.test'],
    )
    assert.deepEqual(await contactsIn('local'), [])
    assert.equal(await opened.directory.findByAddress('fritz@harbour.test'), undefined)
  })

  test('a contact that came, got another address or lost it counts so after the next run', async () => {
    const late = ['changetype: add', 'objectClass: contact', 'mail: late@harbour.test', '']
    domain.change([`dn: ${domain.dnOf('late')}`, ...late].join('\n'))
    modify('inner', 'add: member', `member: ${domain.dnOf('late')}`)
    const { added, standIns } = await changes()
    assert.deepEqual([added, standIns], [['late@harbour.test'], 3])
    assert.deepEqual(await groupsOf('late@harbour.test'), ['project@lakeside.test'])

    modify('late', 'replace: mail', 'mail: later@harbour.test')
    assert.deepEqual((await changes()).changed, ['later@harbour.test'])
    assert.deepEqual(await groupsOf('late@harbour.test'), [])
    assert.deepEqual(await groupsOf('later@harbour.test'), ['project@lakeside.test'])

    modify('late', 'delete: mail')
    assert.deepEqual((await changes()).deleted, ['later@harbour.test'])
    assert.deepEqual(await groupsOf('later@harbour.test'), [])
    modify('late', 'add: mail', 'mail: late@harbour.test')
    assert.deepEqual((await changes()).added, ['late@harbour.test'])
    assert.deepEqual(await groupsOf('late@harbour.test'), ['project@lakeside.test'])
  })

  test('a contact that was deleted is in no group any more, nor is one of the same address after it', async () => {
    remove('late')
    assert.deepEqual((await changes()).deleted, ['late@harbour.test'])
    assert.deepEqual(await groupsOf('late@harbour.test'), [])
    assert.deepEqual(
      (await contactsIn('project')).map(({ address }) => address),
      ['crew@harbour.test', 'fritz@harbour.test'],
    )
    const again = ['changetype: add', 'objectClass: contact', 'mail: late@harbour.test', '']
    domain.change([`dn: ${domain.dnOf('late')}`, ...again].join('\n'))
    assert.deepEqual((await changes()).added, ['late@harbour.test'])
    assert.deepEqual(await groupsOf('late@harbour.test'), [])
  })

  test('a contact takes no address away from the person who has it', async () => {
    modify('crew', 'add: proxyAddresses', 'proxyAddresses: smtp:anna@lakeside.test')
    assert.deepEqual((await changes()).contested, [])
    assert.equal((await opened.directory.findByAddress('anna@lakeside.test'))?.displayName, 'anna')
    modify('crew', 'delete: proxyAddresses', 'proxyAddresses: smtp:anna@lakeside.test')
    await changes()
  })

  test('the forest that a contact names goes with it', async () => {
    for (const change of exchangeSchema(domain.baseDn)) domain.setUp(change)
    await domain.restart()
    modify('fritz', 'add: msExchOriginatingForest', 'msExchOriginatingForest: corp.harbour.test')
    assert.deepEqual((await changes()).changed, ['fritz@harbour.test'])
    assert.deepEqual(await contactsIn('visitors'), [
      { address: 'crew@harbour.test' },
      { address: 'fritz@harbour.test', forest: 'corp.harbour.test' },
    ])
  })

  test('a person of another source is in the groups of her contact and of her foreign security principal', async () => {
    assert.deepEqual(await ottosGroups(), [])
    const principal = `CN=${ottosSid},CN=ForeignSecurityPrincipals,${domain.baseDn}`
    domain.setUp(`dn: ${principal}\nchangetype: add\nobjectClass: foreignSecurityPrincipal\nobjectSid: ${ottosSid}\n`)
    modify('local', 'add: member', `member: ${principal}`)
    await changes()
    assert.deepEqual(await ottosGroups(), ['local@lakeside.test'])
    modify('crew', 'replace: mail', 'mail: otto@harbour.test')
    await changes()
    assert.deepEqual(await ottosGroups(), ['local@lakeside.test', ...visitors])
    // Who says of herself to be somebody is in no group by an identifier.
    assert.deepEqual(await groupsOf('otto@harbour.test', ottosSid), visitors)
    domain.change(`dn: ${principal}\nchangetype: delete\n`)
    modify('crew', 'replace: mail', 'mail: crew@harbour.test')
    await changes()
    assert.deepEqual(await ottosGroups(), [])
  })

  test('many contacts that are gone at once stop the run', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `many${index}`)
    const entry = (name: string): string =>
      `dn: ${domain.dnOf(name)}\nchangetype: add\nobjectClass: contact\nmail: ${name}@harbour.test\n`
    domain.change(names.map(entry).join('\n'))
    await changes()
    domain.change(names.map((name) => `dn: ${domain.dnOf(name)}\nchangetype: delete\n`).join('\n'))
    await assert.rejects(opened.sync(), { code: 'directory-deletions-refused' })
    assert.equal((await opened.sync({ deletionsAllowed: 20 })).counts.deleted, 20)
  })
})
