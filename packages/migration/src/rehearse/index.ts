/**
 * The rehearsal: proves, without changing anything, which documents of an organisation open with the keys it has
 * exported. Reads exports and documents, writes nothing.
 */
import type { DocumentParser } from './document-parser.ts'
import type { KeyRing } from './key-ring.ts'
import { rehearseDocument } from './rehearse-document.ts'
import { createReport, type RehearsalReport } from './report.ts'

export interface RehearseInput {
  readonly keys: KeyRing
  /** Paths of the documents as the report names them. */
  readonly paths: readonly string[]
  readonly parser: DocumentParser
  /** Documents under way at the same time; more than the parser has lanes only waits. */
  readonly lanes: number
  readonly progress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/** @throws the signal's reason when aborted; nothing has to be cleaned up then */
export async function rehearse(input: RehearseInput): Promise<RehearsalReport> {
  const report = createReport(input.keys)
  let next = 0
  let done = 0
  const lane = async (): Promise<void> => {
    for (let path = input.paths[next++]; path !== undefined; path = input.paths[next++]) {
      input.signal?.throwIfAborted()
      report.add(await rehearseDocument({ path, parser: input.parser, keys: input.keys }))
      done++
      input.progress?.(done, input.paths.length)
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, input.lanes) }, lane))
  return report.finish()
}
