/** Where an identity provider publishes its keys: its discovery document (OpenID Connect Discovery 4) or their own address. */
import type { JSONWebKeySet } from 'jose'
import { z } from 'zod'
import { fetchDocument, unavailable, type DocumentSource } from './fetch-document.ts'

/** AD FS signs access tokens under another name than the one of its discovery document, and says so. */
const discoveryDocument = z.object({
  issuer: z.string(),
  access_token_issuer: z.string().optional(),
  jwks_uri: z.string(),
})

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })

/**
 * @param issuer the `iss` of its tokens
 * @throws RightsError `identity-provider-unavailable`, also for a document of another issuer or one that names another host
 */
export async function discoverKeys(url: string, issuer: string, source: DocumentSource): Promise<JSONWebKeySet> {
  const { data: document } = discoveryDocument.safeParse(await fetchDocument(url, source))
  if (document === undefined) throw unavailable('no discovery document')
  if (document.issuer !== issuer && document.access_token_issuer !== issuer) throw unavailable('of another issuer')
  return fetchKeys(document.jwks_uri, source)
}

/** @throws RightsError `identity-provider-unavailable` */
export async function fetchKeys(url: string, source: DocumentSource): Promise<JSONWebKeySet> {
  const { data: keys } = keySet.safeParse(await fetchDocument(url, source))
  if (keys === undefined) throw unavailable('no key set')
  return keys
}
