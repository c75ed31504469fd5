/** A rehearsal of the exit from a data directory: what it needs is opened for as long as it lasts. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createParserPool, walkTree } from '@sealward/bulk'
import type { ExitRehearsalInput, ExportKeysInput } from '@sealward/migration'
import { exitAdministration } from './exit-administration.ts'
import { emptyInstance, serviceAsToday } from './rehearsal-service.ts'

export interface ExitRehearsalPlan {
  /** Data directory of the service that is left. */
  readonly data: string
  readonly documents: string
  /** Addresses of those who try a sample. */
  readonly people: readonly string[]
  readonly keys: Omit<ExportKeysInput, 'admin'>
}

type OpenedRehearsal = ExportKeysInput & Omit<ExitRehearsalInput, 'keys'>

/** @throws RightsError of the data directory, and of `work` */
export async function withExitRehearsal<T>(
  { data, documents: folder, people, keys }: ExitRehearsalPlan,
  work: (input: OpenedRehearsal) => Promise<T>,
): Promise<T> {
  const documents = resolve(folder)
  const stores = mkdtempSync(join(tmpdir(), 'sealward-exit-'))
  try {
    const today = await serviceAsToday(data, documents, stores)
    const pool = createParserPool({ root: documents })
    try {
      return await work({
        ...keys,
        admin: exitAdministration(today.administration),
        start: (empty) => emptyInstance(data, documents, empty),
        openToday: today.open,
        paths: [...walkTree(documents)].map(({ path }) => path),
        parser: pool,
        lanes: pool.lanes,
        people,
      })
    } finally {
      await pool.close()
      await today.close()
    }
  } finally {
    rmSync(stores, { recursive: true, force: true })
  }
}
