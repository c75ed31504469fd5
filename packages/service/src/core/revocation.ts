/**
 * Revoked documents: nobody but the publisher gets a licence any more. Read last, in the transaction of the audit record,
 * so that no licence is recorded after a revocation (threat P18). A publisher's own revocation holds for what he published
 * himself, as anybody can give a document of his own the content id of another one.
 */
import { canonicalGuid, type PublicKey } from '@sealward/xrml'
import type { Evaluation } from './acquire-license/evaluate-license.ts'
import type { Repositories } from './store.ts'

/** Entry types of revocation lists (MS-RMPR 2.2.9.11) that this service makes. */
export const revocationTypes = ['content-id', 'license-id', 'issuer-key', 'principal-id', 'principal-key'] as const

export type RevocationType = (typeof revocationTypes)[number]

export interface StoredRevocation {
  readonly type: RevocationType
  /** Canonical GUID, fingerprint of a key, or identifier of a person. */
  readonly subject: string
  /** Canonical address of the publisher to whose documents it is limited; empty for all, and only then in the list. */
  readonly publisher: string
  /** Of the identifier, as certificates write it; empty for keys. */
  readonly idType: string
  /** Of a key, in base64; else empty. */
  readonly modulus: string
  readonly revokedAt: Date
}

type Revocable = Pick<Evaluation, 'license' | 'issuer' | 'owner' | 'reader'>

/** Who answers for a document: those whose certificate signed it; where the service signed, the owner. */
export function publishersOf({ issuer, owner }: Pick<Evaluation, 'issuer' | 'owner'>): readonly string[] {
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
  const signer: PublicKey | undefined = license.issuer?.publicKey
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
