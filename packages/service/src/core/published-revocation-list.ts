/**
 * The revocation list of this service, signed by the key that licences name in its address. Signed again when something
 * was revoked and after some minutes, so that clients that ask see a fresh one, and strangers who ask cost no signature.
 */
import {
  issueRevocationList,
  publicKeyFromModulus,
  RightsError,
  writeRefresh,
  type PublicKey,
  type RevocationEntry,
} from '@sealward/xrml'
import type { Configuration } from './configuration.ts'
import type { CoreContext } from './ports.ts'
import { revocationTypes, type StoredRevocation } from './stored-revocation.ts'
import type { Store } from './store.ts'

export const revocationListPath = '/sealward/v1/revocation-lists'

/** The list is never older than this when it is fetched. */
const signedFor = 10 * 60_000

interface SignedList {
  readonly version: number
  readonly at: number
  readonly text: Promise<string>
}

const signedLists = new WeakMap<Store, Map<string, SignedList>>()

/** @param keyId fingerprint of a key of this service @throws RightsError `resource-unknown` */
export async function publishedRevocationList(context: CoreContext, keyId: string): Promise<string> {
  const configuration = await context.configuration()
  const key = configuration.keys.get(keyId)
  if (key === undefined || key.state === 'pending') throw new RightsError('resource-unknown')
  const now = context.clock.now().getTime()
  const signed = signedLists.get(context.store) ?? new Map<string, SignedList>()
  signedLists.set(context.store, signed)
  const known = signed.get(keyId)
  const fresh = known?.version === configuration.version && now >= known.at && now - known.at < signedFor
  if (known !== undefined && fresh) return known.text
  const text = sign(context, configuration, keyId)
  signed.set(keyId, { version: configuration.version, at: now, text })
  // A failure must not be kept for the next one who asks.
  text.catch(() => signed.delete(keyId))
  return text
}

async function sign(context: CoreContext, configuration: Configuration, keyId: string): Promise<string> {
  const key = configuration.keys.get(keyId)
  if (key === undefined) throw new RightsError('resource-unknown')
  const rows = await context.store.revocations.list(revocationTypes, '')
  return issueRevocationList({
    id: revocationListId(configuration),
    issuedAt: context.clock.now(),
    entries: rows.map(entryOf),
    key: key.handle,
  })
}

function entryOf({ type, subject, idType, modulus }: StoredRevocation): RevocationEntry {
  if (type === 'issuer-key' || type === 'principal-key') {
    return { type, publicKey: publicKeyFromModulus(Buffer.from(modulus, 'base64')) }
  }
  return { type, object: { idType, id: idType === 'MS-GUID' ? `{${subject}}` : subject } }
}

/** One list for the whole installation. */
export function revocationListId({ settings }: Pick<Configuration, 'settings'>): string {
  return settings.serviceId.toLowerCase()
}

/** REFRESH that makes readers see this service's list, not older than the days given. */
export function ownRefresh(
  context: Pick<CoreContext, 'cluster'>,
  configuration: Configuration,
  input: { readonly publicKey: PublicKey; readonly interval: number },
): string {
  const { origin } = new URL(context.cluster.baseUrl)
  const { publicKey, interval } = input
  const url = `${origin}${revocationListPath}/${publicKey.fingerprint}`
  return writeRefresh({ listId: revocationListId(configuration), url, publicKey }, interval)
}
