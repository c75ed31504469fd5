/** Explains a name of the directory file. A file in which two entries claim one address is not taken at all. */
import { knownAddress } from '../core/address.ts'
import type { DirectoryEntries } from './directory-file.ts'
import { blank, nobody, type DirectoryExplanation, type ExplainedGroup } from './explanation.ts'

/** @param file what messages call it */
export function explainInFile(entries: DirectoryEntries, name: string, file: string): DirectoryExplanation {
  const address = knownAddress(name) ?? ''
  const user = entries.usersByAddress.get(address)
  if (user !== undefined) {
    return {
      asked: name,
      type: 'person',
      source: file,
      displayName: user.displayName,
      id: user.id,
      sid: user.sid,
      sidHistory: user.sidHistory,
      addresses: [user.address, ...user.aliases],
      groups: groupsWithPaths(entries, user.address),
      problems: user.disabled ? [{ code: 'disabled', detail: user.address }] : [],
    }
  }
  const group = entries.groupsByAddress.get(address)
  if (group === undefined) return nobody(name, { code: 'unknown', detail: `${file} does not know the name` })
  return { ...blank, asked: name, type: 'group', source: file, addresses: group.addresses }
}

/** Shortest ways first; the groups are known to end, the file has been read with them. */
function groupsWithPaths({ parents }: DirectoryEntries, start: string): readonly ExplainedGroup[] {
  const found = new Map<string, ExplainedGroup>()
  const level: { readonly address: string; readonly path: readonly string[] }[] = [{ address: start, path: [] }]
  for (const { address, path } of level) {
    for (const { addresses, kind } of parents.get(address) ?? []) {
      const [name = ''] = addresses
      if (found.has(name)) continue
      const way = [...path, name]
      found.set(name, { name, addresses, kind, path: way })
      level.push({ address: name, path: way })
    }
  }
  return [...found.values()]
}
