/** What every directory has to do, whatever keeps it: the contract of the port `Directory`, over one organisation. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Organisation } from '../../../../test/peers/people.ts'
import type { DirectoryGroup, DirectoryUser } from '../core/ports.ts'
import type { OpenDirectory } from './open-directory.ts'

const password = 'Pass-of-2-people'

/** Anna is in `team`, that in `division`, that in `everybody`; `division` is a distribution group in a cycle. */
export const lakeside: Organisation = {
  people: [
    { name: 'anna', displayName: 'Anna Örn', mail: 'Anna@lakeside.test', aliases: ['a.oern@lakeside.test'], password },
    { name: 'ben', mail: 'ben@lakeside.test', password },
    { name: 'dora', mail: 'dora@lakeside.test', disabled: true, password },
    { name: 'emil', mail: 'emil@lakeside.test', password },
  ],
  groups: [
    { name: 'team', mail: 'team@lakeside.test', aliases: ['crew@lakeside.test'], members: ['anna', 'dora'] },
    { name: 'division', mail: 'division@lakeside.test', kind: 'distribution', members: ['team', 'everybody'] },
    { name: 'everybody', mail: 'everybody@lakeside.test', members: ['division'] },
    { name: 'others', mail: 'others@lakeside.test', members: ['ben', 'visitors'] },
    { name: 'visitors', mail: 'visitors@lakeside.test', members: ['fritz'] },
  ],
  contacts: [{ name: 'fritz', mail: 'Fritz@harbour.test' }],
}

export interface DirectoryUnderTest {
  readonly directory: OpenDirectory
  /** Milliseconds after which an answer is not given again. */
  readonly age: number
  /** Lets time pass. */
  later(milliseconds: number): void
  /** Gives a person another primary address; the former one stays as an alias. */
  rename(name: string, address: string): Promise<void>
  remove(name: string): Promise<void>
  close(): Promise<void>
}

export interface ContractOptions {
  readonly skip: string | false
  /** Whether it tells distribution groups from security groups, and knows contacts. */
  readonly kinds: boolean
}

const injections = [
  '*',
  '*@lakeside.test',
  'anna*',
  'anna@lakeside.test)(objectClass=*',
  '*)(|(mail=*',
  'anna@lakeside.test\\2a',
  'anna@lakeside.test\0',
  'x)(mail=anna@lakeside.test',
  'CN=anna,CN=Users,DC=corp,DC=lakeside,DC=test',
  'CORP\\anna',
  '',
  '@',
  ' ',
  'anna@lakeside.test '.repeat(1000),
]

