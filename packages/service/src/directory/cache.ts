/**
 * Answers of a directory that are remembered for a while (threat P19). What is unknown is remembered for a shorter time than
 * what is known, an outage never. Whoever asks the same at the same time waits for one answer. Passwords are not remembered.
 */
import { LRUCache } from 'lru-cache'
import type { Clock, Directory } from '../core/ports.ts'
import { knownAddress } from '../core/address.ts'

/** What asks the directory every time. */
export type UncachedDirectory = Omit<Directory, 'flush'>

export interface CacheInput {
  readonly directory: UncachedDirectory
  readonly clock: Clock
  /** Milliseconds for people and groups that are known. */
  readonly known: number
  /** Milliseconds for names that nobody has, and people in no group. */
  readonly unknown: number
}

const answersMost = 50_000
/** MS-DTYP 2.4.2.1: 15 parts of ten digits at most. */
const sidLengthMost = 200
/** A NetBIOS name of 15 and an account name of 20 characters, and room for servers that allow more. */
const accountLengthMost = 300

interface Answer {
  readonly value: object | undefined
  /** Milliseconds since 1970. */
  readonly until: number
  readonly from: number
}

export function cachedDirectory({ directory, clock, known, unknown }: CacheInput): Directory {
  const answers = new LRUCache<string, Answer>({ max: answersMost })
  const asked = new Map<string, Promise<unknown>>()
  /** Grows with every flush: an answer that was under way then is not kept. */
  let generation = 0

  const fetch = async <T extends object | undefined>(key: string, ask: () => Promise<T>): Promise<T> => {
    const before = generation
    // The age counts from the question: what changed while it was under way may be missing from the answer.
    const from = clock.now().getTime()
    const value = await ask()
    const empty = value === undefined || (Array.isArray(value) && value.length === 0)
    if (before === generation) answers.set(key, { value, from, until: from + (empty ? unknown : known) })
    return value
  }

  const remembered = async <T extends object | undefined>(key: string, ask: () => Promise<T>): Promise<T> => {
    const now = clock.now().getTime()
    const answer = answers.get(key)
    // A clock that was set back makes nothing younger.
    if (answer !== undefined && now < answer.until && now >= answer.from) return answer.value as T
    const underWay = asked.get(key)
    if (underWay !== undefined) return underWay as Promise<T>
    const question = fetch(key, ask)
    asked.set(key, question)
    try {
      return await question
    } finally {
      if (asked.get(key) === question) asked.delete(key)
    }
  }

  return {
    findByAddress: async (address) => {
      const name = knownAddress(address)
      return name === undefined ? undefined : remembered(`user ${name}`, () => directory.findByAddress(name))
    },
    findBySid: async (sid) =>
      sid.length > sidLengthMost ? undefined : remembered(`sid ${sid}`, () => directory.findBySid(sid)),
    findByAccount: async (domain, name) => {
      const account = `${domain}\\${name}`.toLowerCase()
      if (account.length > accountLengthMost) return undefined
      return remembered(`account ${account}`, () => directory.findByAccount(domain, name))
    },
    groupsOf: (user) => remembered(`groups ${user.id}`, () => directory.groupsOf(user)),
    groupsOfContact: async (addresses) => {
      const groups = await Promise.all(
        addresses.map((address) => remembered(`contact ${address}`, () => directory.groupsOfContact([address]))),
      )
      return [...new Set(groups.flat())]
    },
    contactsIn: async (group) => {
      const name = knownAddress(group)
      return name === undefined ? [] : remembered(`contacts ${name}`, () => directory.contactsIn(name))
    },
    findGroup: async (address) => {
      const name = knownAddress(address)
      return name === undefined ? undefined : remembered(`group ${name}`, () => directory.findGroup(name))
    },
    accounts: {
      find: async (domain, name) => {
        const account = `${domain}\\${name}`.toLowerCase()
        if (account.length > accountLengthMost) return undefined
        return remembered(`computer ${account}`, () => directory.accounts.find(domain, name))
      },
      named: (name) => directory.accounts.named(name),
      groupSids: (id) => remembered(`sids ${id}`, () => directory.accounts.groupSids(id)),
      linkedUser: (id) => remembered(`linked ${id}`, () => directory.accounts.linkedUser(id)),
    },
    verifyPassword: (address, password) => directory.verifyPassword(address, password),
    flush() {
      generation++
      answers.clear()
      asked.clear()
    },
  }
}
