/** Cuts a stream of arbitrary pieces at chunk borders, holding back less than one piece plus one chunk. */

export interface ChunkAligner {
  /** The bytes that are ready: a multiple of the chunk size, possibly none. */
  push(bytes: Uint8Array): Uint8Array
  /** What was held back. */
  rest(): Uint8Array
}

/** @param keepLast hold back a complete last chunk too, because it may carry the padding */
export function createChunkAligner(chunkSize: number, keepLast: boolean): ChunkAligner {
  let held: Uint8Array = new Uint8Array(0)
  return {
    push: (bytes) => {
      const all = held.length === 0 ? bytes : Buffer.concat([held, bytes])
      const available = keepLast ? Math.max(0, all.length - 1) : all.length
      const ready = available - (available % chunkSize)
      held = Uint8Array.from(all.subarray(ready))
      return all.subarray(0, ready)
    },
    rest: () => held,
  }
}
