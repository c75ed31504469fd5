/**
 * HTTP as this client speaks it: bounded in time and size, without redirects, and only to hosts that are allowed.
 * Credentials are asked for after that check, so a forged address never even brings up the question (threats D7, N1).
 */
import { setTimeout } from 'node:timers/promises'
import { isLoopbackHost } from '@sealward/protocol'
import { type Awaitable, RightsError } from '@sealward/xrml'
import { certificateRequests, type ClientCertificate } from './certificate-request.ts'
import { exchangeWithTicket, type ExchangeLimits } from './exchange-with-ticket.ts'
import type { Received, Sent } from './sent-request.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Gives the Authorization header; called only for an allowed host. */
  readonly authorization?: () => Awaitable<string>
  /** Signs in with the Kerberos ticket of whoever runs this program, instead. */
  readonly ticket?: true
}

export interface HttpAnswer {
  readonly status: number
  /** A header by its lower-case name. */
  header(name: string): string | undefined
  readonly body: Uint8Array
}

export interface Transport {
  /** @throws RightsError `service-host-not-allowed`, `service-url-refused`, `service-unreachable`, `service-answer-refused`;
   * with a ticket `ticket-missing`, `ticket-sign-in-unavailable` */
  send(request: HttpRequest): Promise<HttpAnswer>
}

export interface TransportOptions {
  /** `host` or `host:port`, as in a URL: without port the scheme's own. */
  readonly allowedHosts: readonly string[]
  /** For a whole exchange; default 30 seconds. */
  readonly timeoutMilliseconds?: number
  /** Bytes of one answer; default 16 MiB. */
  readonly answerBytesMost?: number
  /** Shown to these hosts over https, and to no other. */
  readonly certificate?: ClientCertificate & { readonly hosts: ReadonlySet<string> }
}

/**
 * ```ts
 * const transport = createTransport({ allowedHosts: ['rights.lakeside.example'] })
 * const answer = await transport.send({ method: 'GET', url: 'https://rights.lakeside.example/_wmcs/licensing/license.asmx' })
 * ```
 */
export function createTransport(options: TransportOptions): Transport {
  const allowed = new Set(options.allowedHosts.map((host) => host.toLowerCase()))
  const { timeoutMilliseconds = 30_000, answerBytesMost = 16 * 1024 * 1024, certificate } = options
  const showing = certificate === undefined ? undefined : certificateRequests(certificate)
  const senderTo = (url: URL): typeof fetched =>
    showing !== undefined && url.protocol === 'https:' && certificate?.hosts.has(url.host) === true ? showing : fetched
  return {
    async send(request) {
      requireAllowed(request.url, allowed)
      const signal = AbortSignal.timeout(timeoutMilliseconds)
      const until = performance.now() + timeoutMilliseconds
      const send = senderTo(new URL(request.url))
      for (let turn = 1; ; turn++) {
        const left = Math.max(1, Math.ceil(until - performance.now()))
        const answer =
          request.ticket === true
            ? await sendWithTicket(request, { timeoutMilliseconds: left, answerBytesMost })
            : await sendOnce(request, { send, signal, answerBytesMost })
        const wait = turn < turnsMost ? waitAskedFor(answer) : undefined
        if (wait === undefined) return answer
        await pause(wait, signal)
      }
    },
  }
}

/** For a client that has found no service: whatever would be sent ends in a refusal. */
export function offlineTransport(): Transport {
  return { send: () => Promise.reject(new RightsError('service-not-discovered', { detail: 'nothing was sent' })) }
}

async function sendWithTicket(request: HttpRequest, limits: ExchangeLimits): Promise<HttpAnswer> {
  const answer = await exchangeWithTicket(request, limits)
  requireNoRedirect(answer.status)
  return answer
}

/** Credentials are asked for each time: some count once. */
async function sendOnce(
  { url, method, body: written, authorization, ...request }: HttpRequest,
  by: { readonly send: typeof fetched; readonly signal: AbortSignal; readonly answerBytesMost: number },
): Promise<HttpAnswer> {
  const headers: Record<string, string> = { ...request.headers }
  if (authorization !== undefined) headers['authorization'] = await authorization()
  const sent = { url, method, headers, signal: by.signal, ...(written === undefined ? {} : { body: written }) }
  const answer = await exchange(by.send, sent)
  requireNoRedirect(answer.status)
  const body = await readBounded(answer, by.answerBytesMost, by.signal)
  return { status: answer.status, header: (name) => answer.header(name), body }
}

const turnsMost = 5
const waitMost = 2

/**
 * A service that has too much to do, or hears too much from one person, says when to come again (RFC 9110 10.2.3): soon
 * enough to wait for it, else it is the answer.
 * @returns seconds
 */
function waitAskedFor(answer: HttpAnswer): number | undefined {
  if (answer.status !== 429 && answer.status !== 503) return undefined
  const seconds = Number(answer.header('retry-after') ?? Number.NaN)
  return seconds >= 0 && seconds <= waitMost ? seconds : undefined
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(seconds * 1_000, undefined, { signal })
  } catch (cause) {
    throw unreachable(signal.reason ?? cause)
  }
}

const closedCodes: readonly unknown[] = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']

/**
 * A server may close a connection that waits for its next request in the very moment in which the request is sent (RFC 9112
 * 9.3.1). It is then sent once more over a new one: whatever is asked here may be asked again, and is answered anew.
 */
async function exchange(send: typeof fetched, sent: Sent): Promise<Received> {
  try {
    return await send(sent)
  } catch (error) {
    if (!wasClosed(error)) throw unreachable(error)
  }
  try {
    return await send(sent)
  } catch (cause) {
    throw unreachable(cause)
  }
}

async function fetched({ url, ...sent }: Sent): Promise<Received> {
  const { status, headers, body } = await fetch(url, { ...sent, redirect: 'manual' })
  return { status, header: (name) => headers.get(name) ?? undefined, body }
}

function wasClosed(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && closedCodes.includes(cause.code)
}

function requireNoRedirect(status: number): void {
  if (status !== 0 && (status < 300 || status >= 400)) return
  throw new RightsError('service-answer-refused', { detail: 'it points to another address' })
}

function requireAllowed(text: string, allowed: ReadonlySet<string>): void {
  if (!URL.canParse(text)) throw new RightsError('service-url-refused', { detail: 'not a URL' })
  const url = new URL(text)
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))
  if (!secure || url.username !== '' || url.password !== '') {
    throw new RightsError('service-url-refused', { detail: url.origin })
  }
  if (!allowed.has(url.host)) throw new RightsError('service-host-not-allowed', { detail: url.host })
}

async function readBounded({ body: stream }: Received, most: number, signal: AbortSignal): Promise<Uint8Array> {
  if (stream === null) return new Uint8Array(0)
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    for await (const piece of stream) {
      size += piece.length
      if (size > most) throw new RightsError('service-answer-refused', { detail: `more than ${most} bytes` })
      pieces.push(piece)
    }
  } catch (error) {
    throw error instanceof RightsError ? error : unreachable(signal.aborted ? signal.reason : error)
  }
  return Buffer.concat(pieces)
}

function unreachable(cause: unknown): RightsError {
  const timedOut = cause instanceof Error && cause.name === 'TimeoutError'
  return new RightsError('service-unreachable', { ...(timedOut && { detail: 'no answer in time' }), cause })
}
