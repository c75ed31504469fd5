/** Taking one's own document back: an extension of this product's services, for whoever published the document. */
import { decodeText, RightsError } from '@sealward/xrml'
import { callCredentials } from './call-credentials.ts'
import type { Connection } from './connection.ts'
import { refusalOf } from './refusals.ts'

export interface RevokedDocument {
  /** Lower case, without braces. */
  readonly contentId: string
  /** When the last copy can be opened that does not ask the service; undefined for ever. */
  readonly lastUse: Date | undefined
}

/**
 * @param licenseText of the protected file
 * @param undo gives the document free again
 * @throws RightsError `owner-not-publisher` for everybody but the publisher, `account-excluded`, `no-matching-key`, and
 * those of the transport
 */
export async function revokeDocument(
  connection: Connection,
  licenseText: string,
  undo = false,
): Promise<RevokedDocument> {
  const answer = await connection.transport.send({
    method: 'POST',
    url: `${connection.service.url}/sealward/v1/revocations`,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ license: licenseText, undo }),
    ...callCredentials(connection),
  })
  if (answer.status !== 200) throw refusalOf(answer)
  return readAnswer(decodeText(answer.body))
}

function readAnswer(text: string): RevokedDocument {
  try {
    const { contentId, lastUse } = JSON.parse(text) as Record<string, unknown>
    const time = typeof lastUse === 'string' ? new Date(lastUse) : undefined
    if (typeof contentId === 'string' && (lastUse === null || (time !== undefined && !Number.isNaN(time.getTime())))) {
      return { contentId, lastUse: time }
    }
  } catch (cause) {
    throw new RightsError('service-answer-refused', { detail: 'not JSON', cause })
  }
  throw new RightsError('service-answer-refused', { detail: 'no answer about a revocation' })
}
