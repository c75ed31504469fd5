/**
 * Revoked documents: nobody but the publisher gets a licence any more. Read last, in the transaction of the audit record,
 * so that no licence is recorded after a revocation (threat P18). A publisher's own revocation holds for what he published
 * himself, as anybody can give a document of his own the content id of another one.
 */
import { canonicalGuid } from '@sealward/xrml'
import type { WeighedLicense } from './acquire-license/weighed-license.ts'
import type { Reader } from './resolve-principal.ts'
import type { Repositories } from './store.ts'

/** Who published a document, as far as the service vouches for it. */
export interface Published {
  /** Canonical addresses of the account whose certificate signed; empty if a server signed. */
  readonly issuer: readonly string[]
  readonly owner: string | undefined
}

interface Revocable extends Published {
  readonly license: WeighedLicense
  readonly reader: Reader
}

/** Who answers for a document: those whose certificate signed it; where the service signed, the owner. */
export function publishersOf({ issuer, owner }: Published): readonly string[] {
  if (issuer.length > 0) return issuer
  return owner === undefined ? [] : [owner]
}

/**
 * @param suspect whether the content key was taken from another document: then that document counts, too, and whoever
 * signed this one is no publisher
 * @param tag of the content key
 */
export async function isRevoked(
  repositories: Pick<Repositories, 'revocations' | 'lineage'>,
  evaluation: Revocable,
  { suspect, tag }: { readonly suspect: boolean; readonly tag: string },
): Promise<boolean> {
  const { license, reader } = evaluation
  const signer = license.issuer?.publicKey
  const origin = suspect ? await repositories.lineage.find(tag) : undefined
  const found = await repositories.revocations.find([
    { type: 'content-id', subject: canonicalGuid(license.work.object.id) },
    ...(origin === undefined ? [] : [{ type: 'content-id', subject: origin.contentId } as const]),
    ...(signer === undefined ? [] : [{ type: 'issuer-key', subject: signer.fingerprint } as const]),
  ])
  if (found.some(({ type }) => type === 'issuer-key')) return true
  const publishers = publishersOf(evaluation)
  if (!suspect && publishers.some((address) => reader.principal.addresses.includes(address))) return false
  const responsible = [...publishers, ...(origin?.holders ?? [])]
  return found.some(({ publisher }) => publisher === '' || responsible.includes(publisher))
}
