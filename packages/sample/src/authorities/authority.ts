/** An issuing certificate together with the key it certifies: enough to issue what stands below it. */
import {
  issueCertificate,
  type IssueCertificateInput,
  type IssuingCertificate,
  type KeyHandle,
  parseIssuingCertificate,
  parseXrml,
  rootIssuer,
} from '@sealward/xrml'
import { type RandomBytes, randomGuid } from '../randomness.ts'
import type { KeyPair } from './key-pair.ts'

export interface Authority {
  readonly certificate: IssuingCertificate
  readonly key: KeyPair
  /** Exact texts: this certificate, then its issuers. The root's own certificate does not exist. */
  readonly chain: readonly string[]
}

/** Who signs: a root, which has a name only, or an authority, whose principal is copied as text. */
export interface Signer {
  readonly content: string
  readonly key: KeyHandle
  readonly chain: readonly string[]
}

export function rootSigner(name: string, key: KeyPair): Signer {
  return { content: rootIssuer(name, key.handle.publicKey), key: key.handle, chain: [] }
}

export function signerOf(authority: Authority): Signer {
  return { content: authority.certificate.principal.content, key: authority.key.handle, chain: authority.chain }
}

export type AuthorityFields = Pick<
  IssueCertificateInput,
  'kind' | 'subject' | 'issueRange' | 'issuedAt' | 'hash' | 'securityLevels'
>

export async function issueAuthority(
  signer: Signer,
  key: KeyPair,
  fields: AuthorityFields & { readonly random: RandomBytes },
): Promise<Authority> {
  const { random, ...stated } = fields
  const text = await issueCertificate({
    ...stated,
    certificateId: randomGuid(random),
    issuer: signer.content,
    key: signer.key,
    subjectKey: key.handle.publicKey,
  })
  return { certificate: parseIssuingCertificate(parseXrml(text)), key, chain: [text, ...signer.chain] }
}
