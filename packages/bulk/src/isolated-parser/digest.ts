/** Hash and size of bytes, read piece by piece. */
import { createHash } from 'node:crypto'
import { readPieces, type ByteSource } from '@sealward/formats'
import type { FileDigest } from './messages.ts'

export function digestOf(source: ByteSource): FileDigest {
  const hash = createHash('sha256')
  for (const piece of readPieces(source)) hash.update(piece)
  return { sha256: hash.digest('hex'), size: source.size }
}
