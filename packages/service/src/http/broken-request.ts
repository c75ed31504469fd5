/** The answer to what is not HTTP, or stopped coming. */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { writeRestRefusal } from './rest/problem-map.ts'

/** It has no door yet; JSON is what clients can bear everywhere. */
export function answerBrokenRequest(error: { readonly code?: string }, socket: Socket): void {
  const code = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request-timeout' : 'request-malformed'
  const { status, body } = writeRestRefusal(code, { correlationId: 'no request', challenges: [] })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  if (socket.writable) socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  else socket.destroy()
}
