/**
 * The client licensor certificate of the REST protocol, in JSON, with which a client publishes offline. Its public half
 * goes into every licence as it stands; the private half holds the signing key in clear, so transport security is all
 * there is. Clients take the text apart by searching for names and counting braces, and delete every backslash: it is
 * written without white space, and no value may hold what they search for.
 */
import { encodeBase64, reversed, RightsError, type PublicKey } from '@sealward/xrml'
import { asObject, invalidMember, readJson, requiredString } from './members.ts'
import { jsonKey, signedJsonObject, type SignedJson } from './signed-json.ts'

/** The public half: for whom it is, and who issued it. */
export interface ThinCertificateNames {
  /** Mail address of the account. */
  readonly address: string
  readonly displayName: string
  /** GUID of the account, in braces. */
  readonly accountId: string
  readonly publicKey: PublicKey
  readonly issuer: {
    readonly licensingUrl: string
    readonly externalLicensingUrl: string
    readonly name: string
    /** GUID, in braces. */
    readonly id: string
    readonly publicKey: PublicKey
  }
}

export interface ThinCertificateSecrets {
  /** The signed public half. */
  readonly names: SignedJson
  readonly issuedAt: Date
  readonly validUntil: Date
  /** Big-endian private exponent. */
  readonly privateExponent: Uint8Array
  /** GUID of the certificate, in braces. */
  readonly id: string
}

/** @throws RightsError `rest-message-invalid` unless signatures are wanted over UTF-8. */
export function parseThinCertificateRequest(text: string): void {
  const encoding = requiredString(asObject(readJson(text), 'the request'), 'SignatureEncoding')
  if (encoding.toLowerCase() !== 'utf-8') throw invalidMember('SignatureEncoding', 'utf-8')
}

export function writeThinCertificateResponse(certificate: SignedJson): string {
  return JSON.stringify({ SerializedThinCLC: JSON.stringify(signedJsonObject(certificate)) })
}

/** The text of the public half, to be signed. @throws RightsError `address-refused` for an address that clients misread */
export function thinCertificateNames({ issuer, ...account }: ThinCertificateNames): string {
  if (carried(account.address) !== account.address) throw new RightsError('address-refused')
  return JSON.stringify({
    issto: {
      em: account.address,
      fname: carried(account.displayName),
      id: { typ: 'Federation', val: account.accountId },
      pubk: jsonKey(account.publicKey),
    },
    iss: {
      eurl: issuer.externalLicensingUrl,
      iurl: issuer.licensingUrl,
      fname: carried(issuer.name),
      id: issuer.id,
      pubk: jsonKey(issuer.publicKey),
    },
  })
}

/** The text of the whole certificate, to be signed. */
export function thinCertificate(input: ThinCertificateSecrets): string {
  return JSON.stringify({
    hdr: { ver: '1.0.0.0' },
    pub: signedJsonObject(input.names),
    pri: {
      issd: thinTime(input.issuedAt),
      exp: thinTime(input.validUntil),
      prik: { kty: 'RSA', d: encodeBase64(reversed(input.privateExponent)) },
      id: input.id,
    },
  })
}

/** To the second, in UTC, without saying so. */
function thinTime(time: Date): string {
  return time.toISOString().slice(0, 19)
}

/** A text without what clients search for: quotes, backslashes, braces and control characters become blanks. */
function carried(text: string): string {
  return text.toWellFormed().replaceAll(/["\\{}\p{Cc}]/gu, ' ')
}