export function directoryContract(
  name: string,
  { skip, kinds }: ContractOptions,
  open: () => Promise<DirectoryUnderTest>,
): void {
  suite(`${name} is a directory`, { skip }, () => {
    let opened: DirectoryUnderTest
    let directory: OpenDirectory
    before(async () => {
      opened = await open()
      directory = opened.directory
    })
    after(async () => {
      await opened.directory.close()
      await opened.close()
    })

    const known = async (address: string): Promise<DirectoryUser> => {
      const user = await directory.findByAddress(address)
      assert.ok(user, address)
      return user
    }
    const signIn = (address: string, word: string): Promise<DirectoryUser | undefined> =>
      directory.verifyPassword(address, Buffer.from(word))

    test('finds people by every address, in any case, and by identifier', async () => {
      const anna = await known('ANNA@Lakeside.test')
      assert.equal(anna.address, 'anna@lakeside.test')
      assert.deepEqual(anna.aliases, ['a.oern@lakeside.test'])
      assert.equal(anna.displayName, 'Anna Örn')
      assert.equal(anna.disabled, false)
      assert.deepEqual(await known('A.Oern@lakeside.test'), anna)
      assert.deepEqual(await directory.findBySid(anna.sid), anna)
      assert.notEqual((await known('ben@lakeside.test')).id, anna.id)
    })

    test('knows nobody by a name that is unknown, looks alike, or belongs to a group', async () => {
      // A dotless i and an accent are other letters, also where a server takes them for the same.
      for (const address of [
        'nobody@lakeside.test',
        'änna@lakeside.test',
        'em\u0131l@lakeside.test',
        'team@lakeside.test',
      ]) {
        assert.equal(await directory.findByAddress(address), undefined, address)
      }
      for (const sid of ['S-1-5-21-1-2-3-4', 'S-1-5-21-1-2-3-4-1000', 'S-1-5-18', 'S-1-1', 'x', '']) {
        assert.equal(await directory.findBySid(sid), undefined, sid)
      }
    })

    test('gives the groups of a person through groups, a distribution group and a cycle', async () => {
      const expected = ['crew', 'division', 'everybody', 'team'].map((group) => `${group}@lakeside.test`)
      const groups = await directory.groupsOf(await known('anna@lakeside.test'))
      assert.deepEqual(groups.toSorted(), expected)
      assert.deepEqual(await directory.groupsOf(await known('ben@lakeside.test')), ['others@lakeside.test'])
      assert.deepEqual(await directory.groupsOf(await known('emil@lakeside.test')), [])
    })

    const knownGroup = async (address: string): Promise<DirectoryGroup> => {
      const { addresses, kind } = (await directory.findGroup(address)) ?? assert.fail(address)
      return { addresses, kind }
    }

    test('finds groups by every address, with their kind', async () => {
      const addresses = ['team@lakeside.test', 'crew@lakeside.test']
      assert.deepEqual(await knownGroup('CREW@lakeside.test'), { addresses, kind: 'security' })
      const kind = kinds ? 'distribution' : 'security'
      assert.deepEqual(await knownGroup('division@lakeside.test'), { addresses: ['division@lakeside.test'], kind })
      assert.equal(await directory.findGroup('anna@lakeside.test'), undefined)
    })

    const knowsContacts = async (): Promise<void> => {
      const groups = ['others@lakeside.test', 'visitors@lakeside.test']
      assert.deepEqual((await directory.groupsOfContact(['fritz@harbour.test'])).toSorted(), groups)
      assert.deepEqual(await directory.groupsOfContact(['anna@lakeside.test', 'frieda@harbour.test']), [])
      for (const group of ['OTHERS@lakeside.test', 'visitors@lakeside.test']) {
        assert.deepEqual(await directory.contactsIn(group), [{ address: 'fritz@harbour.test' }], group)
      }
      for (const group of ['team@lakeside.test', 'anna@lakeside.test', 'fritz@harbour.test', 'nobody@lakeside.test']) {
        assert.deepEqual(await directory.contactsIn(group), [], group)
      }
      assert.equal(await directory.findByAddress('fritz@harbour.test'), undefined)
      assert.equal(await directory.findGroup('fritz@harbour.test'), undefined)
      await opened.remove('fritz')
      opened.later(opened.age)
      assert.deepEqual(await directory.groupsOfContact(['fritz@harbour.test']), [])
      assert.deepEqual(await directory.contactsIn('others@lakeside.test'), [])
    }
    // OpenLDAP's usual schema has no contacts.
    if (kinds) test('knows contacts as members of groups, and as nobody', knowsContacts)

    test('says who is disabled, and lets them sign in no more', async () => {
      assert.equal((await known('dora@lakeside.test')).disabled, true)
      assert.equal(await signIn('dora@lakeside.test', password), undefined)
    })

    test('accepts the right password only', async () => {
      const anna = await known('anna@lakeside.test')
      assert.deepEqual(await signIn('anna@lakeside.test', password), anna)
      assert.deepEqual(await signIn('A.OERN@lakeside.test', password), anna)
      for (const word of ['', ' ', `${password} `, password.toLowerCase(), 'wrong']) {
        assert.equal(await signIn('anna@lakeside.test', word), undefined, word)
      }
      for (const word of ['', password]) assert.equal(await signIn('nobody@lakeside.test', word), undefined)
      assert.equal(await signIn('team@lakeside.test', password), undefined)
    })

    test('takes names that mean something to a server for names that nobody has (threat D4)', async () => {
      for (const text of injections) {
        assert.equal(await directory.findByAddress(text), undefined, text)
        assert.equal(await directory.findGroup(text), undefined, text)
        assert.equal(await directory.findBySid(text), undefined, text)
        assert.equal(await signIn(text, password), undefined, text)
        assert.equal((await directory.explain(text)).type, undefined, text)
      }
    })

    test('explains by which way somebody is in a group, and why somebody may do nothing', async () => {
      const { addresses, groups, problems } = await directory.explain('anna@lakeside.test')
      assert.deepEqual(addresses, ['anna@lakeside.test', 'a.oern@lakeside.test'])
      const way = groups.find(({ addresses: [address] }) => address === 'everybody@lakeside.test')?.path
      assert.deepEqual(
        way,
        ['team', 'division', 'everybody'].map((group) => `${group}@lakeside.test`),
      )
      assert.deepEqual(problems, [])
      const dora = await directory.explain('dora@lakeside.test')
      assert.deepEqual(
        dora.problems.map(({ code }) => code),
        ['disabled'],
      )
      const nobody = await directory.explain('nobody@lakeside.test')
      assert.deepEqual(
        nobody.problems.map(({ code }) => code),
        ['unknown'],
      )
    })

    test('sees new names when answers are old, or when it is told to forget', async () => {
      const ben = await known('ben@lakeside.test')
      assert.equal(await directory.findByAddress('benno@lakeside.test'), undefined)
      await opened.rename('ben', 'benno@lakeside.test')
      opened.later(opened.age)
      const renamed = await known('benno@lakeside.test')
      assert.equal(renamed.id, ben.id)
      assert.equal(renamed.sid, ben.sid)
      assert.deepEqual(renamed.aliases, ['ben@lakeside.test'])
      assert.deepEqual(await known('ben@lakeside.test'), renamed)
      await opened.rename('ben', 'benjamin@lakeside.test')
      directory.flush()
      assert.equal((await known('benjamin@lakeside.test')).address, 'benjamin@lakeside.test')
    })

    test('sees that somebody has gone', async () => {
      const emil = await known('emil@lakeside.test')
      await opened.remove('emil')
      opened.later(opened.age)
      assert.equal(await directory.findByAddress('emil@lakeside.test'), undefined)
      assert.equal(await directory.findBySid(emil.sid), undefined)
      assert.deepEqual(await directory.groupsOf(emil), [])
      assert.equal(await signIn('emil@lakeside.test', password), undefined)
    })
  })
}
