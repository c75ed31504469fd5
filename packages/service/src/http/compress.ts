/**
 * Compressed answers for SOAP clients that ask for them (RFC 9110, 12.5.3). A licence with its chain is mostly base64 and
 * repeated markup. What is secret in an answer is sealed, so its length after compression tells nobody anything.
 */
import { promisify } from 'node:util'
import { deflate, gzip } from 'node:zlib'

export type ContentCoding = 'gzip' | 'deflate'

/** In the order in which the service prefers them. */
const codings = ['gzip', 'deflate'] as const

const compressors = { gzip: promisify(gzip), deflate: promisify(deflate) } as const

/** Bytes below which compressing costs more than it saves. */
const sizeLeast = 1_024
const headerLengthMost = 1_000

/** @param header Accept-Encoding; undefined where the answer must go as it is */
export function acceptedCoding(header: string | readonly string[] | undefined): ContentCoding | undefined {
  const text = [header ?? ''].flat().join(',')
  if (text.length > headerLengthMost) return undefined
  const weights = new Map<string, number>()
  for (const part of text.split(',')) {
    const [name = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase())
    const [, weight = '1'] = parameters.map((each) => /^q=(\d(?:\.\d{0,3})?)$/.exec(each)).find(Boolean) ?? []
    if (name !== '') weights.set(name === 'x-gzip' ? 'gzip' : name, Number(weight))
  }
  const weightOf = (coding: ContentCoding): number => weights.get(coding) ?? weights.get('*') ?? 0
  const [best] = codings.filter((coding) => weightOf(coding) > 0).sort((a, b) => weightOf(b) - weightOf(a))
  return best
}

/** @returns nothing for what is too small to gain by it, or is no text */
export async function compressed(payload: unknown, coding: ContentCoding): Promise<Buffer | undefined> {
  if (typeof payload !== 'string' || payload.length < sizeLeast) return undefined
  return compressors[coding](Buffer.from(payload, 'utf8'))
}
