/**
 * Addresses that several entries claim (threat D2): an address may be what its holder typed in a form for staff. Such an
 * address grants nobody anything, and somebody has to hear of it.
 */
import { addressesOf, entryAttributes, readEntry, type DirectoryEntry } from './entries.ts'
import { withAddress } from './filters.ts'
import { search } from './search.ts'
import type { Question } from './server.ts'

export interface Contest {
  /** The address or security identifier. */
  readonly name: string
  /** Names of the entries that have it. */
  readonly entries: readonly string[]
}

const addressesAtOnce = 50
const claimantsMost = 10_000

/** Entries that have one of these canonical addresses, exactly. */
export async function claimants(question: Question, addresses: readonly string[]): Promise<readonly DirectoryEntry[]> {
  const { client, server } = question
  const found: DirectoryEntry[] = []
  for (let at = 0; at < addresses.length; at += addressesAtOnce) {
    const filter = withAddress(server.kind, addresses.slice(at, at + addressesAtOnce))
    const attributes = entryAttributes(server.kind)
    for (const entry of await search(client, { base: server.base, filter, attributes, most: claimantsMost })) {
      found.push(await readEntry(question, entry))
    }
  }
  const wanted = new Set(addresses)
  return found.filter((entry) => addressesOf(entry).some((address) => wanted.has(address)))
}

export interface Settled {
  /** Without what is contested; who has no address left but contested ones is not there at all. */
  readonly entries: readonly DirectoryEntry[]
  readonly contests: readonly Contest[]
}

/** The same entries with the addresses that nobody else claims. */
export async function settle(question: Question, entries: readonly DirectoryEntry[]): Promise<Settled> {
  const asked = [...new Set(entries.flatMap(addressesOf))]
  const holders = new Map<string, Map<string, string>>()
  for (const entry of [...entries, ...(await claimants(question, asked))]) {
    for (const address of addressesOf(entry)) {
      const known = holders.get(address) ?? new Map<string, string>()
      holders.set(address, known.set(entry.id, entry.dn))
    }
  }
  const contested = (address: string): boolean => (holders.get(address)?.size ?? 0) > 1
  const kept = entries.flatMap((entry) => {
    if (entry.address === undefined || contested(entry.address)) return []
    return [{ ...entry, aliases: entry.aliases.filter((alias) => !contested(alias)) }]
  })
  const contests = asked.filter(contested).map((name) => ({ name, entries: [...(holders.get(name)?.values() ?? [])] }))
  return { entries: kept, contests }
}
