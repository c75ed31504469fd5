/**
 * A certificate that proves nothing but that client and service are on the same machine: for development, where nobody
 * issues one for `localhost`. X.509 version 3 (RFC 5280) with a key on P-256 (RFC 5480), signed by itself.
 */
import { generateKeyPairSync, sign } from 'node:crypto'

export interface MadeCertificate {
  /** PEM texts. */
  readonly certificate: string
  readonly key: string
}

const ecdsaWithSha256 = sequence(identifier('2a8648ce3d040302'))
const subject = sequence(der(0x31, sequence(identifier('550403'), der(0x0c, Buffer.from('Sealward on loopback')))))

/** @param serial 16 random bytes */
export function makeLoopbackCertificate(from: Date, until: Date, serial: Uint8Array): MadeCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    // Positive, and never with a leading zero.
    der(0x02, Buffer.concat([Buffer.from([0x40]), serial])),
    ecdsaWithSha256,
    subject,
    sequence(time(from), time(until)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions())),
  )
  const signature = sign('sha256', content, privateKey)
  const whole = sequence(content, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature))
  const lines = whole.toString('base64').replace(/.{64}(?=.)/g, '$&\n')
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** Not an authority; to sign in a handshake; for a server; the names of this machine (RFC 5280, 4.2.1). */
function extensions(): readonly Buffer[] {
  const names = [
    der(0x82, Buffer.from('localhost')),
    der(0x87, Buffer.from([127, 0, 0, 1])),
    der(0x87, Buffer.concat([Buffer.alloc(15), Buffer.from([1])])),
  ]
  return [
    extension('551d13', sequence()),
    extension('551d0f', der(0x03, Buffer.from([7, 0x80]))),
    extension('551d25', sequence(identifier('2b06010505070301'))),
    extension('551d11', sequence(...names)),
  ]
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(identifier(id), der(0x04, value))
}

/** UTCTime, which RFC 5280, 4.1.2.5 wants until 2049. */
function time(date: Date): Buffer {
  return der(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replace(/[-T:]/g, '')}Z`))
}

function identifier(digits: string): Buffer {
  return der(0x06, Buffer.from(digits, 'hex'))
}

function sequence(...values: readonly Uint8Array[]): Buffer {
  return der(0x30, ...values)
}

function der(tag: number, ...values: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(values)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
