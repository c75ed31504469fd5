/** What passes between the process that holds keys and the processes that parse files (threat F8). */
import type { ContainerOptions, FileState, Publication } from '@sealward/client'
import type { CachedUseLicense, ContentCipher, FileFormat, SensitivityLabel } from '@sealward/formats'
import { isRightsError, RightsError, type ErrorCode } from '@sealward/xrml'

/** What can be said about a file without any key. */
export interface InspectedFile {
  readonly format: FileFormat
  readonly protected: boolean
  readonly size: number
  /** Licence text with its chain, as stored; absent in unprotected files and in those that cannot be read further. */
  readonly licenseText: string | undefined
  /** The same, byte for byte. */
  readonly licenseBytes: Uint8Array | undefined
  /** Why a protected file has no licence text. */
  readonly refusal: ErrorCode | undefined
  /** Original extension with the dot, when the container tells. */
  readonly extension: string | undefined
  readonly useLicenses: readonly { readonly streamName: string; readonly license: CachedUseLicense | undefined }[]
  readonly labels: readonly SensitivityLabel[]
  /** Which state of the file was read. */
  readonly state: FileState
}

export interface ContentHash {
  /** Lower-case hex. */
  readonly sha256: string
  readonly size: number
  /** True when fill bytes may follow the content. */
  readonly endUnknown: boolean
}

export interface WrittenContent extends ContentHash {
  /** Path of the result below the folder that was written to. */
  readonly output: string
}

/** A file as it stands. */
export interface FileDigest {
  /** Lower-case hex. */
  readonly sha256: string
  readonly size: number
}

/** A file below a folder that the operator has named. */
export interface FilePlace {
  readonly root: string
  /** Below `root`, with `/`. */
  readonly path: string
}

export interface WriteOrder {
  /** The file must still be in this state: its licence is where the key comes from. */
  readonly state: FileState
  /** Folder for the result; without it the result takes the original's place. */
  readonly outputRoot?: string
}

export interface RewriteOrder extends WriteOrder {
  /** Opens the file as it is. */
  readonly cipher: ContentCipher
  /** Licence and key of the new file. */
  readonly publication: Publication
  readonly container: ContainerOptions
}

export type ParserTask =
  | { readonly kind: 'inspect' }
  | { readonly kind: 'digest' }
  | { readonly kind: 'hash'; readonly cipher: ContentCipher }
  | ({ readonly kind: 'write'; readonly cipher: ContentCipher } & WriteOrder)
  | ({ readonly kind: 'rewrite' } & RewriteOrder)

export interface ParserRequest {
  readonly id: number
  readonly place: FilePlace
  readonly task: ParserTask
}

export type ParserResult = InspectedFile | FileDigest | ContentHash | WrittenContent

export type ParserReply =
  | { readonly id: number; readonly outcome: 'done'; readonly result: ParserResult }
  | { readonly id: number; readonly outcome: 'failed'; readonly code: ErrorCode; readonly detail: string | undefined }

/** Errors lose their class between processes; code and detail are all that is passed on. */
export function failure(id: number, error: unknown): ParserReply {
  return isRightsError(error)
    ? { id, outcome: 'failed', code: error.code, detail: error.detail }
    : { id, outcome: 'failed', code: 'parser-gave-up', detail: undefined }
}

export function failureError(reply: Extract<ParserReply, { outcome: 'failed' }>): RightsError {
  return new RightsError(reply.code, reply.detail === undefined ? {} : { detail: reply.detail })
}
