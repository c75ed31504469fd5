/**
 * Where bytes come from and where they go. Formats never open files: callers hand in positional, synchronous sources
 * (a file descriptor, a range of another source, decrypted content) and receive output piece by piece.
 */
import { RightsError } from '@sealward/xrml'

export interface ByteSource {
  /** Bytes that can be read. */
  readonly size: number
  /**
   * The bytes from `offset` up to `offset + length`, fewer only where the source ends; empty beyond the end.
   * The caller does not modify them; the source does not reuse their memory.
   */
  read(offset: number, length: number): Uint8Array
}

export interface ByteSink {
  /** Takes the bytes before it returns; the writer may reuse their memory afterwards. */
  write(bytes: Uint8Array): void
}

/** Bytes of a known size that are produced in order, once per call of `chunks`. */
export interface StreamContent {
  readonly size: number
  chunks(): Iterable<Uint8Array>
}

/** Piece size for sequential work: large enough to amortise calls, small enough to stay in a processor cache. */
export const defaultPieceSize = 65_536

export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(clamp(offset, bytes.length), clamp(offset + length, bytes.length)),
  }
}

/** A sink that keeps everything, with the bytes so far as one array. For small outputs and tests. */
export function memorySink(): ByteSink & { bytes(): Uint8Array } {
  const pieces: Uint8Array[] = []
  return {
    write: (bytes) => {
      pieces.push(Uint8Array.from(bytes))
    },
    bytes: () => Buffer.concat(pieces),
  }
}

/** A range of another source. The range is cut where the outer source ends. */
export function sourceRange(source: ByteSource, start: number, length: number): ByteSource {
  const first = clamp(start, source.size)
  const size = clamp(length, source.size - first)
  return {
    size,
    read: (offset, wanted) => {
      const from = clamp(offset, size)
      return source.read(first + from, clamp(wanted, size - from))
    },
  }
}

/**
 * The bytes of a range, all of them.
 * @throws RightsError `source-ends-early`
 */
export function readExactly(source: ByteSource, offset: number, length: number): Uint8Array {
  if (offset < 0 || length < 0 || offset + length > source.size) throw new RightsError('source-ends-early')
  const bytes = source.read(offset, length)
  if (bytes.length !== length) throw new RightsError('source-ends-early')
  return bytes
}

/** The whole source in order, in pieces of at most `pieceSize` bytes. */
export function* readPieces(source: ByteSource, pieceSize = defaultPieceSize): Generator<Uint8Array> {
  for (let offset = 0; offset < source.size; offset += pieceSize) {
    yield readExactly(source, offset, Math.min(pieceSize, source.size - offset))
  }
}

export function contentOf(origin: ByteSource | Uint8Array): StreamContent {
  const source = origin instanceof Uint8Array ? memorySource(origin) : origin
  return { size: source.size, chunks: () => readPieces(source) }
}

function clamp(value: number, limit: number): number {
  return Math.max(0, Math.min(value, limit))
}
