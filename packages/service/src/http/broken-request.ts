/**
 * What is not HTTP, or stopped coming. A request whose body does not end has a door already, so its refusal has the form of
 * that door and its line in the log; before the headers are complete there is neither. Nobody is answered twice, and no
 * connection stays open because its client does not close it (threat N3).
 */
import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { RightsError, type ErrorCode } from '@sealward/xrml'
import type { Refusal } from './refusal.ts'
import type { RequestLog } from './request-log.ts'
import { writeRestRefusal } from './rest/problem-map.ts'

/** A request that has begun, as far as its refusal has to know it. */
export interface ArrivingRequest {
  readonly response: ServerResponse
  /** Whether all of it is here. */
  readonly complete: () => boolean
  readonly refusalOf: (error: RightsError) => Refusal
  /** Records that it ends so. @param status 0 where nothing is answered */
  readonly end: (error: RightsError, status: number) => void
}

/** How long a client that was refused may take to close the connection, in milliseconds. */
const lingerTime = 2_000

const codes: Readonly<Record<string, ErrorCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'request-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'request-too-large',
}

const begun = new WeakMap<Socket, readonly ArrivingRequest[]>()

const refused = new WeakSet<Socket>()

/** Has a request refused in the form of its door if the rest of it never comes; to be called as soon as it begins. */
export function expectRest(socket: Socket, request: ArrivingRequest): void {
  begun.set(socket, [...openOn(socket), request])
}

/** Requests that are not over: one that was refused early is, when the rest of it has come. */
function openOn(socket: Socket): readonly ArrivingRequest[] {
  const requests = begun.get(socket) ?? []
  return requests.filter(({ complete, response }) => !complete() || !response.writableFinished)
}

/** @returns for the event `clientError` of the listening server */
export function createBrokenRequestAnswer(
  log: RequestLog,
): (error: { readonly code?: string }, socket: Socket) => void {
  return ({ code: reason = '' }, socket) => {
    const code = codes[reason] ?? (reason.startsWith('HPE_') ? 'request-malformed' : undefined)
    // It is waited for no longer, and neither is anything else of it.
    if (refused.has(socket)) return
    refused.add(socket)
    // The client went away by itself.
    if (code === undefined) {
      socket.destroy()
      return
    }
    const error = new RightsError(code)
    const [request, ...more] = openOn(socket)
    if (request === undefined) {
      const refusal = writeRestRefusal(code, { correlationId: 'no request', challenges: [] })
      const remoteAddress = socket.remoteAddress ?? ''
      log.write({ correlationId: '', door: 'none', status: refusal.status, milliseconds: 0, remoteAddress, code })
      send(socket, refusal)
    } else if (more.length > 0 || request.complete() || request.response.headersSent) {
      // Something behind a request that has its answer, or will have it: another one in between would be taken for that.
      for (const each of [request, ...more]) if (!each.complete() && !each.response.headersSent) each.end(error, 0)
      socket.destroy()
    } else {
      const refusal = request.refusalOf(error)
      request.end(error, refusal.status)
      send(socket, refusal)
    }
  }
}

function send(socket: Socket, { status, headers, body }: Refusal): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((each) => `${name}: ${each}`))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...lines,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  const linger = setTimeout(() => socket.destroy(), lingerTime).unref()
  socket.once('close', () => clearTimeout(linger))
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
