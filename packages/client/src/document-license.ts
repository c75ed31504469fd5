/**
 * From the licence text of a document to its content key and the user's rights: a use licence that is at hand and still
 * good, else one from the service. Container formats are not read here, so that a program that must not parse untrusted
 * files in the process that holds keys can leave that to another one (threat F8).
 */
import { licenseOfFile, parseEndUserLicenseResponse, parseFaultString } from '@sealward/protocol'
import { writeEndUserLicenseRequest } from '@sealward/protocol'
import type { ContentCipher, ProtectedFile } from '@sealward/formats'
import { canonicalGuid, holds, isRightsError, openUseLicense, RightsError, type UseLicense } from '@sealward/xrml'
import type { ClientIdentity } from './bootstrap.ts'
import type { Client } from './client.ts'
import { askLicenseServers } from './license-addresses.ts'
import { restServerFor } from './license-server.ts'
import { describePublished, readPublishedLicense, type PublishedLicense } from './published-license.ts'
import { faultError } from './refusals.ts'
import { callRest, discoverServices } from './rest-door.ts'
import { concernsLicenseAlone, refusalByEntry, revocationOf } from './revocation-check.ts'
import { callSoap } from './soap-door.ts'
import { forbidsKeeping, requireUseLicense, rightsHeldAt } from './use-license-check.ts'

/** What a container says about its licence: an opened file will do. */
export type LicensedContent = Pick<ProtectedFile, 'format' | 'licenseText' | 'licenseBytes'> &
  Partial<Pick<ProtectedFile, 'useLicenses'>>

export interface DocumentLicense {
  readonly cipher: ContentCipher
  /** Upper case; `OWNER` implies all others. */
  readonly rights: readonly string[]
  readonly owner: string | undefined
  /** When the rights end; absent if never. */
  readonly expiresAt: Date | undefined
  /** Lower case, without braces. */
  readonly contentId: string
  /** Where the use licence came from: this machine's store, the document itself, or the service just now. */
  readonly from: 'store' | 'document' | 'service'
}

/**
 * ```ts
 * const license = await licenseDocument(client, openProtected(source))
 * if (license.rights.includes('PRINT')) print()
 * ```
 * @param wanted one of these rights is needed: a kept licence with none of them does not do
 * @throws RightsError `no-rights`, `content-expired`, `no-matching-key` and other refusals of the service, those of
 * transport, store, chains and revocation lists, `xrml-digest-mismatch` and `xrml-signature-invalid` for a licence that was changed
 */
export async function licenseDocument(
  client: Client,
  content: LicensedContent,
  wanted: readonly string[] = [],
): Promise<DocumentLicense> {
  const published = readPublishedLicense(content.licenseText)
  if (client.door === 'rest') return licenseOverRest(client, content, published)
  const identity = await client.identity()
  const known = await knownLicense(client, identity, content, published, wanted)
  return known ?? licenseOverSoap(client, identity, published)
}

async function knownLicense(
  client: Client,
  identity: ClientIdentity,
  content: LicensedContent,
  published: PublishedLicense,
  wanted: readonly string[],
): Promise<DocumentLicense | undefined> {
  const now = client.store.currentTime(client.now())
  for (const { texts, from } of candidates(client, identity, content, published)) {
    const license = await accepted(() => requireUseLicense(texts, published.license, identity, now))
    if (license === undefined || mayNotBeKept(license, published)) continue
    const revoked = await revocationOf(client, license, now)
    if (revoked !== undefined && !concernsLicenseAlone(revoked)) throw refusalByEntry(revoked)
    if (revoked !== undefined) continue
    const opened = await accepted(() => openedLicense(license, identity, published, now, from))
    if (opened === undefined) continue
    // Rights may have grown since: what a kept licence lacks, the service may grant now.
    if (wanted.length === 0 || wanted.some((right) => holds(opened.rights, right))) return opened
  }
  return undefined
}

function* candidates(
  client: Client,
  { account }: ClientIdentity,
  content: LicensedContent,
  published: PublishedLicense,
): Generator<{ readonly texts: readonly string[]; readonly from: 'store' | 'document' }> {
  const stored = client.store.readUseLicense(storedName(published))
  if (stored !== undefined) yield { texts: stored, from: 'store' }
  if (published.useLicense !== undefined) yield { texts: published.useLicense, from: 'document' }
  for (const { license } of content.useLicenses ?? []) {
    const name = license?.user.name.toLowerCase()
    if (license !== undefined && name !== undefined && account.addresses.includes(name)) {
      yield { texts: license.certificates, from: 'document' }
    }
  }
}

