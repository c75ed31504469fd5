/** A folder without its protection: every file has its own outcome, and the summary says whether anything is left. */
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { createParserPool, unprotectTree, type LicenseFunction, type UnprotectedItem } from '@sealward/bulk'
import { RightsError } from '@sealward/xrml'
import { exitCodes } from '../../exit-codes.ts'
import { interruptible } from '../../terminal/interruption.ts'
import { describeError, type Output } from '../../terminal/output.ts'
import { createProgress } from '../../terminal/progress.ts'
import { failure } from './reported-items.ts'

export interface UnprotectFolderInput {
  readonly license: LicenseFunction
  readonly root: string
  readonly outputRoot: string | undefined
  readonly output: Output
}

/** @returns the exit code: 1 if a protected file is left @throws RightsError `interrupted`, `tree-limit-exceeded` */
export async function unprotectFolder({ license, root, outputRoot, output }: UnprotectFolderInput): Promise<number> {
  if (outputRoot !== undefined) mkdirSync(outputRoot, { recursive: true, mode: 0o700 })
  const pool = createParserPool({ root: resolve(root), writable: true })
  const progress = createProgress('unprotecting')
  const items: UnprotectedItem[] = []
  try {
    await interruptible(async (signal) => {
      const tree = unprotectTree({
        root: resolve(root),
        pool,
        license,
        ...(outputRoot === undefined ? {} : { outputRoot: resolve(outputRoot) }),
      })
      for await (const item of tree) {
        signal.throwIfAborted()
        items.push(item)
        progress.update(items.length, 0, item.path)
      }
    })
  } finally {
    progress.end()
    await pool.close()
  }
  return report(items, output)
}

function report(items: readonly UnprotectedItem[], output: Output): number {
  const summary = { unprotected: 0, 'not-protected': 0, 'done-before': 0, skipped: 0, 'removed-remains': 0, failed: 0 }
  for (const item of items) {
    summary[item.outcome]++
    if (item.outcome === 'skipped') output.say(`${item.path}: skipped, ${item.reason}`)
    if (item.outcome === 'failed') output.say(`${item.path}: ${failure(describeError(errorOf(item)))}`)
  }
  const { unprotected, failed, skipped } = summary
  output.say(`${items.length} files: ${unprotected} without protection now, ${failed} failed, ${skipped} skipped`)
  output.data(
    () => '',
    () => ({ summary, files: items }),
  )
  return failed + skipped > 0 ? exitCodes.findings : exitCodes.done
}

function errorOf({ code, detail }: Extract<UnprotectedItem, { outcome: 'failed' }>): RightsError {
  return new RightsError(code, detail === undefined ? {} : { detail })
}
