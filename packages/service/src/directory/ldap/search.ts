/** Searches that end: by pages, up to a number of entries, and with values read whole (MS-ADTS 3.1.1.3.1.3.3, ranges). */
import { NoSuchObjectError, type Client, type Control, type Entry, type Filter } from 'ldapts'
import { RightsError } from '@sealward/xrml'

export interface SearchInput {
  /** Where to search; below it as well, unless `scope` says otherwise. */
  readonly base: string
  readonly scope?: 'base' | 'sub'
  readonly filter: Filter
  readonly attributes: readonly string[]
  /** More entries than these are no answer. */
  readonly most: number
  /** Milliseconds after which the server shall give up. */
  readonly timeLimit?: number
  readonly controls?: readonly Control[]
  /** Called after every page: what comes next is another answer. */
  readonly next?: () => void
}

/** Attributes that are bytes, not text. */
const binary = ['objectGUID', 'objectSid', 'sIDHistory', 'tokenGroups', 'invocationId']
const pageSize = 500

/** @throws RightsError `directory-unavailable` beyond `most` entries; errors of ldapts */
export async function search(client: Client, input: SearchInput): Promise<readonly Entry[]> {
  const { base, scope = 'sub', filter, attributes, most, timeLimit = 0, controls = [], next } = input
  const options = {
    scope,
    filter,
    attributes: [...attributes],
    explicitBufferAttributes: binary,
    timeLimit: Math.ceil(timeLimit / 1000),
  }
  const found: Entry[] = []
  try {
    if (scope === 'base') return (await client.search(base, options, [...controls])).searchEntries
    for await (const page of client.searchPaginated(base, { ...options, paged: { pageSize } }, [...controls])) {
      next?.()
      found.push(...page.searchEntries)
      if (found.length > most) throw new RightsError('directory-unavailable', { detail: `more than ${most} entries` })
    }
  } catch (error) {
    // What was asked for by its name may have gone meanwhile.
    if (error instanceof NoSuchObjectError && scope === 'base') return []
    throw error
  }
  return found
}

/** Values of an attribute that is text. Servers spell names of attributes as they like, and may answer part of the values. */
export function texts(entry: Entry, name: string): readonly string[] {
  return values(entry, name).flatMap((value) => (typeof value === 'string' ? [value] : []))
}

/** Values of an attribute that is bytes. */
export function bytes(entry: Entry, name: string): readonly Buffer[] {
  return values(entry, name).flatMap((value) => (typeof value === 'string' ? [] : [value]))
}

function values(entry: Entry, name: string): readonly (string | Buffer)[] {
  return keysOf(entry, name).flatMap((key) => entry[key] ?? [])
}

function keysOf(entry: Entry, name: string): readonly string[] {
  const wanted = name.toLowerCase()
  return Object.keys(entry).filter((key) => key.toLowerCase().split(';', 1)[0] === wanted)
}

const rangeSize = 1_500
const valuesMost = 50_000

/** How to ask for the first values of an attribute, so that the server says whether there are more. */
export function firstRange(name: string): string {
  return `${name};range=0-${rangeSize - 1}`
}

export interface RangeOptions extends Pick<SearchInput, 'controls' | 'next'> {
  /** More values than these are no answer; 50,000 unless given. */
  readonly most?: number
}

/**
 * All values of an attribute that was asked for with `firstRange`.
 * @throws RightsError `directory-unavailable` for more values than `most`; errors of ldapts
 */
export async function allTexts(
  client: Client,
  entry: Entry,
  name: string,
  all: Filter,
  { most = valuesMost, ...options }: RangeOptions = {},
): Promise<readonly string[]> {
  const found = [...texts(entry, name)]
  let range = nextRange(entry, name)
  while (range !== undefined) {
    if (found.length > most) throw new RightsError('directory-unavailable', { detail: `too many of ${name}` })
    options.next?.()
    const attributes = [`${name};range=${range}-${range + rangeSize - 1}`]
    const input = { base: entry.dn, scope: 'base', filter: all, attributes, most: 1, ...options } as const
    const [more] = await search(client, input)
    if (more === undefined) return found
    found.push(...texts(more, name))
    range = nextRange(more, name)
  }
  return found
}

/**
 * Number of the first value that is missing: a range that is the last one ends with `*`. The library shows what was asked
 * for and is not there as an attribute without values.
 */
function nextRange(entry: Entry, name: string): number | undefined {
  for (const key of keysOf(entry, name)) {
    const [, last] = /;range=\d+-(\d+)$/i.exec(key) ?? []
    if (last !== undefined && entry[key]?.length !== 0) return Number(last) + 1
  }
  return undefined
}
