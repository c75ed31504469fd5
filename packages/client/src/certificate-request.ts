/** HTTPS requests that show a certificate of this machine, which `fetch` of Node.js cannot. */
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import type { Received, Sent } from './sent-request.ts'

/** PEM texts, the certificate first of its chain. */
export interface ClientCertificate {
  readonly certificate: string
  readonly key: string
}

/** @returns sends a request over connections of its own; throws an error whose cause is what the network says */
export function certificateRequests({ certificate, key }: ClientCertificate): (sent: Sent) => Promise<Received> {
  const agent = new Agent({ keepAlive: true, cert: certificate, key, minVersion: 'TLSv1.2' })
  return async ({ url, method, headers, body, signal }) => {
    try {
      const outgoing = request(url, { method, headers, agent, signal })
      // What happens after the answer has begun is told by its body.
      outgoing.on('error', () => undefined)
      outgoing.end(body)
      const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
      return {
        status: answer.statusCode ?? 0,
        header: (name) => [answer.headers[name]].flat().join(', ') || undefined,
        body: answer,
      }
    } catch (cause) {
      if (signal.aborted) throw signal.reason
      throw new Error('the request has failed', { cause })
    }
  }
}
