/** The hash-chained logs: append at the head, read in order. */
import { timingSafeEqual } from 'node:crypto'
import { chainStart, headText, nextRow } from '../../core/log-chain.ts'
import type { LogName, LogRepository } from '../../core/store.ts'
import type { RepositoryInput } from './repository-input.ts'

const sealPurpose = 'log-head'

export function logRepository({ database, tenant, mac }: RepositoryInput): LogRepository {
  const readHead = (log: LogName) =>
    database
      .selectFrom('log_head')
      .select(['sequence', 'hash', 'seal'])
      .where('tenant', '=', tenant)
      .where('log', '=', log)
      .executeTakeFirst()

  return {
    async append(log, record) {
      const row = nextRow((await readHead(log)) ?? { sequence: 0, hash: chainStart }, record)
      const head = {
        sequence: row.sequence,
        hash: row.hash,
        seal: mac(sealPurpose, headText(log, row.sequence, row.hash)),
      }
      await database
        .insertInto('log_row')
        .values({ tenant, log, ...row })
        .execute()
      await database
        .insertInto('log_head')
        .values({ tenant, log, ...head })
        .onConflict((conflict) => conflict.columns(['tenant', 'log']).doUpdateSet(head))
        .execute()
    },
    async read(log, after, limit) {
      const rows = await database
        .selectFrom('log_row')
        .select(['sequence', 'record', 'hash'])
        .where('tenant', '=', tenant)
        .where('log', '=', log)
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(limit)
        .execute()
      return rows
    },
    async head(log) {
      const head = await readHead(log)
      if (head === undefined) return undefined
      const expected = mac(sealPurpose, headText(log, head.sequence, head.hash))
      const sealed = head.seal.length === expected.length && timingSafeEqual(head.seal, expected)
      return { sequence: head.sequence, hash: head.hash, sealed }
    },
  }
}
