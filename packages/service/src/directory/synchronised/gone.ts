/** What of the stored directory its sources have no more. */
import type { SourceReading } from './source-reading.ts'

interface Stored {
  readonly immutableId: string
  readonly source: string
  readonly deletedAt: Date | undefined
}

/**
 * Also all of a source that is not configured any more.
 * @param stored and listed are by immutable identifier @returns immutable identifiers
 */
export function goneFrom(
  stored: ReadonlyMap<string, Stored>,
  readings: readonly SourceReading[],
  listed: ReadonlyMap<string, unknown>,
): ReadonlySet<string> {
  const partly = new Map(readings.filter(({ whole }) => !whole).map((each) => [each.source, new Set(each.deleted)]))
  const gone = new Set<string>()
  for (const { immutableId: id, source, deletedAt } of stored.values()) {
    if (deletedAt !== undefined || listed.has(id)) continue
    if (partly.get(source)?.has(id) ?? true) gone.add(id)
  }
  return gone
}