/** The author's own licence is part of the document even where others may keep none. */
function mayNotBeKept(license: UseLicense, published: PublishedLicense): boolean {
  const byServer = license.issuer.object.type === 'MS-DRM-Server'
  return byServer && (forbidsKeeping(license) || forbidsKeeping(published.license))
}

/** A kept licence that does not fit is no failure: the service is asked. */
async function accepted<T>(check: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await check()
  } catch (error) {
    if (isRightsError(error)) return undefined
    throw error
  }
}

async function licenseOverSoap(
  client: Client,
  identity: ClientIdentity,
  published: PublishedLicense,
): Promise<DocumentLicense> {
  const { store } = client
  const texts = await acquireUseLicense(client, identity, published)
  const license = requireUseLicense(texts, published.license, identity, client.now())
  store.setServerTime(license.issuedAt)
  const revoked = await revocationOf(client, license, client.now())
  if (revoked !== undefined) throw refusalByEntry(revoked)
  if (mayNotBeKept(license, published)) store.removeUseLicense(storedName(published))
  else store.writeUseLicense(storedName(published), texts)
  // A clock that is a little behind the server's must not make a new licence look premature.
  const now = new Date(Math.max(client.now().getTime(), license.issuedAt.getTime()))
  return openedLicense(license, identity, published, now, 'service')
}

async function acquireUseLicense(
  client: Client,
  identity: ClientIdentity,
  published: PublishedLicense,
): Promise<readonly string[]> {
  const request = { licenseeCertificates: identity.accountChain, issuanceLicense: published.signed }
  const { responses } = await askLicenseServers(client, published.licensingUrls, (connection, url) =>
    callSoap(connection, url, 'AcquireLicense', { requests: [request] }),
  )
  const [outcome] = responses
  if (outcome === undefined) throw new RightsError('service-answer-refused', { detail: 'no licence in the answer' })
  if (outcome.outcome === 'refused') throw faultError(parseFaultString(outcome.exceptionString), 'AcquireLicense')
  return outcome.certificateChain
}

async function openedLicense(
  license: UseLicense,
  identity: ClientIdentity,
  published: PublishedLicense,
  now: Date,
  from: DocumentLicense['from'],
): Promise<DocumentLicense> {
  const { rights, expiresAt } = rightsHeldAt(license, now)
  if (rights.length === 0) throw new RightsError('content-expired')
  const { mode, key } = await openUseLicense(license, identity.accountKey)
  return { cipher: { mode, key }, rights, expiresAt, from, ...describePublished(published) }
}

/** Over REST the key comes without a signed licence, so there is nothing that could be kept and checked later. */
async function licenseOverRest(
  client: Client,
  content: LicensedContent,
  published: PublishedLicense,
): Promise<DocumentLicense> {
  const { connection, subject } = await restServerFor(client, published.licensingUrls)
  const { endUserLicenses } = await discoverServices(connection, subject)
  const request = writeEndUserLicenseRequest({ license: licenseOfFile(content.licenseBytes) })
  const answer = parseEndUserLicenseResponse(await callRest(connection, endUserLicenses, request))
  if (answer.status !== 'AccessGranted') {
    throw new RightsError(answer.status === 'ContentExpired' ? 'content-expired' : 'no-rights')
  }
  const { mode, key } = answer.key
  // Only services of this product have a name of its own for CBC4K without padding; others call both modes CBC4K.
  // Compound files tell their size, so that either can be read without.
  const unpadded = mode === 'cbc4k' && content.format !== 'pfile'
  return {
    cipher: { mode: unpadded ? 'cbc4k-nopad' : mode, key },
    rights: answer.rights.map((right) => right.toUpperCase()),
    expiresAt: answer.contentValidUntil,
    from: 'service',
    ...describePublished(published),
    owner: answer.owner ?? describePublished(published).owner,
  }
}

function storedName({ license }: PublishedLicense): { readonly contentId: string; readonly bodyText: string } {
  return { contentId: canonicalGuid(license.work.object.id), bodyText: license.document.bodyText }
}
