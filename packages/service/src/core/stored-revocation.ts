/** Revocations as the store keeps them. */

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
