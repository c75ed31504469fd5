/** The migration: proving, moving and undoing. Its first step is the rehearsal. */
export { rehearse } from './rehearse/index.ts'
export type { RehearseInput } from './rehearse/index.ts'
export { createKeyRing } from './rehearse/key-ring.ts'
export type { KeyRing, KeyRingEntry, RehearsalKey } from './rehearse/key-ring.ts'
export type { DecryptedContent, DocumentParser, ParsedDocument } from './rehearse/document-parser.ts'
export type { RehearsedDocument } from './rehearse/rehearse-document.ts'
export type { RehearsalReport } from './rehearse/report.ts'
export { htmlReport } from './rehearse/html-report.ts'
