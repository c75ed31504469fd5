/** Lines of a log of any size, in UTF-8 or UTF-16: memory is bounded by the longest line, and that by a limit. */
import { TextDecoder } from 'node:util'
import { RightsError } from '@sealward/xrml'

export type LogSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** Rows of a cluster's log may hold whole licences with their chains. */
const lineMost = 4 * 1024 * 1024

/** @throws RightsError `request-log-refused` for a line longer than any genuine one */
export async function* textLines(source: LogSource): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  let rest = ''
  for await (const bytes of source) {
    decoder ??= new TextDecoder(encodingOf(bytes))
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield checked(line)
    checked(rest)
  }
  rest += decoder?.decode() ?? ''
  if (rest !== '') yield checked(rest)
}

function checked(line: string): string {
  if (line.length > lineMost) throw new RightsError('request-log-refused', { detail: 'a line is too long' })
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

/** Exports of database tools are often UTF-16, with or without a mark. */
function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' {
  return (first === 0xff && second === 0xfe) || second === 0 ? 'utf-16le' : 'utf-8'
}
