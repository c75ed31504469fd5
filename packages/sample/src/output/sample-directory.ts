/** Where a sample is written. Paths are relative and use `/`; every path is written once. */
export interface SampleDirectory {
  /** @param access secret files are for their owner's eyes only */
  write(path: string, content: Uint8Array | string, access: 'open' | 'secret'): void
  /** A text file that grows while the sample is made. */
  create(path: string): GrowingFile
}

export interface GrowingFile {
  append(text: string): void
  close(): void
}
