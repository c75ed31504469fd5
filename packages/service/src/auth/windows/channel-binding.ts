/**
 * Channel binding of NTLM (MS-NLMP 3.1.5.1.2): the client says, under its proof of the password, to whose certificate it
 * speaks. A sign-in that somebody relays from another server names that server's certificate. Samba's helper does not
 * look; what it verifies covers these bytes (NTLMv2, MS-NLMP 3.3.2).
 */
import { createHash, X509Certificate } from 'node:crypto'
import { RightsError } from '@sealward/xrml'
import { member, readDer, readOnly } from './der.ts'
import { isNtlm } from './negotiate-token.ts'

const bindingBytes = 16

/**
 * The binding to a server's certificate: `tls-server-end-point` of RFC 5929, 4.1 in the digest of RFC 4121, 4.1.1.2.
 * @param certificate PEM text; the first one counts
 */
export function channelBindingOf(certificate: string): Uint8Array {
  const { raw, signatureAlgorithm = '' } = new X509Certificate(certificate)
  // Weaker ones, and those that name none, are SHA-256 here.
  const [hash = 'sha256'] = /sha(?:384|512)/.exec(signatureAlgorithm.toLowerCase()) ?? []
  return digestOf(createHash(hash).update(raw).digest())
}

/** @param endPoint digest of the server's certificate */
export function digestOf(endPoint: Uint8Array): Uint8Array {
  const data = Buffer.concat([Buffer.from('tls-server-end-point:'), endPoint])
  // No addresses of either side, then the length of the data.
  const head = Buffer.alloc(20)
  head.writeUInt32LE(data.length, 16)
  return createHash('md5').update(head).update(data).digest()
}

/**
 * The binding in the last message of NTLM, bare or in SPNEGO; nothing if the client names none.
 * @throws RightsError `credentials-refused`
 */
export function namedChannelBinding(token: Uint8Array): Uint8Array | undefined {
  const bytes = Buffer.from(isNtlm(token) ? token : messageInside(token))
  if (!isNtlm(bytes) || bytes.length < 28) return undefined
  // NtChallengeResponseFields (MS-NLMP 2.2.1.3): length, room, offset.
  const [length, offset] = [bytes.readUInt16LE(20), bytes.readUInt32LE(24)]
  if (offset > bytes.length || length > bytes.length - offset) throw malformed()
  // Proof and fixed part (MS-NLMP 2.2.2.7, 2.2.2.8); the answer of NTLMv1 is shorter and names nothing.
  return pairWith(0x0a, bytes.subarray(offset + 44, Math.max(offset + length, offset + 44)))
}

/** Null if the list has none; AV_PAIR of MS-NLMP 2.2.2.1. */
function pairWith(wanted: number, pairs: Buffer): Uint8Array | undefined {
  let found: Uint8Array | undefined
  for (let at = 0; at + 4 <= pairs.length; ) {
    const [id, length] = [pairs.readUInt16LE(at), pairs.readUInt16LE(at + 2)]
    if (id === 0) break
    const value = pairs.subarray(at + 4, at + 4 + length)
    if (value.length < length) throw malformed()
    if (id === wanted) {
      if (found !== undefined || length !== bindingBytes) throw malformed()
      found = value
    }
    at += 4 + length
  }
  // Zeros stand for none.
  return found?.some((byte) => byte !== 0) === true ? found : undefined
}

/** RFC 4178, 4.2.2: the answer of a client, `responseToken`. */
function messageInside(token: Uint8Array): Uint8Array {
  const message = member(readDer(readOnly(readOnly(token, 0xa1), 0x30)), 0xa2)
  return message === undefined ? new Uint8Array() : readOnly(message, 0x04)
}

function malformed(): RightsError {
  return new RightsError('credentials-refused', { detail: 'the message of NTLM is malformed' })
}
