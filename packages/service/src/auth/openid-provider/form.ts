/** The fields of a form, as browsers send it. */
import type { IncomingMessage } from 'node:http'
import { RightsError } from '@sealward/xrml'

/** Bytes; an address, a password and a few letters. */
const longestForm = 8_192

/** @throws RightsError `request-malformed`, `request-too-large` */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') throw new RightsError('request-malformed', { detail: 'not a form' })
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of request as AsyncIterable<Uint8Array>) {
    length += piece.length
    if (length > longestForm) throw new RightsError('request-too-large')
    pieces.push(piece)
  }
  return new URLSearchParams(Buffer.concat(pieces).toString('utf8'))
}
