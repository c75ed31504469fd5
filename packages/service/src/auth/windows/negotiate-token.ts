/**
 * Tokens of the schemes Negotiate and NTLM (RFC 4559; MS-NTHT): which mechanism a client has chosen, and what makes its
 * token unlike every other. Negotiate carries SPNEGO (RFC 4178) or, from some Windows clients, bare NTLM.
 */
import { RightsError } from '@sealward/xrml'
import { member, readDer, readOnly } from './der.ts'

export type NegotiateToken =
  /** A whole sign-in. The sealed authenticator (RFC 4120, 5.5.1) occurs in no other one, however the rest is spelled. */
  | { readonly mechanism: 'kerberos'; readonly authenticator: Uint8Array }
  /** One message of several. */
  | { readonly mechanism: 'ntlm'; readonly first: boolean }

const applicationTag = 0x60
const responseTag = 0xa1
const sequence = 0x30
const octetString = 0x04
const objectIdentifier = 0x06
const context = (number: number): number => 0xa0 + number
const applicationRequest = 0x6e

const spnego = '2b0601050502'
/** RFC 4121, and the misprint of it that Windows names first. */
const kerberos = ['2a864886f712010202', '2a864882f712010202']
const ntlm = '2b06010401823702020a'

const ntlmSignature = Buffer.from('NTLMSSP\0', 'latin1')

/** Whether the bytes are a message of NTLM outside of SPNEGO. */
export function isNtlm(bytes: Uint8Array): boolean {
  return ntlmSignature.equals(bytes.subarray(0, ntlmSignature.length))
}

/** @throws RightsError `credentials-refused` */
export function readNegotiateToken(bytes: Uint8Array): NegotiateToken {
  if (isNtlm(bytes)) return readNtlm(bytes)
  // An answer to what the service has asked; Kerberos needs none.
  if (bytes[0] === responseTag) {
    readOnly(bytes, responseTag)
    return { mechanism: 'ntlm', first: false }
  }
  const [mechanism, body] = readDer(readOnly(bytes, applicationTag))
  if (body?.tag !== context(0) || !isIdentifier(mechanism, [spnego])) throw refused('neither SPNEGO nor NTLM')
  const members = readDer(readOnly(body.content, sequence))
  const [preferred] = readDer(readOnly(member(members, context(0)) ?? nothing, sequence))
  if (isIdentifier(preferred, [ntlm])) return { mechanism: 'ntlm', first: true }
  if (!isIdentifier(preferred, kerberos)) throw refused('a mechanism that is not offered')
  return {
    mechanism: 'kerberos',
    authenticator: authenticatorOf(readOnly(member(members, context(2)) ?? nothing, octetString)),
  }
}

/** MS-NLMP 2.2.1: the type follows the signature. */
function readNtlm(bytes: Uint8Array): NegotiateToken {
  const type = bytes[ntlmSignature.length]
  if (type !== 1 && type !== 3) throw refused('no message of a client')
  return { mechanism: 'ntlm', first: type === 1 }
}

const nothing = new Uint8Array()

/** From a mechanism token (RFC 4121, 4.1) to the ciphertext in its AP-REQ (RFC 4120, 5.5.1). */
function authenticatorOf(token: Uint8Array): Uint8Array {
  const framed = readOnly(token, applicationTag)
  const identifierLength = 2 + (framed[1] ?? 0)
  const [mechanism] = readDer(framed.subarray(0, identifierLength))
  const kind = Buffer.from(framed.subarray(identifierLength, identifierLength + 2)).toString('hex')
  if (!isIdentifier(mechanism, kerberos) || kind !== '0100') throw refused('no request of Kerberos')
  const request = readOnly(readOnly(framed.subarray(identifierLength + 2), applicationRequest), sequence)
  const sealed = readDer(readOnly(member(readDer(request), context(4)) ?? nothing, sequence))
  const cipher = readOnly(member(sealed, context(2)) ?? nothing, octetString)
  if (cipher.length === 0) throw refused('no authenticator')
  return cipher
}

function isIdentifier(
  value: { readonly tag: number; readonly content: Uint8Array } | undefined,
  known: readonly string[],
): boolean {
  return value?.tag === objectIdentifier && known.includes(Buffer.from(value.content).toString('hex'))
}

function refused(detail: string): RightsError {
  return new RightsError('credentials-refused', { detail })
}
