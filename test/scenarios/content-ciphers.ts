/**
 * The content ciphers of the REST protocol once more, for stories whose client shall share nothing with the product. The
 * modes without padding take whole blocks: whoever writes fills them, and whoever reads cuts.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'

export interface DeliveredKey {
  /** As the protocol names it. */
  readonly CipherMode: string
  /** Base64. */
  readonly Value: string
}

interface Mode {
  /** Bytes per chunk; 0 without chaining. */
  readonly chunk: number
  readonly padded: boolean
  /** What is encrypted to the vector of a chunk: its number in 32 bits, or its offset in 64. */
  readonly counter: (chunk: number) => Buffer
}

const modes: Readonly<Record<string, Mode>> = {
  'MICROSOFT.CBC4K': { chunk: 4096, padded: true, counter: (chunk) => littleEndian(chunk, 4) },
  'MICROSOFT.CBC4K.NOPADDING': { chunk: 4096, padded: false, counter: (chunk) => littleEndian(chunk, 4) },
  'MICROSOFT.CBC512.NOPADDING': { chunk: 512, padded: false, counter: (chunk) => littleEndian(chunk * 512, 6) },
  'MICROSOFT.ECB': { chunk: 0, padded: false, counter: () => Buffer.alloc(16) },
}

export function encryptContent(delivered: DeliveredKey, content: Uint8Array): Buffer {
  const { mode, key } = modeOf(delivered)
  if (mode.chunk === 0) return createCipheriv(algorithm(key, 'ecb'), key, null).setAutoPadding(false).update(content)
  const chunks = chunksOf(content, mode.chunk)
  // Padding behind a whole chunk is a chunk of its own.
  if (mode.padded && chunks.at(-1)?.length === mode.chunk) chunks.push(Buffer.alloc(0))
  return chained(createCipheriv, { mode, key }, chunks)
}

export function decryptContent(delivered: DeliveredKey, content: Uint8Array): Buffer {
  const { mode, key } = modeOf(delivered)
  if (mode.chunk === 0) return createDecipheriv(algorithm(key, 'ecb'), key, null).setAutoPadding(false).update(content)
  return chained(createDecipheriv, { mode, key }, chunksOf(content, mode.chunk))
}

/** Each chunk on its own; padding is in the last. */
function chained(
  create: typeof createCipheriv | typeof createDecipheriv,
  { mode, key }: { readonly mode: Mode; readonly key: Buffer },
  chunks: readonly Uint8Array[],
): Buffer {
  return Buffer.concat(
    chunks.flatMap((chunk, number) => {
      const cipher = create(algorithm(key, 'cbc'), key, vector(mode, key, number))
      cipher.setAutoPadding(mode.padded && number === chunks.length - 1)
      return [cipher.update(chunk), cipher.final()]
    }),
  )
}

function modeOf({ CipherMode, Value }: DeliveredKey): { readonly mode: Mode; readonly key: Buffer } {
  const mode = modes[CipherMode]
  if (mode === undefined) throw new Error(`no mode ${CipherMode}`)
  return { mode, key: Buffer.from(Value, 'base64') }
}

function chunksOf(content: Uint8Array, size: number): Uint8Array[] {
  const count = Math.max(1, Math.ceil(content.length / size))
  return Array.from({ length: count }, (_, number) => content.subarray(number * size, (number + 1) * size))
}

function vector(mode: Mode, key: Uint8Array, chunk: number): Buffer {
  return createCipheriv(algorithm(key, 'ecb'), key, null).setAutoPadding(false).update(mode.counter(chunk))
}

function algorithm(key: Uint8Array, mode: 'cbc' | 'ecb'): string {
  return `aes-${key.length * 8}-${mode}`
}

function littleEndian(value: number, bytes: number): Buffer {
  const block = Buffer.alloc(16)
  block.writeUIntLE(value, 0, bytes)
  return block
}
