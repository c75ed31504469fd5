/** What a rehearsal found in the documents, from its JSON report. */
import { anyText, flag, listOf, oneOf, openRecord, readJson, wholeNumber, type ShapeOf } from '../../project/shape.ts'

const count = wholeNumber(0, Number.MAX_SAFE_INTEGER)

const reportShape = openRecord({
  summary: openRecord({ documents: count, opens: count, fails: count, unprotected: count }),
  keys: listOf(openRecord({ key: anyText, mode: oneOf(1, 2), documents: count })),
  missingKeys: listOf(openRecord({ issuerKey: anyText, urls: listOf(anyText), documents: count })),
  urls: listOf(openRecord({ url: anyText, documents: count, mapped: flag })),
  templates: listOf(openRecord({ id: anyText, name: anyText, documents: count, exported: flag })),
})

export type DocumentFindings = ShapeOf<typeof reportShape>

/** @throws RightsError `plan-input-invalid` */
export function readRehearsal(text: string, path: string): DocumentFindings {
  return readJson(reportShape, text, 'plan-input-invalid', path)
}
