/** Rehearses a folder: file parsers in processes of their own, progress on a terminal, nothing left behind. */
import { resolve } from 'node:path'
import { createParserPool, walkTree } from '@sealward/bulk'
import { rehearse, type KeyRing, type RehearsalReport } from '@sealward/migration'
import { interruptible } from '../terminal/interruption.ts'
import { createProgress } from '../terminal/progress.ts'

/** @throws RightsError `file-unreadable` for the folder itself, `tree-limit-exceeded`, `interrupted` */
export async function rehearseFolder(keys: KeyRing, folder: string): Promise<RehearsalReport> {
  const root = resolve(folder)
  const paths = [...walkTree(root)].map(({ path }) => path)
  const progress = createProgress('rehearsing')
  const pool = createParserPool({ root })
  try {
    return await interruptible((signal) =>
      rehearse({
        keys,
        paths,
        parser: pool,
        lanes: pool.lanes,
        progress: (done, total) => progress.update(done, total),
        signal,
      }),
    )
  } finally {
    progress.end()
    await pool.close()
  }
}
