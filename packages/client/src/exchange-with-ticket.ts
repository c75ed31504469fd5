/**
 * An HTTP exchange that is signed in with a Kerberos ticket (RFC 4559), by the program curl: Node.js has no Kerberos. The
 * ticket stays with Kerberos; curl is told on its command line what everybody may read, and gets the body on its input.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates } from 'node:tls'
import { RightsError } from '@sealward/xrml'

export interface TicketRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface TicketAnswer {
  readonly status: number
  /** A header by its lower-case name. */
  header(name: string): string | undefined
  readonly body: Uint8Array
}

export interface ExchangeLimits {
  readonly timeoutMilliseconds: number
  readonly answerBytesMost: number
}

/** NTLM has a file of passwords behind another variable: without it SPNEGO offers nothing but Kerberos. */
const variables = ['PATH', 'HOME', 'KRB5_CONFIG', 'KRB5CCNAME', 'KRB5_CLIENT_KTNAME'] as const
/** Ways in which curl says that it was made without Kerberos: not built in, or an option that it does not know. */
const withoutKerberos = [2, 4]

/**
 * @param request to a host that is allowed, over TLS or on this machine
 * @throws RightsError `ticket-missing` before anything is sent, `ticket-sign-in-unavailable`, `service-unreachable`,
 * `service-answer-refused`
 */
export async function exchangeWithTicket(request: TicketRequest, limits: ExchangeLimits): Promise<TicketAnswer> {
  await requireTicket()
  const folder = await mkdtemp(join(tmpdir(), 'sealward-call-'))
  try {
    const [authorities, head] = [join(folder, 'authorities.pem'), join(folder, 'head')]
    // Those that this program believes, and no others.
    await writeFile(authorities, getCACertificates('default').join('\n'), { mode: 0o600 })
    const fields = Object.entries({ ...request.headers, expect: '' })
    const args = [
      // No file of options of the user's.
      '--disable',
      '--silent',
      '--noproxy',
      '*',
      '--negotiate',
      '--user',
      ':',
      '--tlsv1.2',
      '--cacert',
      authorities,
      '--max-time',
      String(Math.ceil(limits.timeoutMilliseconds / 1000)),
      '--dump-header',
      head,
      '--request',
      request.method,
      ...fields.flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
      ...(request.body === undefined ? [] : ['--data-binary', '@-']),
      '--url',
      request.url,
    ]
    const body = await ask('curl', args, request.body ?? '', limits)
    return { ...readHead(await readFile(head, 'latin1')), body }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Whether this program's user has a Kerberos ticket that is valid; nothing is asked of anybody else.
 *
 * ```ts
 * await requireTicket()
 * ```
 * @throws RightsError `ticket-missing`, `ticket-sign-in-unavailable`
 */
export async function requireTicket(): Promise<void> {
  try {
    await ask('klist', ['-s'], '', { timeoutMilliseconds: 10_000, answerBytesMost: 1_000 })
  } catch (error) {
    if (error instanceof RightsError && error.code === 'ticket-sign-in-unavailable') throw error
    throw new RightsError('ticket-missing')
  }
}

/** Standard output of a program that ends with success. */
function ask(
  program: string,
  args: readonly string[],
  input: string,
  { timeoutMilliseconds, answerBytesMost: maxBuffer }: ExchangeLimits,
): Promise<Uint8Array> {
  const env = Object.fromEntries(variables.flatMap((name) => [[name, process.env[name]] as const].filter(isSet)))
  // curl ends in time by itself; what does not is ended.
  const timeout = timeoutMilliseconds + 5_000
  const options = { env, encoding: 'buffer', maxBuffer, timeout, killSignal: 'SIGKILL' } as const
  return new Promise((resolve, reject) => {
    const child = execFile(program, [...args], options, (error, stdout) => {
      if (error === null) resolve(stdout)
      else reject(failure(program, error.code))
    })
    // It may have ended before it read everything.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}

function isSet(pair: readonly [string, string | undefined]): pair is readonly [string, string] {
  return pair[1] !== undefined
}

function failure(program: string, code: unknown): RightsError {
  if (code === 'ENOENT') return new RightsError('ticket-sign-in-unavailable', { detail: `${program} is not installed` })
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') {
    return new RightsError('service-answer-refused', { detail: 'its answer is too long' })
  }
  if (withoutKerberos.some((known) => known === code)) {
    return new RightsError('ticket-sign-in-unavailable', { detail: 'curl was made without Kerberos' })
  }
  const detail = typeof code === 'number' ? `${program} ends with ${code}` : 'no answer in time'
  return new RightsError('service-unreachable', { detail })
}

/** The last head counts: a sign-in may take more than one request. */
function readHead(text: string): Pick<TicketAnswer, 'status' | 'header'> {
  const [line = '', ...fields] = (text.trimEnd().split('\r\n\r\n').at(-1) ?? '').split('\r\n')
  const status = Number(/^HTTP\/[\d.]+ (\d{3})(?: |$)/.exec(line)?.[1])
  if (Number.isNaN(status)) throw new RightsError('service-answer-refused', { detail: 'no answer of HTTP' })
  const values = new Map(
    fields.map((field) => {
      const at = field.indexOf(':')
      return [field.slice(0, at).toLowerCase(), field.slice(at + 1).trim()] as const
    }),
  )
  return { status, header: (name) => values.get(name) }
}
