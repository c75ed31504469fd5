/**
 * For tests: what has to come out for a person, a policy and a moment, said a second time and as plainly as possible. It
 * shares nothing with the evaluation of the service: who belongs to which target is written down, not looked up.
 */
import type { DirectoryFile } from '../directory/directory-file.ts'

export const actors = ['ben', 'alice', 'clara', 'sam', 'dora', 'gone', 'fritz', 'stranger'] as const
export type Actor = (typeof actors)[number]

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

/** The organisation in which the targets mean what they mean. */
export const staff = {
  users: [
    person('alice', 1000),
    person('ben', 1001, { aliases: ['benjamin@lakeside.example'], sidHistory: ['S-1-5-21-8-8-8-4711'] }),
    person('clara', 1002),
    person('sam', 1003),
    person('dora', 1004),
    person('gone', 1005),
    person('relay', 1006),
  ],
  groups: [
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
  ],
} as const satisfies { users: readonly object[]; groups: readonly object[] }

/** The same after everybody has signed up: one account is disabled, and one has left. */
export function later(): DirectoryFile {
  const users = staff.users.filter(({ address }) => address !== 'gone@lakeside.example')
  return {
    users: users.map((user) => ({ ...user, disabled: user.address === 'dora@lakeside.example' })),
    groups: staff.groups.map((group) => ({
      ...group,
      members: group.members.filter((member) => member !== 'gone@lakeside.example'),
    })),
  } as DirectoryFile
}

/** Minutes after publication: from the first on, before the last. */
export interface Span {
  readonly from?: number
  readonly until?: number
}

export interface Line {
  readonly target: Target
  readonly rights: readonly string[]
  readonly span?: Span
}

export interface Policy {
  readonly lines: readonly Line[]
  /** Of the content as a whole. */
  readonly span?: Span
}

export type Outcome = `granted ${string}` | 'not-yet-valid' | 'content-expired' | 'no-rights' | (string & {})

const outside: Partial<Record<Actor, string>> = {
  dora: 'user-disabled',
  gone: 'user-not-in-directory',
  stranger: 'account-certificate-untrusted',
}

/** @param minute when it is asked, after publication */
export function expectedOutcome(policy: Policy, actor: Actor, minute: number): Outcome {
  const refused = outside[actor]
  if (refused !== undefined) return refused
  // The author, and whoever belongs to the super users.
  if (actor === 'alice' || actor === 'sam') return 'granted OWNER'
  if (isOver(policy.span, minute)) return 'content-expired'
  if (isAhead(policy.span, minute)) return 'not-yet-valid'
  const mine = policy.lines.filter(({ target }) => (targets[target].means as readonly Actor[]).includes(actor))
  if (mine.length === 0) return 'no-rights'
  const now = mine.filter(({ span }) => !isOver(span, minute) && !isAhead(span, minute))
  if (now.length > 0) return `granted ${[...new Set(now.flatMap(({ rights }) => rights))].sort().join(' ')}`
  return mine.every(({ span }) => isOver(span, minute)) ? 'content-expired' : 'not-yet-valid'
}

function isOver({ until }: Span = {}, minute: number): boolean {
  return until !== undefined && minute >= until
}

function isAhead({ from }: Span = {}, minute: number): boolean {
  return from !== undefined && minute < from
}
