/**
 * Extensions of this product: `POST /sealward/v1/revocations`, with which the publisher of a document takes it back, and
 * `GET /sealward/v1/revocation-lists/:key`, the list that licences name, for everybody.
 */
import { RightsError } from '@sealward/xrml'
import { z } from 'zod'
import type { Caller, CoreContext, RequestInfo } from '../core/ports.ts'
import { revokeContent } from '../core/revoke-content.ts'
import { jsonBody } from './rest/json-body.ts'

const revocation = z.strictObject({
  license: z.string().describe('Publishing licence and what stands behind it, as in the file'),
  undo: z.boolean().default(false).describe('Take the revocation back'),
})

export interface RevocationRequest {
  readonly body: Uint8Array
  readonly contentType: string | undefined
  readonly caller: Caller | undefined
  readonly info: RequestInfo
}

/** @throws RightsError `unauthenticated`, `rest-message-invalid`, and those of revokeContent */
export async function answerRevocation(context: CoreContext, request: RevocationRequest): Promise<string> {
  const { caller, info } = request
  if (caller === undefined) throw new RightsError('unauthenticated')
  const { license: serialized, undo } = readRevocation(
    jsonBody(request.body, request.contentType, context.cluster.limits.jsonDepth),
  )
  const { contentId, horizon } = await revokeContent(context, { info, caller, serialized, undo })
  return JSON.stringify({ contentId, lastUse: horizon.lastUse?.toISOString() ?? null, from: horizon.from })
}

function readRevocation(text: string): z.output<typeof revocation> {
  try {
    return revocation.parse(JSON.parse(text))
  } catch (cause) {
    throw new RightsError('rest-message-invalid', { cause })
  }
}
