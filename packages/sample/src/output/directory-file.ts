/** The sample's directory as files: accounts and groups for the service, log-in names and passwords for people. */
import { samplePeople } from '../people/people.ts'
import { sampleGroups } from '../people/groups.ts'
import { type RandomBytes, randomGuid } from '../randomness.ts'
import { hashPassword, newPassword } from './passwords.ts'

export interface DirectoryFiles {
  /** `directory.json` */
  readonly directory: string
  /** `people.txt` */
  readonly people: string
}

export async function writeDirectoryFiles(random: RandomBytes): Promise<DirectoryFiles> {
  const accounts = samplePeople.map((person) => ({ person, password: newPassword(random) }))
  const users = await Promise.all(
    accounts.map(async ({ person, password }) => ({
      id: randomGuid(random),
      sid: person.sid,
      sidHistory: person.sidHistory,
      address: person.address,
      aliases: person.aliases,
      displayName: person.name,
      disabled: person.disabled,
      password: await hashPassword(password, random),
    })),
  )
  const groups = sampleGroups.map(({ name, address, aliases, members }) => ({
    address,
    aliases,
    displayName: name,
    members,
  }))
  const width = Math.max(...samplePeople.map(({ address }) => address.length))
  const lines = accounts.map(({ person, password }) => `${person.address.padEnd(width)}  ${password}`)
  return { directory: `${JSON.stringify({ users, groups }, undefined, 2)}\n`, people: `${lines.join('\n')}\n` }
}
