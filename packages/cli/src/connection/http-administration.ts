/** The administration of a service that listens, over HTTP on the same machine, or through a tunnel to it. */
import { isLoopbackHost } from '@sealward/protocol'
import { adminOperations, type AdminOperation } from '@sealward/service'
import { errorCatalogue, RightsError, type ErrorCode } from '@sealward/xrml'
import { actor } from '../data/actor.ts'
import type { Administration } from './administration.ts'

interface AnyCall {
  readonly parameters?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: unknown
}

/** Activating a key issues all templates again; that takes its time. */
const patience = 10 * 60_000
const answerMost = 256 * 1024 * 1024

/** @throws RightsError `service-url-refused` */
export function httpAdministration(url: string, token: string): Administration {
  const base = baseOf(url)
  const call = async (name: keyof typeof adminOperations, input: AnyCall = {}): Promise<unknown> => {
    const operation: AdminOperation = adminOperations[name]
    const response = await send(base, token, operation, input)
    const text = await readText(response)
    if (!response.ok) throw refusal(response.status, text)
    if (operation.answer === undefined) return text
    const read = operation.answer.safeParse(parsed(text))
    if (!read.success)
      throw new RightsError('service-answer-refused', { detail: `${name}: ${read.error.issues[0]?.path.join('.')}` })
    return read.data
  }
  // The table types what goes in and what comes out; here both have just been checked with it.
  return { where: base.origin, call: call as Administration['call'] }
}

/** The token opens everything, so it crosses no network in the clear. */
function baseOf(url: string): URL {
  const parsedUrl = URL.canParse(url) ? new URL(url) : undefined
  if (parsedUrl === undefined) throw new RightsError('service-url-refused', { detail: 'not an address' })
  const { protocol, hostname, username, search } = parsedUrl
  const safe = protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname))
  if (!safe || username !== '' || search !== '')
    throw new RightsError('service-url-refused', { detail: parsedUrl.host })
  return new URL(parsedUrl.origin)
}

async function send(base: URL, token: string, operation: AdminOperation, call: AnyCall): Promise<Response> {
  const body = call.body === undefined && operation.method === 'POST' ? {} : call.body
  try {
    return await fetch(targetOf(base, operation, call), {
      method: operation.method,
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
      headers: {
        authorization: `Bearer ${token}`,
        'x-sealward-actor': encodeURIComponent(actor()),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  } catch (cause) {
    throw new RightsError('service-unreachable', { detail: base.origin, cause })
  }
}

function targetOf(base: URL, { path }: AdminOperation, { parameters = {}, query = {} }: AnyCall): URL {
  const target = new URL(
    `/admin/v1${path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ''))}`,
    base,
  )
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) target.searchParams.set(name, String(value))
  return target
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += part.byteLength
      if (size > answerMost) throw new RightsError('service-answer-refused', { detail: 'too large' })
      parts.push(part)
    }
  } catch (cause) {
    if (cause instanceof RightsError) throw cause
    throw new RightsError('service-unreachable', { detail: 'the answer was cut off', cause })
  }
  return Buffer.concat(parts).toString('utf8')
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch (cause) {
    throw new RightsError('service-answer-refused', { detail: 'not JSON', cause })
  }
}

/** The code of the service where it is one of ours; words of others are not repeated. */
function refusal(status: number, text: string): RightsError {
  const { error } = (parsed(text) ?? {}) as { readonly error?: { readonly code?: unknown; readonly detail?: unknown } }
  if (typeof error?.code !== 'string' || !isCode(error.code)) {
    return new RightsError('service-refused', { detail: `status ${status}` })
  }
  return new RightsError(error.code, typeof error.detail === 'string' ? { detail: error.detail } : {})
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code)
}
