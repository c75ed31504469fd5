/** Users and groups of the tenant, from a file of the same form as the directory file of the service. */
import { anyText, flag, listOf, openRecord, readJson } from '../../project/shape.ts'
import type { ResolvedPrincipal } from '@sealward/xrml'

const directoryShape = openRecord(
  {
    users: listOf(
      openRecord({ address: anyText }, { aliases: listOf(anyText), disabled: flag, sid: anyText, signInName: anyText }),
    ),
  },
  {
    groups: listOf(
      openRecord(
        {},
        { displayName: anyText, address: anyText, aliases: listOf(anyText), members: listOf(anyText), kind: anyText },
      ),
    ),
  },
)

export interface Person {
  readonly address: string
  /** Lower case, the primary one first. */
  readonly addresses: readonly string[]
  readonly sid: string | undefined
  readonly signInName: string | undefined
  readonly disabled: boolean
}

export interface Group {
  readonly name: string
  /** Lower case; empty for a group without mail. */
  readonly addresses: readonly string[]
  /** `security` or `distribution`, where the directory says so. */
  readonly kind: string | undefined
  readonly members: readonly string[]
}

export interface People {
  readonly users: readonly Person[]
  readonly groups: readonly Group[]
  findUser(address: string): Person | undefined
  findGroup(address: string): Group | undefined
  resolve(user: Person): ResolvedPrincipal
  /** One or two enabled people for every combination of groups and domain: they stand for all others. */
  representatives(): readonly Person[]
}

/** @throws RightsError `plan-input-invalid` */
export function readPeople(text: string, path: string): People {
  const file = readJson(directoryShape, text, 'plan-input-invalid', path)
  const users = file.users.map(
    ({ address, aliases = [], disabled = false, sid, signInName }): Person => ({
      address: address.toLowerCase(),
      addresses: [address, ...aliases].map((each) => each.toLowerCase()),
      sid,
      signInName: signInName?.toLowerCase(),
      disabled,
    }),
  )
  const groups = (file.groups ?? []).map(
    ({ displayName = '', address = '', aliases = [], members = [], kind }): Group => ({
      name: displayName === '' ? address : displayName,
      addresses: [...(address === '' ? [] : [address]), ...aliases].map((each) => each.toLowerCase()),
      kind,
      members: members.map((member) => member.toLowerCase()),
    }),
  )
  const userOf = new Map(users.flatMap((user) => user.addresses.map((address) => [address, user] as const)))
  const groupOf = new Map(groups.flatMap((group) => group.addresses.map((address) => [address, group] as const)))
  const parents = parentsOf(groups)
  const people: People = {
    users,
    groups,
    findUser: (address) => userOf.get(address.toLowerCase()),
    findGroup: (address) => groupOf.get(address.toLowerCase()),
    resolve: (user) => ({
      addresses: user.addresses,
      sids: user.sid === undefined ? [] : [user.sid],
      groups: memberships(user, parents),
      superUser: false,
    }),
    representatives: () => {
      const seen = new Map<string, number>()
      return users.filter((user) => {
        if (user.disabled) return false
        const { groups: all } = people.resolve(user)
        const kind = `${[...all].sort().join(' ')} ${user.address.split('@')[1] ?? ''}`
        seen.set(kind, (seen.get(kind) ?? 0) + 1)
        return (seen.get(kind) ?? 0) <= representativesPerKind
      })
    },
  }
  return people
}

const representativesPerKind = 2

function parentsOf(groups: readonly Group[]): ReadonlyMap<string, readonly Group[]> {
  const parents = new Map<string, Group[]>()
  for (const group of groups) {
    for (const member of group.members) {
      const known = parents.get(member)
      if (known === undefined) parents.set(member, [group])
      else known.push(group)
    }
  }
  return parents
}

/** Nested groups included; a group that contains itself is no trap. */
function memberships(user: Person, parents: ReadonlyMap<string, readonly Group[]>): readonly string[] {
  const found = new Set<Group>()
  const open = [...user.addresses]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const group of parents.get(name) ?? []) {
      if (found.has(group)) continue
      found.add(group)
      open.push(...group.addresses)
    }
  }
  return [...found].flatMap((group) => group.addresses)
}
