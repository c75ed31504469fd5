/**
 * One commit for everybody who waits for one. Flushing to the disk takes longer than a whole licence, so transactions that
 * are asked for while others wait share one. Each works behind a savepoint: one that fails takes back what is its own and
 * nothing else. Nobody is answered before the common commit (threats S3, S5).
 */
import { sql, type Kysely, type Transaction } from 'kysely'
import type { Repositories, Store } from '../core/store.ts'
import type { Schema } from './schema.ts'

interface Waiting {
  /** Never throws. @returns settles who waits; to be called after the commit */
  readonly work: (inner: Transaction<Schema>) => Promise<() => void>
  readonly fail: (reason: unknown) => void
}

export function groupCommits(
  database: Kysely<Schema>,
  repositoriesOver: (inner: Transaction<Schema>) => Repositories,
): Store['transaction'] {
  let waiting: Waiting[] = []

  const commit = async (): Promise<void> => {
    const group = waiting
    waiting = []
    try {
      const settled = await database.transaction().execute(async (inner) => {
        const settle: (() => void)[] = []
        for (const each of group) settle.push(await each.work(inner))
        return settle
      })
      for (const settle of settled) settle()
    } catch (error) {
      for (const { fail } of group) fail(error)
    }
  }

  return (work) =>
    new Promise((resolve, reject) => {
      // Behind all requests that have arrived by now.
      if (waiting.length === 0) setImmediate(() => void commit())
      waiting.push({
        work: async (inner) => {
          await sql`savepoint one`.execute(inner)
          try {
            const result = await work(repositoriesOver(inner))
            await sql`release one`.execute(inner)
            return () => resolve(result)
          } catch (error) {
            await sql`rollback to one`.execute(inner)
            await sql`release one`.execute(inner)
            return () => reject(error)
          }
        },
        fail: reject,
      })
    })
}
