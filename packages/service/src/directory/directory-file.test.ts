import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { readDirectoryFile, type DirectoryFile } from './directory-file.ts'
import { contactsIn, groupsOf, groupsOfContact } from './file-groups.ts'

const user = (name: string, changes: Partial<DirectoryFile['users'][number]> = {}) => ({
  id: name,
  sid: `S-1-5-21-1-1-1-${1000 + name.charCodeAt(0)}`,
  address: `${name}@lakeside.example`,
  ...changes,
})

const read = (file: unknown) => readDirectoryFile(JSON.stringify(file))

suite('the directory file', () => {
  test('finds users by every address and identifier', () => {
    const entries = read({
      users: [user('a', { aliases: ['Alpha@Lakeside.example'], sidHistory: ['S-1-5-21-9-9-9-1'] })],
    })
    assert.equal(entries.usersByAddress.get('alpha@lakeside.example')?.id, 'a')
    assert.equal(entries.usersBySid.get('S-1-5-21-9-9-9-1')?.id, 'a')
  })

  const collisions: readonly (readonly [string, DirectoryFile])[] = [
    ['two primary addresses', { users: [user('a'), user('b', { address: 'A@lakeside.example' })] }],
    ['an alias and a primary address', { users: [user('a'), user('b', { aliases: ['a@lakeside.example'] })] }],
    ['a user and a group', { users: [user('a')], groups: [{ address: 'a@lakeside.example' }] }],
    ['two groups', { users: [], groups: [{ address: 'g@lakeside.example' }, { address: 'G@lakeside.example' }] }],
    ['a contact and a user', { users: [user('a')], contacts: ['A@lakeside.example'] }],
    ['two ids', { users: [user('a'), user('b', { id: 'a' })] }],
    ['two accounts', { users: [user('a', { account: 'CORP\\a' }), user('b', { account: 'corp\\A' })] }],
    ['an identifier and an old one', { users: [user('a'), user('b', { sidHistory: [user('a').sid] })] }],
  ]
  for (const [name, file] of collisions) {
    test(`refuses ${name} that collide`, () => assert.throws(() => read(file), { code: 'address-collision' }))
  }

  const refused: readonly (readonly [string, unknown])[] = [
    ['an unknown setting', { users: [], rooms: [] }],
    ['a user without identifier', { users: [{ id: 'a', address: 'a@lakeside.example' }] }],
    ['an account without domain', { users: [user('a', { account: 'alice' })] }],
    ['an account that is a mail address', { users: [user('a', { account: 'CORP\\a@lakeside.example' })] }],
    ['an account in two domains', { users: [user('a', { account: 'CORP\\HILL\\a' })] }],
    ['a password in clear', { users: [user('a', { password: 'secret' })] }],
    ['a member that does not exist', { users: [], groups: [{ address: 'g@x.example', members: ['h@x.example'] }] }],
  ]
  for (const [name, file] of refused) {
    test(`refuses ${name}`, () => assert.throws(() => read(file), { code: 'directory-refused' }))
  }

  test('refuses addresses that look like others, and text that is not JSON', () => {
    assert.throws(() => read({ users: [user('a', { address: '\u0430lice@lakeside.example' })] }), {
      code: 'address-refused',
    })
    assert.throws(() => readDirectoryFile('{'), { code: 'directory-refused' })
  })
})

const chain = (length: number) => ({
  users: [user('a')],
  groups: Array.from({ length }, (_, index) => ({
    address: `g${index}@lakeside.example`,
    members: [index === 0 ? 'a@lakeside.example' : `g${index - 1}@lakeside.example`],
  })),
})
const groups = (file: DirectoryFile) => {
  const entries = read(file)
  return groupsOf(entries, entries.usersByAddress.get('a@lakeside.example')!)
}

suite('groups of a user', () => {
  test('are found through other groups, with all their addresses', () => {
    assert.deepEqual(
      groups({
        users: [user('a', { aliases: ['alpha@lakeside.example'] })],
        groups: [
          {
            address: 'inner@lakeside.example',
            aliases: ['kernel@lakeside.example'],
            members: ['alpha@lakeside.example'],
          },
          { address: 'outer@lakeside.example', members: ['kernel@lakeside.example'] },
          { address: 'other@lakeside.example' },
        ],
      }),
      ['inner@lakeside.example', 'kernel@lakeside.example', 'outer@lakeside.example'],
    )
  })

  test('may contain each other', () => {
    const file = chain(3)
    file.groups[0]!.members.push('g2@lakeside.example')
    assert.equal(groups(file).length, 3)
  })

  test('are followed for 32 levels; deeper nesting is an error, not a shorter answer', () => {
    assert.equal(groups(chain(32)).length, 32)
    assert.throws(() => groups(chain(33)), { code: 'directory-unavailable' })
  })

  test('ten thousand groups that all contain each other take no time', () => {
    const names = Array.from({ length: 300 }, (_, index) => `g${index}@lakeside.example`)
    const file = {
      users: [user('a')],
      groups: names.map((address) => ({ address, members: ['a@lakeside.example', ...names] })),
    }
    assert.equal(groups(file).length, 300)
  })
})

suite('contacts', () => {
  const file = {
    users: [user('a')],
    contacts: ['Fritz@harbour.example', 'crew@harbour.example', 'idle@harbour.example'],
    groups: [
      { address: 'inner@lakeside.example', members: ['fritz@harbour.example', 'outer@lakeside.example'] },
      { address: 'outer@lakeside.example', members: ['inner@lakeside.example', 'crew@harbour.example'] },
      { address: 'plain@lakeside.example', members: ['a@lakeside.example'] },
    ],
  }
  const entries = read(file)
  const below = (group: string) => contactsIn(entries, group).map(({ address }) => address)

  test('belong to groups through groups, whatever circle these stand in', () => {
    const both = ['inner@lakeside.example', 'outer@lakeside.example']
    assert.deepEqual(groupsOfContact(entries, ['fritz@harbour.example']).toSorted(), both)
    assert.deepEqual(groupsOfContact(entries, ['crew@harbour.example']).toSorted(), both)
    for (const name of ['idle@harbour.example', 'nobody@harbour.example', 'a@lakeside.example']) {
      assert.deepEqual(groupsOfContact(entries, [name]), [])
    }
  })

  test('are found below a group', () => {
    assert.deepEqual(below('outer@lakeside.example').toSorted(), ['crew@harbour.example', 'fritz@harbour.example'])
    assert.deepEqual(below('plain@lakeside.example'), [])
    assert.deepEqual(below('a@lakeside.example'), [])
    const deep = chain(33)
    const nested = read({ ...deep, groups: deep.groups.map((group) => ({ ...group })) })
    assert.throws(() => contactsIn(nested, 'g32@lakeside.example'), { code: 'directory-unavailable' })
  })
})
