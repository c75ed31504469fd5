/**
 * Licences that clients made offline in JSON: signed with the key of a certificate that this service issued, and opened
 * with the same key, which it kept. What the licence says of people and rights is the word of its publisher.
 */
import { parseOfflinePolicy, verifySignedJson, type JsonLicense, type OfflinePolicy } from '@sealward/protocol'
import { RightsError, softwareKeyHandle, writeContentKey, type ContentKey } from '@sealward/xrml'
import { knownAddress } from '../address.ts'
import type { Configuration, ServiceKey } from '../configuration.ts'
import type { CoreContext } from '../ports.ts'
import type { OfflineKey } from '../store.ts'
import { certificateLife } from './issue-certificate.ts'
import { isSessionKey, possibleTexts } from './session-cipher.ts'

export interface VerifiedJsonLicense {
  /** Whose certificate signed. */
  readonly publisher: OfflineKey
  /** The licensor key that signed the certificate. */
  readonly key: ServiceKey
}

/**
 * The certificate is found by its key. An end that has passed closes no document: it was protected before, and like any
 * other licence it lives as long as its content.
 * @throws RightsError `no-matching-key`, `publishing-license-signature-invalid`, `publishing-license-outside-validity`
 */
export async function verifyJsonLicense(
  context: CoreContext,
  configuration: Configuration,
  license: JsonLicense,
): Promise<VerifiedJsonLicense> {
  const { issuedTo, certificate, signed } = license
  const publisher = await context.store.offlineKeys.find(issuedTo.publicKey.fingerprint)
  const key = publisher === undefined ? undefined : configuration.keys.get(publisher.licensorKey)
  if (publisher === undefined || key === undefined || key.state === 'pending') {
    throw new RightsError('no-matching-key', { detail: `key ${issuedTo.publicKey.fingerprint}` })
  }
  const genuine =
    verifySignedJson(certificate, key.handle.publicKey) &&
    verifySignedJson(signed, issuedTo.publicKey) &&
    issuedTo.address === publisher.address
  if (!genuine) throw new RightsError('publishing-license-signature-invalid')
  requireValidity(license, publisher, context.clock.now())
  return { publisher, key }
}

/** The client repeats the times of its certificate; nothing else says when it published. */
function requireValidity({ validity }: JsonLicense, publisher: OfflineKey, now: Date): void {
  const { from, until } = validity
  const issued =
    from >= publisher.createdAt &&
    from <= now &&
    until <= publisher.validUntil &&
    until.getTime() - from.getTime() <= certificateLife &&
    from < until
  if (!issued) throw new RightsError('publishing-license-outside-validity')
}

export interface OpenedJsonLicense {
  readonly contentKey: ContentKey
  readonly policy: OfflinePolicy
}

/** The client makes no longer ones. */
const contentKeyBytes = 16

/**
 * @param reader who is slowed down after too many failures
 * @throws RightsError `publishing-license-invalid`, `json-license-invalid`, `unsealing-throttled`
 */
export async function openJsonLicense(
  context: CoreContext,
  license: JsonLicense,
  publisher: OfflineKey,
  reader: string,
): Promise<OpenedJsonLicense> {
  const now = context.clock.now()
  context.unsealFailures.check(reader, now)
  const session = await softwareKeyHandle(publisher.privateKey).decrypt('pkcs1', license.sessionKey.encrypted)
  const opened = isSessionKey(session) ? openWith(session, license) : undefined
  if (opened === undefined) {
    context.unsealFailures.failed(reader, now)
    throw new RightsError('publishing-license-invalid')
  }
  if (knownAddress(opened.policy.owner) !== publisher.address) throw new RightsError('json-license-invalid')
  if (entriesIn(opened.policy) > context.cluster.limits.rightsEntries) {
    throw new RightsError('json-license-invalid', { detail: 'too many rights entries' })
  }
  return opened
}

/** Before people are multiplied by rights. */
function entriesIn({ source }: OfflinePolicy): number {
  const listed = source.kind === 'policy' ? source.userRights : []
  return listed.reduce((total, { users, rights }) => total + users.length * rights.length, 0)
}

function openWith(session: Uint8Array, license: JsonLicense): OpenedJsonLicense | undefined {
  const { mode } = license.sessionKey
  const [key] = possibleTexts(session, { mode, encrypted: license.contentKey.encrypted })
  if (key === undefined || key.length < contentKeyBytes) return undefined
  for (const text of possibleTexts(session, { mode, encrypted: license.policy })) {
    const policy = parsePolicy(text)
    if (policy === undefined) continue
    return { contentKey: writeContentKey(license.contentKey.mode, key.subarray(0, contentKeyBytes)), policy }
  }
  return undefined
}

/** @throws RightsError `json-license-invalid` for an object that is no policy */
function parsePolicy(text: Uint8Array): OfflinePolicy | undefined {
  try {
    return parseOfflinePolicy(text)
  } catch (cause) {
    throw new RightsError('json-license-invalid', { cause })
  }
}
