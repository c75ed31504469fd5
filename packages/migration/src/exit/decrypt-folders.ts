/**
 * Decrypting folders for good. As a super user through the service, or with the exported keys when no service answers any
 * more. Each folder has a journal, so the work may be interrupted at any time and goes on where it was.
 */
import { mkdirSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import {
  createParserPool,
  createRunTally,
  openRunJournal,
  unprotectTree,
  walkTree,
  type RunSummary,
  type UnprotectedItem,
  type UnprotectTreeOptions,
} from '@sealward/bulk'
import { isRightsError } from '@sealward/xrml'
import { failed, named, passed, type CheckResult } from '../steps/check.ts'

export interface DecryptFoldersInput {
  readonly folders: readonly string[]
  /** For the journals; outside the folders. */
  readonly journals: string
  /** `(content) => licenseDocument(client, content)` for a super user, or `licenseWithKeys(ring)`. */
  readonly license: UnprotectTreeOptions['license']
  /** Called for every file that was not simply done; lists of thousands are the caller's to keep. */
  readonly report?: (folder: string, item: UnprotectedItem) => void
  readonly progress?: (summary: RunSummary) => void
  readonly signal?: AbortSignal
}

/**
 * ```ts
 * const { outcomes, failures } = await decryptFolders({ folders: ['/srv/documents'], journals: 'exit', license })
 * ```
 * @throws RightsError `journal-in-use`, `journal-refused`, `file-unreadable` for a folder itself; the signal's reason
 */
export async function decryptFolders(input: DecryptFoldersInput): Promise<RunSummary> {
  mkdirSync(input.journals, { recursive: true, mode: 0o700 })
  const tally = createRunTally()
  for (const folder of input.folders) await decryptFolder(input, resolve(folder), tally)
  return tally.summary()
}

async function decryptFolder(
  input: DecryptFoldersInput,
  root: string,
  tally: ReturnType<typeof createRunTally>,
): Promise<void> {
  const { journals, license, report, progress, signal } = input
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16)
  const journal = openRunJournal(join(journals, `decrypt-${name}.jsonl`), { work: 'unprotect', root })
  const pool = createParserPool({ root, writable: true })
  try {
    for await (const item of unprotectTree({ root, pool, license, journal })) {
      signal?.throwIfAborted()
      tally.add(item)
      if (item.outcome === 'failed' || item.outcome === 'skipped') report?.(root, item)
      progress?.(tally.summary())
    }
  } finally {
    await pool.close()
    journal.close()
  }
}

/** The check of option B: looks at every file again, whatever any journal says. */
export async function checkNothingProtected(folders: readonly string[]): Promise<CheckResult> {
  const left: string[] = []
  let files = 0
  for (const folder of folders) {
    const root = resolve(folder)
    const pool = createParserPool({ root })
    try {
      for (const { path } of walkTree(root)) {
        files++
        if (await isProtected(pool, path)) left.push(join(folder, path))
      }
    } finally {
      await pool.close()
    }
  }
  if (left.length === 0) return passed({ files, protected: 0 })
  return failed({
    finding: `${left.length} of ${files} files are still protected: ${named(left)}`,
    cure: 'Look at the failures of the last run, and run it again until none is left.',
    data: left.slice(0, 10_000),
  })
}

/** What cannot be read far enough to tell counts as protected: it must not be forgotten. */
async function isProtected(pool: ReturnType<typeof createParserPool>, path: string): Promise<boolean> {
  try {
    return (await pool.inspect(path)).protected
  } catch (error) {
    if (isRightsError(error)) return true
    throw error
  }
}
