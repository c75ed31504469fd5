/** Members of groups by identifiers, not by names: names change, and servers write them as they like. */
import { Control, type Client } from 'ldapts'
import { RightsError } from '@sealward/xrml'
import { anyEntry } from '../ldap/filters.ts'
import { allTexts, firstRange, search, texts } from '../ldap/search.ts'
import type { DirectoryEntry } from '../ldap/entries.ts'
import type { Question } from '../ldap/server.ts'

/** MS-ADTS 3.1.1.3.4.1.5: names come as `<GUID=…>;<SID=…>;CN=…`, the GUID as its bytes in hexadecimal digits. */
const extendedNames = new Control('1.2.840.113556.1.4.529', { critical: true })
const extendedForm = /^<GUID=([0-9a-f]{32})>/i
const membersMost = 500_000
const lookUpsMost = 10_000

/** @returns immutable identifiers @throws RightsError `directory-unavailable`; errors of ldapts */
export async function membersInActiveDirectory(question: Question, dn: string): Promise<readonly string[]> {
  const { client, next } = question
  const controls = [extendedNames]
  const input = { base: dn, scope: 'base', filter: anyEntry, attributes: [firstRange('member')], most: 1 } as const
  next()
  const [group] = await search(client, { ...input, controls })
  if (group === undefined) return []
  const values = await allTexts(client, { ...group, dn }, 'member', anyEntry, { controls, most: membersMost, next })
  return values.map((value) => {
    const [, guid = ''] = extendedForm.exec(value) ?? []
    if (guid === '') throw new RightsError('directory-unavailable', { detail: `no identifiers of members of ${dn}` })
    return Buffer.from(guid, 'hex').toString('base64')
  })
}

/** By immutable identifier of the group. @throws RightsError `directory-unavailable`; errors of ldapts */
export async function membersOfGroups(
  question: Question,
  entries: readonly DirectoryEntry[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const ids = new Map<string, string | undefined>(entries.map(({ dn, id }) => [comparable(dn), id]))
  const known = new Set(entries.map(({ id }) => id))
  const members = new Map<string, readonly string[]>()
  let lookUps = 0
  const idOf = async (dn: string): Promise<string | undefined> => {
    const name = comparable(dn)
    if (!ids.has(name) && name.endsWith(comparable(question.server.base))) {
      // The server knows better than we whether two spellings are the same name.
      if (++lookUps > lookUpsMost)
        throw new RightsError('directory-unavailable', { detail: 'too many strange members' })
      ids.set(name, await lookUp(question.client, dn))
    }
    return ids.get(name)
  }
  for (const { type, dn, id } of entries) {
    if (type !== 'group') continue
    const found: string[] = []
    for (const member of await namesOfMembers(question, dn)) {
      const of = await idOf(member)
      if (of !== undefined && known.has(of)) found.push(of)
    }
    members.set(id, found)
  }
  return members
}

async function namesOfMembers({ client, next }: Question, dn: string): Promise<readonly string[]> {
  next()
  const attributes = ['member', 'uniqueMember']
  const [group] = await search(client, { base: dn, scope: 'base', filter: anyEntry, attributes, most: 1 })
  return group === undefined ? [] : attributes.flatMap((name) => texts(group, name))
}

async function lookUp(client: Client, dn: string): Promise<string | undefined> {
  const input = { base: dn, scope: 'base', filter: anyEntry, attributes: ['entryUUID'], most: 1 } as const
  const [entry] = await search(client, input)
  return entry === undefined ? undefined : texts(entry, 'entryUUID')[0]?.toLowerCase()
}

/** Enough for names that one server has written; it is asked about others. */
function comparable(dn: string): string {
  return dn.toLowerCase().replaceAll(/\s*([,=+])\s*/g, '$1')
}
