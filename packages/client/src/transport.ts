/**
 * HTTP as this client speaks it: bounded in time and size, without redirects, and only to hosts that are allowed.
 * Credentials are asked for after that check, so a forged address never even brings up the question (threats D7, N1).
 */
import { type Awaitable, RightsError } from '@sealward/xrml'
import { exchangeWithTicket } from './exchange-with-ticket.ts'

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
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * ```ts
 * const transport = createTransport({ allowedHosts: ['rights.lakeside.example'] })
 * const answer = await transport.send({ method: 'GET', url: 'https://rights.lakeside.example/_wmcs/licensing/license.asmx' })
 * ```
 */
export function createTransport(options: TransportOptions): Transport {
  const allowed = new Set(options.allowedHosts.map((host) => host.toLowerCase()))
  const { timeoutMilliseconds = 30_000, answerBytesMost = 16 * 1024 * 1024 } = options
  return {
    async send(request) {
      requireAllowed(request.url, allowed)
      if (request.ticket === true) {
        const signedIn = await exchangeWithTicket(request, { timeoutMilliseconds, answerBytesMost })
        requireNoRedirect(signedIn.status)
        return signedIn
      }
      const headers: Record<string, string> = { ...request.headers }
      if (request.authorization !== undefined) headers['authorization'] = await request.authorization()
      const signal = AbortSignal.timeout(timeoutMilliseconds)
      const init = { method: request.method, headers, redirect: 'manual', signal } as const
      const answer = await exchange(request.url, request.body === undefined ? init : { ...init, body: request.body })
      requireNoRedirect(answer.status)
      const body = await readBounded(answer, answerBytesMost)
      return { status: answer.status, header: (name) => answer.headers.get(name) ?? undefined, body }
    },
  }
}

const closedCodes: readonly unknown[] = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']

/**
 * A server may close a connection that waits for its next request in the very moment in which the request is sent (RFC 9112
 * 9.3.1). It is then sent once more over a new one: whatever is asked here may be asked again, and is answered anew.
 */
async function exchange(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (!wasClosed(error)) throw unreachable(error)
  }
  try {
    return await fetch(url, init)
  } catch (cause) {
    throw unreachable(cause)
  }
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
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname))
  if (!secure || url.username !== '' || url.password !== '') {
    throw new RightsError('service-url-refused', { detail: url.origin })
  }
  if (!allowed.has(url.host)) throw new RightsError('service-host-not-allowed', { detail: url.host })
}

async function readBounded(answer: Response, most: number): Promise<Uint8Array> {
  if (answer.body === null) return new Uint8Array(0)
  const stream: AsyncIterable<Uint8Array> = answer.body
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    for await (const piece of stream) {
      size += piece.length
      if (size > most) throw new RightsError('service-answer-refused', { detail: `more than ${most} bytes` })
      pieces.push(piece)
    }
  } catch (error) {
    throw error instanceof RightsError ? error : unreachable(error)
  }
  return Buffer.concat(pieces)
}

function unreachable(cause: unknown): RightsError {
  const timedOut = cause instanceof Error && cause.name === 'TimeoutError'
  return new RightsError('service-unreachable', { ...(timedOut && { detail: 'no answer in time' }), cause })
}
