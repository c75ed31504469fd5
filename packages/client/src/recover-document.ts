/**
 * The content key of a document from a decommissioned cluster (MS-RMSI 3.2.4.1), for those whom its administrator has
 * listed. Such a cluster certifies nobody and says nothing about itself, so neither certificates nor discovery take part.
 */
import { decommissionUrl } from '@sealward/protocol'
import { owner as ownerRight, readContentKey, RightsError, type ContentKey } from '@sealward/xrml'
import type { Client } from './client.ts'
import type { DocumentLicense, LicensedContent } from './document-license.ts'
import { askInTurn } from './license-addresses.ts'
import { allowedAddresses } from './license-server.ts'
import { describePublished, readPublishedLicense } from './published-license.ts'
import { callSoap } from './soap-door.ts'

/**
 * ```ts
 * const { cipher } = await recoverDocument(client, openProtected(source))
 * ```
 * @returns what an owner would get; no policy was asked
 * @throws RightsError `cluster-not-decommissioned`, `endpoint-closed`, `no-matching-key`, `licensing-url-invalid`,
 * those of transport and `readPublishedLicense`, `service-answer-refused` for an answer without a usable key
 */
export async function recoverDocument(client: Client, content: LicensedContent): Promise<DocumentLicense> {
  const published = readPublishedLicense(content.licenseText)
  const [named = client.service.licensing] = published.licensingUrls
  const allowed = allowedAddresses(client, published.licensingUrls)
  const answer = await askInTurn(allowed.length > 0 ? allowed : [client.redirection.resolve(named)], (url) =>
    callSoap(client, decommissionUrl(url), 'AcquireContentKey', { issuanceLicense: published.signed }),
  )
  const { mode, key } = readAnsweredKey(answer.contentKey)
  return {
    cipher: { mode, key },
    rights: [ownerRight],
    expiresAt: undefined,
    from: 'service',
    ...describePublished(published),
  }
}

/** Only the KeyHeader before the key says how content was encrypted, and a guess could write rubbish for a document. */
function readAnsweredKey(bytes: Uint8Array): ContentKey {
  try {
    return readContentKey(bytes)
  } catch (cause) {
    throw new RightsError('service-answer-refused', { detail: 'no content key with its header', cause })
  }
}
