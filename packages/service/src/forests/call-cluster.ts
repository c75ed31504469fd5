/**
 * A SOAP call to another cluster: to the address of the configuration only, signed in with Basic over TLS, bounded in time
 * and size, without redirects (threat N1). Every call has a connection of its own and is sent once: to send it again would
 * be to ask again.
 */
import { readFile } from 'node:fs/promises'
import { request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import {
  readSoapAnswer,
  writeSoapCall,
  type SoapOperationName,
  type SoapRequestOf,
  type SoapResponseOf,
} from '@sealward/protocol'
import { isRightsError, RightsError } from '@sealward/xrml'

export interface ClusterAccess {
  /** Mail address of an account there. */
  readonly account: string
  /** Absolute, as all paths here. */
  readonly passwordFile: string
  readonly caFile?: string | undefined
}

export interface ClusterCall<Name extends SoapOperationName> {
  readonly url: string
  readonly operation: Name
  readonly request: SoapRequestOf<Name>
  readonly headers?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Of the answer. */
  readonly bytesMost: number
}

/** @throws RightsError `forest-unavailable`, whatever the network, the cluster or its fault says */
export async function callCluster<Name extends SoapOperationName>(
  access: ClusterAccess,
  { url, operation, request, headers, signal, bytesMost }: ClusterCall<Name>,
): Promise<SoapResponseOf<Name>> {
  const call = writeSoapCall(operation, request)
  const { status, body } = await send(url, {
    body: call.body,
    signal,
    bytesMost,
    headers: {
      ...headers,
      'content-type': call.headers.contentType,
      ...(call.headers.soapAction === undefined ? {} : { soapaction: call.headers.soapAction }),
      authorization: await basicAuthorization(access),
    },
    ...(access.caFile === undefined ? {} : { ca: await readText(access.caFile) }),
  })
  if (status !== 200 && status !== 500) throw noAnswer(`it answers with status ${status}`)
  const answer = read(operation, body)
  if (answer.kind === 'fault') throw noAnswer(`it refuses: ${answer.fault.name.slice(0, 100)}`)
  return answer.response
}

function read<Name extends SoapOperationName>(operation: Name, body: Uint8Array) {
  try {
    return readSoapAnswer(operation, body)
  } catch (cause) {
    if (isRightsError(cause)) throw noAnswer('what it answers is no answer to the call', cause)
    throw cause
  }
}

interface Sent {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly bytesMost: number
  readonly ca?: string
}

function send(
  url: string,
  { body, headers, signal, bytesMost, ca }: Sent,
): Promise<{ readonly status: number; readonly body: Uint8Array }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly status: number; readonly body: Uint8Array }>()
  const fail = (cause: unknown): void => reject(noAnswer(reasonOf(cause, signal), cause))
  const secure = new URL(url).protocol === 'https:'
  const length = String(Buffer.byteLength(body))
  const options = { method: 'POST', agent: false, signal, headers: { ...headers, 'content-length': length } } as const
  const sent = secure
    ? requestTls(url, { ...options, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) })
    : requestPlain(url, options)
  sent.on('error', fail)
  sent.on('response', (answer) => {
    const parts: Buffer[] = []
    let size = 0
    answer.on('error', fail)
    answer.on('data', (part: Buffer) => {
      size += part.length
      if (size > bytesMost) sent.destroy(new Error('its answer is too long'))
      else parts.push(part)
    })
    answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts) }))
  })
  sent.end(body)
  return promise
}

function reasonOf(cause: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'no answer in time'
  return cause instanceof Error ? cause.message.slice(0, 200) : 'no connection'
}

/** Asked for at every call, so that the password may change. */
async function basicAuthorization({ account, passwordFile }: ClusterAccess): Promise<string> {
  const [password = ''] = (await readText(passwordFile)).split(/\r?\n/, 1)
  if (password === '') throw noAnswer(`${passwordFile} has no password`)
  return `Basic ${Buffer.from(`${account}:${password}`, 'utf8').toString('base64')}`
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw noAnswer(`${file} cannot be read`, cause)
  }
}

function noAnswer(detail: string, cause?: unknown): RightsError {
  return new RightsError('forest-unavailable', { detail, cause })
}
