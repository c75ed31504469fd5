/** Who is in which group, compared with the directory of the server (fact sheet 5.2). */
import type { KnownServer } from '../known-server.ts'
import type { Row } from '../row.ts'
import { knownOf } from '../tester.ts'

type Members = KnownServer['membership']

const memberships: readonly {
  readonly name: string
  readonly what: string
  readonly ask: (known: Members) => { readonly person: string; readonly groups: readonly string[] }
  readonly member: boolean
}[] = [
  {
    name: 'member',
    what: 'a person and a group of that person',
    ask: ({ person, group }) => ({ person, groups: [group] }),
    member: true,
  },
  {
    name: 'nested',
    what: 'a person in a group of the group',
    ask: ({ person, outerGroup }) => ({ person, groups: [outerGroup] }),
    member: true,
  },
  {
    name: 'group-alias',
    what: 'another address of the group',
    ask: ({ person, outerGroupAlias }) => ({ person, groups: [outerGroupAlias] }),
    member: true,
  },
  {
    name: 'person-alias',
    what: 'another address of the person',
    ask: ({ alias, group }) => ({ person: alias, groups: [group] }),
    member: true,
  },
  {
    name: 'one-of-two',
    what: 'two groups, of which the person is in one',
    ask: ({ person, group, otherGroup }) => ({ person, groups: [otherGroup, group] }),
    member: true,
  },
  {
    name: 'no-member',
    what: 'a person and a group of other people',
    ask: ({ person, otherGroup }) => ({ person, groups: [otherGroup] }),
    member: false,
  },
  {
    name: 'disabled',
    what: 'a member of the group whose account is disabled',
    ask: ({ disabled }) => ({ person: disabled.person, groups: [disabled.group] }),
    member: false,
  },
]

export const membershipRows: readonly Row[] = memberships.map(({ name, what, ask, member }) => ({
  id: `5.2/IsPrincipalMemberOf/${name}`,
  what,
  operation: 'IsPrincipalMemberOf',
  sent: {
    caller: 'admitted',
    parametersFrom: (tester) => {
      const { person, groups } = ask(knownOf(tester).membership)
      return {
        principalName: person,
        principalCrossForest: person,
        targetGroups: { string: groups },
        crossForestCallsSoFar: 0,
      }
    },
  },
  expected: { holds: [new RegExp(`<IsPrincipalMemberOfResult>${String(member)}<`)] },
}))
