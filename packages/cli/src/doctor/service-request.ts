/** One question to a service over HTTP, without credentials, bounded in time and size, and never led elsewhere. */
import { request as requestPlain, type IncomingMessage } from 'node:http'
import { request as requestSecure } from 'node:https'
import { rootCertificates } from 'node:tls'
import { RightsError } from '@sealward/xrml'

export interface ServiceAnswer {
  readonly status: number
  /** What its clock says, to the second. */
  readonly date: Date | undefined
  readonly body: string
}

const answerMost = 1_048_576
export const answerTimeout = 5_000

/**
 * @param authority certificates that vouch for the service besides those that this machine trusts, PEM
 * @throws RightsError `service-unreachable`, `service-answer-refused`
 */
export async function askService(url: string, authority?: string): Promise<ServiceAnswer> {
  const secure = new URL(url).protocol === 'https:'
  const signal = AbortSignal.timeout(answerTimeout)
  try {
    const answer = await new Promise<IncomingMessage>((settle, reject) => {
      const options = { agent: false, signal, ...authorityOptions(authority) }
      const asked = secure ? requestSecure(url, options, settle) : requestPlain(url, { agent: false, signal }, settle)
      asked.on('error', reject).end()
    })
    return { status: answer.statusCode ?? 0, date: dateOf(answer), body: await bodyOf(answer) }
  } catch (cause) {
    if (cause instanceof RightsError) throw cause
    const said = signal.aborted ? 'no answer in time' : cause instanceof Error ? cause.message : ''
    throw new RightsError('service-unreachable', { detail: `${new URL(url).host}: ${said}`.slice(0, 200), cause })
  }
}

export function authorityOptions(authority: string | undefined): { readonly ca?: string[] } {
  return authority === undefined ? {} : { ca: [...rootCertificates, authority] }
}

async function bodyOf(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.length
    if (size > answerMost) throw new RightsError('service-answer-refused', { detail: `more than ${answerMost} bytes` })
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function dateOf({ headers }: IncomingMessage): Date | undefined {
  const time = Date.parse(headers.date ?? '')
  return Number.isNaN(time) ? undefined : new Date(time)
}
