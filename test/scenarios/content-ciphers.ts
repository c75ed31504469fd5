/** The content ciphers of the REST protocol once more, for stories whose client shall share nothing with the product. */
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
  'MICROSOFT.CBC512.NOPADDING': { chunk: 512, padded: false, counter: (chunk) => littleEndian(chunk * 512, 6) },
  'MICROSOFT.ECB': { chunk: 0, padded: false, counter: () => Buffer.alloc(16) },
}

export function encryptContent(delivered: DeliveredKey, content: Uint8Array): Buffer {
  const { mode, key } = modeOf(delivered)
  if (mode.chunk === 0) return createCipheriv(algorithm(key, 'ecb'), key, null).setAutoPadding(false).update(content)
  const chunks = chunksOf(content, mode.chunk)
  return Buffer.concat(
    chunks.flatMap((chunk, number) => {
      const cipher = createCipheriv(algorithm(key, 'cbc'), key, vector(mode, key, number))
      cipher.setAutoPadding(mode.padded && number === chunks.length - 1)
      return [cipher.update(chunk), cipher.final()]
    }),
  )
}

export function decryptContent(delivered: DeliveredKey, content: Uint8Array): Buffer {
  const { mode, key } = modeOf(delivered)
  if (mode.chunk === 0) return createDecipheriv(algorithm(key, 'ecb'), key, null).setAutoPadding(false).update(content)
  const decrypt = (chunk: Uint8Array, number: number): Buffer =>
    createDecipheriv(algorithm(key, 'cbc'), key, vector(mode, key, number))
      .setAutoPadding(false)
      .update(chunk)
  const chunks = chunksOf(content, mode.chunk)
  if (!mode.padded) return Buffer.concat(chunks.map(decrypt))
  // Sixteen bytes behind a whole chunk are its padding, or a chunk of their own: only the padding itself tells.
  const grown = chunks.at(-1)?.length === 16 ? Buffer.concat(chunks.slice(-2)) : undefined
  const whole = grown === undefined || chunks.length < 2 ? undefined : decrypt(grown, chunks.length - 2)
  if (whole?.subarray(-16).every((byte) => byte === 16) === true) chunks.splice(-2, 2, grown ?? whole)
  const text = Buffer.concat(chunks.map(decrypt))
  return text.subarray(0, text.length - (text.at(-1) ?? 0))
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
