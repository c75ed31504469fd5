/**
 * Revocation lists (MS-RMPR 2.2.9.1.13): a use licence may demand that its reader has seen a list of its authority that is
 * not older than it says. Lists come from allowed hosts only (threat N1), count only under the key that the signed licence
 * names, and are kept for as long as the licence allows. Without one there is no opening.
 */
import { decodeText, isRightsError, parseRevocationList, RightsError, revokedBy } from '@sealward/xrml'
import type { PublicKey, RefreshCondition, RevocationEntry, RevocationList, UseLicense } from '@sealward/xrml'
import type { Client } from './client.ts'
import type { StoredListName } from './client-store.ts'

/** Lists say when they were signed to the minute. */
const minute = 60_000

type Lists = Pick<Client, 'store' | 'transport' | 'redirection' | 'service'>

/**
 * @param license verified
 * @returns the entry that revokes the licence, if there is one
 * @throws RightsError `revocation-list-stale`, `revocation-list-invalid`, `revocation-list-replaced`,
 * `service-host-not-allowed`, `service-url-refused`
 */
export async function revocationOf(
  client: Lists,
  license: UseLicense,
  now: Date,
): Promise<RevocationEntry | undefined> {
  for (const condition of license.work.refresh) {
    for (const point of condition.points) {
      const authority = { ...point, publicKey: point.publicKey ?? license.issuer.publicKey }
      const revoked = await revokedIn(client, authority, condition, license, now)
      if (revoked !== undefined) return revoked
    }
  }
  return undefined
}

/** What a list says of a licence, as a refusal. */
export function refusalByEntry({ type }: RevocationEntry): RightsError {
  const ofPerson = type === 'principal-id' || type === 'principal-key'
  return new RightsError(ofPerson ? 'account-excluded' : 'content-revoked', { detail: `by its ${type}` })
}

/** Whether another licence for the same person and document may be good. */
export function concernsLicenseAlone({ type }: RevocationEntry): boolean {
  return type === 'license-id' || type === 'license-hash'
}

interface Authority {
  readonly listId: string
  readonly url: string
  readonly publicKey: PublicKey
}

async function revokedIn(
  client: Lists,
  authority: Authority,
  { interval }: Pick<RefreshCondition, 'interval'>,
  license: UseLicense,
  now: Date,
): Promise<RevocationEntry | undefined> {
  const name = { listId: authority.listId, key: authority.publicKey.fingerprint }
  const kept = keptList(client, name, authority)
  const isFresh = (list: RevocationList): boolean => now.getTime() - list.issuedAt.getTime() <= interval + minute
  // Something may have been given free since, so a kept list only ever says that nothing is revoked.
  if (kept !== undefined && isFresh(kept) && revokedBy(kept, license) === undefined) return undefined
  const list = await fetchList(client, authority)
  if (kept !== undefined && list.issuedAt < kept.issuedAt) throw new RightsError('revocation-list-replaced')
  client.store.writeRevocationList(name, list.document.text)
  if (!isFresh(list)) throw stale(list.issuedAt.toISOString())
  return revokedBy(list, license)
}

/** A list that was damaged on this machine is fetched again. */
function keptList(client: Lists, name: StoredListName, authority: Authority): RevocationList | undefined {
  const text = client.store.readRevocationList(name)
  if (text === undefined) return undefined
  try {
    return ofAuthority(parseRevocationList(text), authority)
  } catch (error) {
    if (isRightsError(error)) return undefined
    throw error
  }
}

/** @throws RightsError `revocation-list-stale` where nobody answers: the last list is too old by now */
async function fetchList(client: Lists, authority: Authority): Promise<RevocationList> {
  try {
    const { status, body } = await client.transport.send({ method: 'GET', url: addressOf(client, authority.url) })
    if (status !== 200) throw stale(`HTTP status ${status}`)
    return ofAuthority(parseRevocationList(decodeText(body)), authority)
  } catch (cause) {
    if (isRightsError(cause, 'service-unreachable')) throw stale('nobody answers', cause)
    if (isRightsError(cause, 'service-answer-refused', 'text-encoding-refused')) {
      throw new RightsError('revocation-list-invalid', { cause })
    }
    throw cause
  }
}

function stale(detail: string, cause?: unknown): RightsError {
  return new RightsError('revocation-list-stale', { detail, cause })
}

function ofAuthority(list: RevocationList, { listId, publicKey }: Authority): RevocationList {
  if (list.id === listId && list.issuerKey.fingerprint === publicKey.fingerprint) return list
  throw new RightsError('revocation-list-invalid', { detail: 'of another authority' })
}

/** Where the lists of this product's services are. */
const ownPath = /^\/sealward\/v1\/revocation-lists\/[0-9a-f]{64}$/

/** A list of a former service is where its licences are answered now. */
function addressOf(client: Lists, url: string): string {
  if (!URL.canParse(url)) throw new RightsError('service-url-refused', { detail: 'not a URL' })
  const { origin, pathname, search } = new URL(url)
  if (!ownPath.test(pathname) || search !== '') return url
  return client.redirection.resolveOrigin(origin) + pathname
}
