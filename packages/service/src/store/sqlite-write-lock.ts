/**
 * The right to write to a database file. Tenants of one process may share a file, each with a connection of its own, and
 * other programs may write too. Waiting inside of SQLite would hold up the whole process, tenants in other files included
 * and also the one that is being waited for; so within the process they queue, and for others the lock is tried again.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { RightsError } from '@sealward/xrml'
import { createQueue, type Queue } from './sqlite-queue.ts'

const patience = 5_000
const longestPause = 50
/** SQLITE_BUSY, the lower byte of its extended codes. */
const busy = 5

const queues = new Map<string, Queue>()

/** Who writes to the file in this process, one after the other. @param file the real path */
export function writersOf(file: string): Queue {
  const known = queues.get(file)
  if (known !== undefined) return known
  const made = createQueue()
  queues.set(file, made)
  return made
}

/** Does what SQLite refuses while another program writes, until it succeeds. @throws RightsError `store-refused` after a while */
export async function untilFree<T>(work: () => T): Promise<T> {
  const start = performance.now()
  for (let next = 1; ; next = Math.min(next * 2, longestPause)) {
    try {
      return work()
    } catch (cause) {
      if (!isBusy(cause)) throw cause
      if (performance.now() - start > patience) {
        throw new RightsError('store-refused', { detail: 'another program holds the database locked', cause })
      }
    }
    await pause(next)
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && Number(error.errcode) % 256 === busy
}
