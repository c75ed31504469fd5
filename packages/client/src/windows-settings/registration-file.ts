/**
 * Registration files of Windows (`.reg`), as the registry editor writes them and people edit them: version 5.00 or
 * REGEDIT4, UTF-16LE with byte order mark or UTF-8. The file is somebody else's: its size is bounded, and whatever is not
 * of the form is refused with the number of its line.
 */
import { RightsError } from '@sealward/xrml'
import { readValueData, unquoted, type RegistryData } from './registration-data.ts'

export type RegistryInstruction =
  | { readonly kind: 'open-key' | 'remove-key'; readonly key: string; readonly line: number }
  | {
      readonly kind: 'set-value'
      readonly key: string
      /** Empty for the default value. */
      readonly name: string
      readonly data: RegistryData
      readonly line: number
    }
  | { readonly kind: 'remove-value'; readonly key: string; readonly name: string; readonly line: number }

const bytesMost = 4 * 2 ** 20
const instructionsMost = 20_000
/** Of the registry itself: a key in a path, and the name of a value. */
const keyNameMost = 255
const keyDepthMost = 512
const valueNameMost = 16_383
/** Of one value with all its lines; texts of the registry are shorter. */
const lineMost = 250_000

const hexadecimal = /^(?:@|"(?:[^"\\]|\\.)*")\s*=\s*hex(?:\([0-9a-f]{1,8}\))?:[0-9a-f,\s]*\\?$/i

const headers = new Map<string, 'utf-16' | 'ansi'>([
  ['Windows Registry Editor Version 5.00', 'utf-16'],
  ['REGEDIT4', 'ansi'],
])

/**
 * The instructions of a file, in its order.
 *
 * ```ts
 * for (const { kind, key, line } of readRegistrationFile(readFileSync('clients.reg'))) console.log(line, kind, key)
 * ```
 * @throws RightsError `registration-file-invalid`
 */
export function readRegistrationFile(bytes: Uint8Array): readonly RegistryInstruction[] {
  const lines = decode(bytes).split(/\r\n|\n|\r/)
  const first = lines.findIndex((line) => line.trim() !== '')
  const texts = headers.get(lines[first]?.trim() ?? '')
  if (texts === undefined) throw invalidLine(Math.max(first, 0) + 1, 'not the first line of a registration file')
  const found: RegistryInstruction[] = []
  let key: string | undefined
  for (let index = first + 1; index < lines.length; index++) {
    const line = index + 1
    const start = (lines[index] ?? '').trim()
    if (start === '' || start.startsWith(';')) continue
    if (found.length >= instructionsMost) throw invalidLine(line, `more than ${instructionsMost} instructions`)
    if (start.startsWith('[')) {
      const section = readSection(start, line)
      found.push(section)
      key = section.kind === 'open-key' ? section.key : undefined
      continue
    }
    if (key === undefined) throw invalidLine(line, 'a value outside of a key')
    const pieces = [start]
    let length = start.length
    // Only bytes in hexadecimal go on in the next line; a text may end in a backslash of its own.
    while (hexadecimal.test(start) && pieces.at(-1)?.endsWith('\\') === true && index + 1 < lines.length) {
      const next = (lines[++index] ?? '').trim()
      length += next.length
      pieces.push(next)
      if (length > lineMost) break
    }
    if (length > lineMost) throw invalidLine(line, `more than ${lineMost} characters`)
    const logical = pieces.map((piece, at) => (at < pieces.length - 1 ? piece.slice(0, -1) : piece)).join('')
    found.push(readValue(key, logical, { line, texts }))
  }
  return found
}

function decode(bytes: Uint8Array): string {
  if (bytes.length > bytesMost) throw invalidLine(1, `more than ${bytesMost} bytes`)
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe
  if (bytes[0] === 0xfe && bytes[1] === 0xff) throw invalidLine(1, 'UTF-16 in the wrong byte order')
  try {
    const text = new TextDecoder(wide ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes)
    if (text.includes('\0')) throw invalidLine(1, wide ? 'a NUL character' : 'UTF-16 without byte order mark')
    return text
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw invalidLine(1, wide ? 'not UTF-16' : 'neither UTF-16 with byte order mark nor UTF-8', cause)
  }
}

function readSection(text: string, line: number): RegistryInstruction & { readonly kind: 'open-key' | 'remove-key' } {
  const inner = text.replace(/\s*;[^\]]*$/, '')
  if (!inner.endsWith(']')) throw invalidLine(line, 'no bracket behind the key')
  const removes = inner[1] === '-'
  const key = inner.slice(removes ? 2 : 1, -1)
  const names = key.split('\\')
  if (names.length > keyDepthMost || names.some((name) => name === '' || name.length > keyNameMost)) {
    throw invalidLine(line, 'not the name of a key')
  }
  return { kind: removes ? 'remove-key' : 'open-key', key, line }
}

function readValue(
  key: string,
  text: string,
  { line, texts }: { readonly line: number; readonly texts: 'utf-16' | 'ansi' },
): RegistryInstruction {
  const refuse = (why: string): RightsError => invalidLine(line, why)
  const [, quoted, rest] = /^(@|"(?:[^"\\]|\\.)*")\s*=\s*(.*)$/s.exec(text) ?? []
  if (quoted === undefined || rest === undefined) throw refuse('neither a key, a value, nor a comment')
  const name = quoted === '@' ? '' : unquoted(quoted, refuse)
  if (name.length > valueNameMost) throw refuse('the name of a value is too long')
  if (/^-\s*(?:;.*)?$/.test(rest)) return { kind: 'remove-value', key, name, line }
  return { kind: 'set-value', key, name, data: readValueData(rest, texts, refuse), line }
}

function invalidLine(line: number, why: string, cause?: unknown): RightsError {
  return new RightsError('registration-file-invalid', { detail: `line ${line}: ${why}`, cause })
}
