/** The groups of Lakeside: nested three deep, and one pair that contains each other, which real directories have too. */
import { addressesOf, type SamplePerson } from './people.ts'

export interface SampleGroup {
  readonly name: string
  readonly address: string
  readonly aliases: readonly string[]
  /** Primary addresses of people and groups. */
  readonly members: readonly string[]
}

const at = (name: string): string => `${name}@lakeside.example`

export const sampleGroups: readonly SampleGroup[] = [
  {
    name: 'All staff',
    address: at('all-staff'),
    aliases: [at('everyone')],
    members: [at('finance'), at('legal'), at('engineering'), at('board'), at('omar.haddad'), at('sofia.rossi')],
  },
  { name: 'Finance', address: at('finance'), aliases: [], members: [at('anna.berg'), at('marta.kowal')] },
  { name: 'Legal', address: at('legal'), aliases: [at('counsel')], members: [at('ruth.adler'), at('tomas.novak')] },
  {
    name: 'Engineering',
    address: at('engineering'),
    aliases: [],
    members: [at('engineering-leads'), at('li.chen'), at('david.okafor'), at('peter.stone')],
  },
  // These two are members of each other.
  {
    name: 'Engineering leads',
    address: at('engineering-leads'),
    aliases: [],
    members: [at('jonas.weiss'), at('project-heron')],
  },
  {
    name: 'Project Heron',
    address: at('project-heron'),
    aliases: [],
    members: [at('engineering-leads'), at('ines.duarte')],
  },
  { name: 'Board', address: at('board'), aliases: [], members: [at('emma.lund'), at('ruth.adler')] },
]

/** Addresses of every group that a person belongs to, through any nesting. */
export function groupsOf(person: SamplePerson): ReadonlySet<string> {
  const reached = new Set<string>(addressesOf(person))
  const found = new Set<string>()
  for (let before = -1; before !== found.size; ) {
    before = found.size
    for (const group of sampleGroups) {
      if (!group.members.some((member) => reached.has(member))) continue
      for (const address of [group.address, ...group.aliases]) {
        reached.add(address)
        found.add(address)
      }
    }
  }
  return found
}
