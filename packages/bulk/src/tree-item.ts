/** What became of one file of a run. */
import type { FileFormat } from '@sealward/formats'
import type { ErrorCode } from '@sealward/xrml'
import type { WrittenContent } from './isolated-parser/messages.ts'

export type UnprotectedItem = { readonly path: string } & (
  | ({ readonly outcome: 'unprotected'; readonly owner: string | undefined } & WrittenContent)
  | TreeOutcome
)

export type ReprotectedItem = { readonly path: string } & (
  | ({ readonly outcome: 'reprotected'; readonly owner: string | undefined } & WrittenContent)
  | TreeOutcome
)

export type TreeItem = UnprotectedItem | ReprotectedItem

type TreeOutcome =
  | { readonly outcome: 'not-protected'; readonly format: FileFormat }
  /** The result of an earlier run is in its place. */
  | { readonly outcome: 'done-before' }
  | { readonly outcome: 'skipped'; readonly reason: 'link' | 'special' | 'unreadable' | 'hard-link' | 'being-written' }
  /** Half a file from a run that was killed. */
  | { readonly outcome: 'removed-remains' }
  | {
      readonly outcome: 'failed'
      readonly code: ErrorCode
      readonly detail: string | undefined
      /** Fingerprint of the server key that the licence names, where it can be read. */
      readonly issuerKey?: string
    }
