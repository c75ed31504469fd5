/**
 * What the rehearsal needs of the file parsers, which run in child processes without keys (threat F8): they say what a
 * file is and hand out its licence, and take one content key for one stream.
 */
import type { CipherMode, ErrorCode } from '@sealward/xrml'

export interface ParsedDocument {
  readonly format: string
  readonly protected: boolean
  readonly size: number
  /** Licence text with its chain, as stored; absent in unprotected files. */
  readonly licenseText: string | undefined
  /** Why a protected file has no licence text. */
  readonly refusal: ErrorCode | undefined
}

export interface DecryptedContent {
  readonly sha256: string
  readonly size: number
}

export interface DocumentParser {
  /** @throws RightsError for files that cannot be read as what they claim to be */
  inspect(path: string): Promise<ParsedDocument>
  /** Decrypts the whole content as a stream and keeps nothing but its hash and size. */
  hashContent(path: string, key: { readonly mode: CipherMode; readonly key: Uint8Array }): Promise<DecryptedContent>
}
