/**
 * The first client: the `soap` package of npm, which generates its messages from service descriptions. Of ours it has
 * nothing: credentials are added to its requests, and answers are read as text.
 */
import { createClientAsync, type Client, type IHttpClient } from 'soap'
import { join } from 'node:path'
import { clusterUrl } from '@sealward/protocol'
import { endpointOf } from './endpoints.ts'
import type { Account } from './tester.ts'

export type SoapVersion = '1.1' | '1.2'

export interface Call {
  readonly operation: string
  readonly parameters: object
  /** Text of the header element; none if absent. */
  readonly versionData?: string | undefined
  readonly caller?: Account | undefined
  readonly soap: SoapVersion
}

export interface Answer {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

export type Caller = (call: Call) => Promise<Answer>

/** How long a server may take for one call, in milliseconds. */
const patience = 60_000

/**
 * @param descriptions a folder with the printed descriptions; without it each endpoint is asked for its own (`?wsdl`)
 * @returns what calls one server
 */
export function generatedClient(url: string, descriptions?: string): Caller {
  const base = clusterUrl(url)
  const clients = new Map<string, Promise<Client>>()
  const exchange: Exchange = { answers: [] }
  const httpClient = { request: requestThrough(exchange) }

  const clientOf = (operation: string, soap: SoapVersion): Promise<Client> => {
    const { path, printed } = endpointOf(operation)
    const description = descriptions === undefined ? `${base}/${path}?wsdl` : join(descriptions, printed)
    const name = `${soap} ${path} ${description}`
    const known = clients.get(name)
    if (known !== undefined) return known
    const created = createClientAsync(description, {
      httpClient,
      endpoint: `${base}/${path}`,
      forceSoap12Headers: soap === '1.2',
      // A cached description remembers the version of SOAP of the first client.
      disableCache: true,
    })
    clients.set(name, created)
    return created
  }

  return async ({ operation, parameters, versionData, caller, soap }) => {
    const client = await clientOf(operation, soap)
    client.clearSoapHeaders()
    if (versionData !== undefined) client.addSoapHeader(versionData)
    const method = (client as unknown as Record<string, (parameters: object) => Promise<unknown>>)[`${operation}Async`]
    if (method === undefined) throw new Error(`the service description has no ${operation}`)
    exchange.caller = caller
    exchange.answers = []
    try {
      await method(parameters)
    } catch (error) {
      // A fault, which is an answer; anything else that went wrong left none.
      if (exchange.answers.length === 0) throw error
    }
    const [answer] = exchange.answers
    if (answer === undefined) throw new Error('the client sent nothing')
    return answer
  }
}

/** What goes in and out beside the client's own arguments. */
interface Exchange {
  caller?: Account | undefined
  answers: readonly Answer[]
}

function requestThrough(exchange: Exchange): IHttpClient['request'] {
  return async (url, data: unknown, callback, headers) => {
    const isCall = typeof data === 'string' && data !== ''
    const response = await fetch(url, {
      method: isCall ? 'POST' : 'GET',
      ...(isCall ? { body: data } : {}),
      headers: { ...(headers as Record<string, string>), ...(isCall ? authorizationOf(exchange.caller) : {}) },
      signal: AbortSignal.timeout(patience),
    })
    const text = await response.text()
    if (isCall) {
      exchange.answers = [{ status: response.status, contentType: response.headers.get('content-type') ?? '', text }]
    }
    callback(null, { status: response.status, statusCode: response.status, headers: {} }, text)
    return {} as Awaited<ReturnType<IHttpClient['request']>>
  }
}

const envelopes = {
  '1.1': { namespace: 'http://schemas.xmlsoap.org/soap/envelope/', media: 'text/xml; charset=utf-8' },
  '1.2': { namespace: 'http://www.w3.org/2003/05/soap-envelope', media: 'application/soap+xml; charset=utf-8' },
} as const

/** A message that no generated client can write. @param body content of its body, as markup */
export async function callByHand(
  address: string,
  { body, soap, caller }: { readonly body: string; readonly soap: SoapVersion; readonly caller: Account | undefined },
): Promise<Answer> {
  const { namespace, media } = envelopes[soap]
  const response = await fetch(address, {
    method: 'POST',
    body: `<s:Envelope xmlns:s="${namespace}"><s:Body>${body}</s:Body></s:Envelope>`,
    headers: { 'content-type': media, ...authorizationOf(caller) },
    signal: AbortSignal.timeout(patience),
  })
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    text: await response.text(),
  }
}

export function authorizationOf(caller: Account | undefined): Record<string, string> {
  if (caller === undefined) return {}
  return { authorization: `Basic ${Buffer.from(`${caller.address}:${caller.password}`).toString('base64')}` }
}
