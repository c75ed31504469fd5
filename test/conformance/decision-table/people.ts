/**
 * The people of the decision table, and to whom a line of a policy can be addressed. Who belongs to which target is written
 * down here, not looked up.
 */

export const actors = ['ben', 'alice', 'clara', 'sam', 'dora', 'gone', 'fritz', 'stranger'] as const
export type Actor = (typeof actors)[number]

/** Who asks for licences of others, and nothing for itself. */
export const relay = 'relay@lakeside.example'

/** To whom a line of a policy can be addressed, and whom that means. */
export const targets = {
  address: { to: 'ben@lakeside.example', means: ['ben'] },
  'other case': { to: 'BEN@Lakeside.Example', means: ['ben'] },
  alias: { to: 'benjamin@lakeside.example', means: ['ben'] },
  sid: { to: 'S-1-5-21-7-7-7-1001', means: ['ben'] },
  'former sid': { to: 'S-1-5-21-8-8-8-4711', means: ['ben'] },
  'foreign sid': { to: 'S-1-5-21-8-8-8-4712', means: [] },
  'direct group': { to: 'direct@lakeside.example', means: ['ben'] },
  'three deep': { to: 'division@lakeside.example', means: ['ben', 'dora', 'gone'] },
  'alias of a group': { to: 'division.alias@lakeside.example', means: ['ben', 'dora', 'gone'] },
  cyclic: { to: 'circle@lakeside.example', means: ['ben'] },
  'distribution list': { to: 'news@lakeside.example', means: ['ben'] },
  'empty group': { to: 'empty@lakeside.example', means: [] },
  'somebody else': { to: 'clara@lakeside.example', means: ['clara'] },
  partner: { to: 'fritz@harbour.example', means: ['fritz'] },
  anyone: { to: 'ANYONE', means: actors },
  nobody: { to: 'unknown@elsewhere.example', means: [] },
} as const satisfies Record<string, { readonly to: string; readonly means: readonly Actor[] }>
export type Target = keyof typeof targets

const person = (name: string, number: number, more: object = {}) => ({
  id: `id-${name}`,
  sid: `S-1-5-21-7-7-7-${number}`,
  address: `${name}@lakeside.example`,
  ...more,
})

const users = [
  person('alice', 1000),
  person('ben', 1001, { aliases: ['benjamin@lakeside.example'], sidHistory: ['S-1-5-21-8-8-8-4711'] }),
  person('clara', 1002),
  person('sam', 1003),
  person('dora', 1004),
  person('gone', 1005),
  person('relay', 1006),
]

const groups = [
  { address: 'direct@lakeside.example', members: ['ben@lakeside.example'] },
  {
    address: 'division@lakeside.example',
    aliases: ['division.alias@lakeside.example'],
    members: ['department@lakeside.example'],
  },
  { address: 'department@lakeside.example', members: ['team@lakeside.example'] },
  {
    address: 'team@lakeside.example',
    members: ['ben@lakeside.example', 'dora@lakeside.example', 'gone@lakeside.example'],
  },
  { address: 'circle@lakeside.example', members: ['ring@lakeside.example'] },
  { address: 'ring@lakeside.example', members: ['circle@lakeside.example', 'ben@lakeside.example'] },
  { address: 'news@lakeside.example', kind: 'distribution', members: ['ben@lakeside.example'] },
  { address: 'empty@lakeside.example', members: [] },
]

/** The directory file in which the targets mean what they mean. @param password its line in the file, one for all */
export function staff(password: string): string {
  return JSON.stringify({ users: users.map((user) => ({ ...user, password })), groups })
}

/** The same after everybody has signed up: one account is disabled, and one has left. */
export function staffLater(password: string): string {
  const left = 'gone@lakeside.example'
  return JSON.stringify({
    users: users
      .filter(({ address }) => address !== left)
      .map((user) => ({ ...user, password, disabled: user.address === 'dora@lakeside.example' })),
    groups: groups.map((group) => ({ ...group, members: group.members.filter((member) => member !== left) })),
  })
}

/** Another organisation, whose people are trusted if their addresses are of one of its domains. */
export function partners(password: string): string {
  const addresses = ['fritz@harbour.example', 'hanno@elsewhere.example']
  return JSON.stringify({
    users: addresses.map((address, index) => ({
      id: `id-${index}`,
      sid: `S-1-5-21-9-9-9-${index + 1}`,
      address,
      password,
    })),
    groups: [],
  })
}

/** Of the partners' organisation. */
export const outsiders: Partial<Record<Actor, string>> = {
  fritz: 'fritz@harbour.example',
  stranger: 'hanno@elsewhere.example',
}

export function addressOf(actor: Actor): string {
  return outsiders[actor] ?? `${actor}@lakeside.example`
}
