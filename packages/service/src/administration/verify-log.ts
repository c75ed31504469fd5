/**
 * Checks a log from its first row to its head (threat S2): every row must continue the chain, no number may be missing,
 * and the last row must be the one that the service sealed.
 */
import { chainStart, rowHash } from '../core/log-chain.ts'
import type { LogName, Store } from '../core/store.ts'

export type LogProblem =
  /** A row is not the one that was written, or stands in another place. */
  | 'row-changed'
  | 'row-missing'
  /** Rows at the end are gone, or were added behind the service's back. */
  | 'end-differs'
  /** The head was not written by this service. */
  | 'head-changed'
  /** The log is another one than that of the checkpoint. */
  | 'checkpoint-differs'

export interface LogVerification {
  readonly log: LogName
  readonly rows: number
  /** Hash of the last row; keep it outside to prove later that nothing before it changed. */
  readonly hash: string
  readonly problem?: { readonly kind: LogProblem; readonly sequence: number }
}

export interface LogCheckpoint {
  readonly sequence: number
  readonly hash: string
}

const pageRows = 1000

/** @param checkpoint row number and hash from an earlier verification */
export async function verifyAuditLog(
  store: Store,
  log: LogName = 'licenses',
  checkpoint?: LogCheckpoint,
): Promise<LogVerification> {
  let last: LogCheckpoint = { sequence: 0, hash: chainStart }
  let checkpointSeen = checkpoint === undefined
  const failed = (kind: LogProblem, sequence: number): LogVerification => ({
    log,
    rows: last.sequence,
    hash: last.hash,
    problem: { kind, sequence },
  })
  for (;;) {
    // Page and head are read in one transaction: the service may be writing meanwhile.
    const { rows, head } = await store.transaction(async ({ logs }) => ({
      rows: await logs.read(log, last.sequence, pageRows),
      head: (await logs.head(log)) ?? { sequence: 0, hash: chainStart, sealed: true },
    }))
    for (const row of rows) {
      if (row.sequence !== last.sequence + 1) return failed('row-missing', last.sequence + 1)
      if (rowHash(last.hash, row.sequence, row.record) !== row.hash) return failed('row-changed', row.sequence)
      last = { sequence: row.sequence, hash: row.hash }
      if (row.sequence === checkpoint?.sequence) checkpointSeen = row.hash === checkpoint.hash
    }
    if (rows.length === pageRows) continue
    if (!head.sealed) return failed('head-changed', head.sequence)
    if (head.sequence !== last.sequence || head.hash !== last.hash) return failed('end-differs', last.sequence)
    if (!checkpointSeen) return failed('checkpoint-differs', checkpoint?.sequence ?? 0)
    return { log, rows: last.sequence, hash: last.hash }
  }
}
