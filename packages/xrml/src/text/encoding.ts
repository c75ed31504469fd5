/**
 * Bytes to characters. The signed form of XrML is characters, so the transport encoding must be undone exactly once.
 * Accepted are the encodings that real clients send: UTF-8 with or without BOM, UTF-16 with or without BOM (the Windows
 * client stores licences as UTF-16LE without one). Everything else is refused rather than guessed.
 */
import { RightsError } from '../errors/rights-error.ts'

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

const declaredEncoding = /^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/

/**
 * Decodes a message, licence or file of XML text; a BOM and trailing NUL characters are removed.
 * @throws RightsError `text-encoding-refused` for other encodings, inner NULs, overlong forms and unpaired surrogates.
 */
export function decodeText(bytes: Uint8Array): string {
  const { encoding, skip } = detectEncoding(bytes)
  let text: string
  try {
    text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes.subarray(skip))
  } catch (cause) {
    throw new RightsError('text-encoding-refused', { detail: `not valid ${encoding}`, cause })
  }
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--
  if (end < text.length) text = text.slice(0, end)
  if (text.includes('\0')) throw new RightsError('text-encoding-refused', { detail: 'NUL character inside the text' })
  const declared = declaredEncoding.exec(text)?.[1]?.toLowerCase()
  if (declared !== undefined && !agrees(declared, encoding)) {
    throw new RightsError('text-encoding-refused', { detail: `declared as ${declared}, but it is ${encoding}` })
  }
  return text
}

function detectEncoding(bytes: Uint8Array): { encoding: Encoding; skip: number } {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', skip: 3 }
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', skip: 2 }
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', skip: 2 }
  if (a !== 0 && b === 0) return { encoding: 'utf-16le', skip: 0 }
  if (a === 0 && b !== 0) return { encoding: 'utf-16be', skip: 0 }
  return { encoding: 'utf-8', skip: 0 }
}

function agrees(declared: string, actual: Encoding): boolean {
  if (actual === 'utf-8') return declared === 'utf-8' || declared === 'us-ascii'
  return declared === 'utf-16' || declared === actual
}

/** UTF-16LE bytes without BOM: the form in which XrML is hashed, signed and encrypted (MS-RMPR 2.2.9.1.12). */
export function utf16le(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le')
}
