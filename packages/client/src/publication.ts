/** A licence for a new document, and what it takes to make one. */
import type { ContentCipher } from '@sealward/formats'
import type { CipherMode } from '@sealward/xrml'

export interface Publication {
  /** XrML texts in the order in which files store them. */
  readonly documents: readonly string[]
  readonly cipher: ContentCipher
  readonly owner: string
  /** The author's use licence with its chain, for offline publishing. */
  readonly useLicense: readonly string[] | undefined
}

/** A cipher mode with the size of its key in bytes. */
export interface CipherChoice {
  readonly mode: CipherMode
  readonly keyBytes: 16 | 32
}

/** `online`: the service signs. `offline`: this client signs with the user's client licensor certificate (SOAP only). */
export type Publishing = 'online' | 'offline'
