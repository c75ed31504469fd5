/**
 * What makes a use licence good for one user and one document: its chain, its licensee, its content, and its times. A
 * licence made by a client counts only if the same key signed the publishing licence, else everybody who may open a
 * document could make himself its owner.
 */
import {
  orderChain,
  parseSignedXrml,
  parseUseLicense,
  RightsError,
  sameId,
  samePublicKey,
  within,
} from '@sealward/xrml'
import type { PublishingLicense, RightsEntry, UseLicense } from '@sealward/xrml'
import type { ClientIdentity } from './bootstrap.ts'
import { requireTrustedChain } from './trust.ts'

export interface HeldRights {
  /** Upper case, those that hold at the time asked for. */
  readonly rights: readonly string[]
  /** When the last of them ends; absent if never. */
  readonly expiresAt: Date | undefined
}

/**
 * @param texts the use licence and, in any order, the certificates above it
 * @throws RightsError `use-license-mismatch` and what `validateChain` throws
 */
export function requireUseLicense(
  texts: readonly string[],
  publishingLicense: PublishingLicense,
  identity: ClientIdentity,
  now: Date,
): UseLicense {
  const chain = orderChain(texts.map((text) => parseSignedXrml(text))).map((document) => document.text)
  const [document] = requireTrustedChain(chain, identity.anchors, now)
  if (document === undefined) throw new RightsError('use-license-mismatch')
  const license = parseUseLicense(document)
  if (!samePublicKey(license.licensee.publicKey, identity.accountKey.publicKey)) {
    throw new RightsError('use-license-mismatch', { detail: 'another user' })
  }
  if (!sameId(license.work.object, publishingLicense.work.object)) {
    throw new RightsError('use-license-mismatch', { detail: 'another document' })
  }
  const byServer = license.issuer.object.type === 'MS-DRM-Server'
  const signer = publishingLicense.issuer?.publicKey
  if (!byServer && (signer === undefined || !samePublicKey(license.issuer.publicKey, signer))) {
    throw new RightsError('use-license-mismatch', { detail: 'its issuer did not publish the document' })
  }
  return license
}

/** The rights whose times hold. Intervals count from the issue of the use licence. */
export function rightsHeldAt(license: UseLicense, time: Date): HeldRights {
  const held = license.rights.filter((entry) => timesHold(entry, license.issuedAt, time))
  const ends = held.map((entry) => endOf(entry, license.issuedAt))
  const last = Math.max(...ends)
  return {
    rights: [...new Set(held.map((entry) => entry.right))],
    expiresAt: Number.isFinite(last) ? new Date(last) : undefined,
  }
}

function timesHold(entry: RightsEntry, issuedAt: Date, time: Date): boolean {
  return entry.times.ranges.every((range) => within(time, range)) && time.getTime() < endOf(entry, issuedAt)
}

function endOf({ times }: RightsEntry, issuedAt: Date): number {
  return Math.min(
    Number.POSITIVE_INFINITY,
    ...times.ranges.map((range) => range.until.getTime()),
    ...times.intervals.map((interval) => issuedAt.getTime() + interval),
  )
}

/** Whether the content owner forbids keeping use licences (application data `NOLICCACHE`). */
export function forbidsKeeping(license: Pick<UseLicense, 'applicationData'>): boolean {
  return license.applicationData.some(({ name, value }) => name.toUpperCase() === 'NOLICCACHE' && value.trim() !== '0')
}
