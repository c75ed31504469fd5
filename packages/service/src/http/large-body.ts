/**
 * Calls that open a licence may be large. A large body must say its size and waits for room before it is received; one
 * that does not say its size has that of other calls.
 */
import { pipeline, Transform, type TransformCallback } from 'node:stream'
import type { onRequestHookHandler, preParsingHookHandler } from 'fastify'
import { RightsError } from '@sealward/xrml'
import type { Admission } from './admission.ts'
import type { HttpLimits } from './limits.ts'

export interface LargeBodyRoute {
  readonly bodyLimit: number
  readonly onRequest: onRequestHookHandler
  readonly preParsing: preParsingHookHandler
}

/** @param bodyLimit bytes */
export function largeBodyRoute(
  admission: Admission,
  limits: Pick<HttpLimits, 'bodyBytes'>,
  bodyLimit: number,
): LargeBodyRoute {
  return {
    bodyLimit,
    onRequest(request, reply, done) {
      if (Number(request.headers['content-length'] ?? 0) > limits.bodyBytes) {
        const received = admission.receive(request.ip)
        // Only one of the two comes when the connection breaks, or when there is none.
        let over = false
        const end = (): void => {
          if (!over) received()
          over = true
        }
        reply.raw.once('finish', end).once('close', end)
      }
      done()
    },
    preParsing(request, _reply, payload, done) {
      if (request.headers['transfer-encoding'] === undefined) done(null, payload)
      else
        done(
          null,
          pipeline(payload, atMost(limits.bodyBytes), () => undefined),
        )
    },
  }
}

function atMost(bytes: number): Transform {
  let received = 0
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done: TransformCallback) {
      received += chunk.length
      if (received > bytes) done(new RightsError('request-too-large'))
      else done(null, chunk)
    },
  })
}
