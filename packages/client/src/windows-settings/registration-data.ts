/** The data of one value in a registration file: text, number, or bytes that are either of them. */
import type { RightsError } from '@sealward/xrml'

export type RegistryData =
  | { readonly type: 'text'; readonly text: string }
  /** Names variables of the environment as `%NAME%`, which only the computer itself could replace. */
  | { readonly type: 'expandable-text'; readonly text: string }
  | { readonly type: 'number'; readonly number: number }
  /** Of a type that no setting has. */
  | { readonly type: 'other' }

type Refuse = (why: string) => RightsError

const textMost = 16_384

/** REG_SZ, REG_EXPAND_SZ, REG_DWORD. */
const types = { text: 1, expandable: 2, number: 4 }

/**
 * @param texts how texts are written in hexadecimal: version 5.00 has UTF-16, REGEDIT4 bytes of the code page
 * @throws RightsError that `refuse` makes
 */
export function readValueData(rest: string, texts: 'utf-16' | 'ansi', refuse: Refuse): RegistryData {
  const [, quoted] = /^("(?:[^"\\]|\\.)*")\s*(?:;.*)?$/s.exec(rest) ?? []
  if (quoted !== undefined) return { type: 'text', text: bounded(unquoted(quoted, refuse), refuse) }
  const [, number] = /^dword:([0-9a-f]{1,8})\s*(?:;.*)?$/i.exec(rest) ?? []
  if (number !== undefined) return { type: 'number', number: Number.parseInt(number, 16) }
  const [, type = '3', list] = /^hex(?:\(([0-9a-f]{1,8})\))?:([0-9a-f,\s]*)(?:;.*)?$/i.exec(rest) ?? []
  if (list === undefined) throw refuse('data of no known form')
  return dataOfBytes(Number.parseInt(type, 16), bytesOf(list, refuse), texts, refuse)
}

function dataOfBytes(type: number, bytes: Buffer, texts: 'utf-16' | 'ansi', refuse: Refuse): RegistryData {
  if (type === types.number) {
    if (bytes.length !== 4) throw refuse('a number that is not of four bytes')
    return { type: 'number', number: bytes.readUInt32LE() }
  }
  if (type !== types.text && type !== types.expandable) return { type: 'other' }
  const text = bounded(decodeText(bytes, texts, refuse), refuse)
  return type === types.text ? { type: 'text', text } : { type: 'expandable-text', text }
}

function bytesOf(list: string, refuse: Refuse): Buffer {
  const parts = list.split(',').map((part) => part.trim())
  if (parts.at(-1) === '') parts.pop()
  if (parts.some((part) => !/^[0-9a-f]{1,2}$/i.test(part))) throw refuse('not bytes in hexadecimal')
  return Buffer.from(parts.map((part) => Number.parseInt(part, 16)))
}

/** Texts end with a NUL character, unless whoever wrote them forgot it. */
function decodeText(bytes: Buffer, texts: 'utf-16' | 'ansi', refuse: Refuse): string {
  // Addresses are plain ASCII; a code page says nothing about itself.
  const encoding = texts === 'utf-16' ? 'utf-16le' : 'utf-8'
  try {
    const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes)
    const ended = text.endsWith('\0') ? text.slice(0, -1) : text
    if (ended.includes('\0')) throw refuse('a NUL character within a text')
    return ended
  } catch (cause) {
    throw cause instanceof TypeError ? refuse('bytes that are no text') : cause
  }
}

function bounded(text: string, refuse: Refuse): string {
  if (text.length > textMost) throw refuse('a text is too long')
  return text
}

/** The text between quotation marks. @param refuse makes the error of the line */
export function unquoted(quoted: string, refuse: Refuse): string {
  if (/(?<!\\)(?:\\\\)*\\[^"\\]/.test(quoted)) {
    throw refuse('a backslash before something else than a backslash or a quotation mark')
  }
  return quoted.slice(1, -1).replaceAll(/\\(.)/gs, '$1')
}
