/** Which documents stand for all: some of every key, template and format. */
import type { RehearsedDocument } from '../rehearse/rehearse-document.ts'

export type SampledDocument = Pick<RehearsedDocument, 'path' | 'key' | 'template' | 'format' | 'kind' | 'outcome'>

/**
 * The first of each kind in the order of paths, so that the same documents give the same sample.
 *
 * ```ts
 * const sample = chooseSample(report.documents, 2)
 * ```
 * @param each documents of one key, template, format and way of publishing
 */
export function chooseSample<Document extends SampledDocument>(
  documents: readonly Document[],
  each = 1,
): readonly Document[] {
  const taken = new Map<string, number>()
  return [...documents]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .filter(({ key, template, format, kind, outcome }) => {
      if (outcome !== 'opens') return false
      const name = [key, template, format, kind].join('\n')
      const count = taken.get(name) ?? 0
      taken.set(name, count + 1)
      return count < each
    })
}
