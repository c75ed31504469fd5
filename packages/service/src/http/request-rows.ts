/**
 * Rows of the request log for requests that decided nothing: they are written after the answer, those that come together
 * in one transaction. A decision has its row already. People who are not known get few rows, so that strangers cannot
 * fill the disk.
 */
import { LRUCache } from 'lru-cache'
import type { RequestRecord } from '../core/request-record.ts'
import type { Store } from '../core/store.ts'

export interface RequestRows {
  add(record: RequestRecord): void
  /** Everything added so far is in the store when this returns. @throws what the store throws */
  settled(): Promise<void>
}

const strangersPerMinute = 60
const addressesKnown = 10_000
const waitingMost = 10_000
const minute = 60_000

export function createRequestRows(store: Pick<Store, 'transaction'>): RequestRows {
  const strangers = new LRUCache<string, { readonly minute: number; readonly count: number }>({ max: addressesKnown })
  let waiting: readonly RequestRecord[] = []
  let writing: Promise<void> | undefined

  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await store.transaction(async ({ requests }) => {
          for (const record of batch) await requests.append(record)
        })
      } catch (error) {
        // A store that is full or busy may recover; the rows wait for the next ones.
        waiting = [...batch, ...waiting].slice(0, waitingMost)
        throw error
      }
    }
  }

  const flush = (): Promise<void> => {
    writing ??= write().finally(() => {
      writing = undefined
    })
    return writing
  }

  const isOneTooMany = ({ address, remoteAddress, at }: RequestRecord): boolean => {
    if (address !== undefined) return false
    const now = Math.floor(Date.parse(at) / minute)
    const known = strangers.get(remoteAddress)
    const count = known?.minute === now ? known.count + 1 : 1
    strangers.set(remoteAddress, { minute: now, count })
    return count > strangersPerMinute
  }

  return {
    add(record) {
      if (isOneTooMany(record) || waiting.length >= waitingMost) return
      waiting = [...waiting, record]
      flush().catch(() => undefined)
    },
    async settled() {
      // What is added while a batch is written belongs to the next one.
      do await flush()
      while (waiting.length > 0)
    },
  }
}
