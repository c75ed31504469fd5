/** Issuers that no server trusts: made for this run, in both modes. */
import { generateKeyPair, randomBytes, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import {
  issueCertificate,
  mode1,
  mode2,
  parseIssuingCertificate,
  parseXrml,
  rootIssuer,
  softwareKeyHandle,
  type CryptographicMode,
  type KeyHandle,
} from '@sealward/xrml'
import type { Issuer } from '../tester.ts'

export interface KeyPair {
  readonly privateKey: KeyObject
  readonly handle: KeyHandle
}

export const random = (count: number): Uint8Array => randomBytes(count)

const pairs = new Map<string, Promise<KeyPair>>()

/** The key pair of that name; made once. */
export function keyPair(name: string, bits: number): Promise<KeyPair> {
  const id = `${name} ${bits}`
  const known = pairs.get(id)
  if (known !== undefined) return known
  const made = promisify(generateKeyPair)('rsa', { modulusLength: bits }).then(({ privateKey }) => ({
    privateKey,
    handle: softwareKeyHandle(privateKey),
  }))
  pairs.set(id, made)
  return made
}

export function modeOfNumber(number: 1 | 2): CryptographicMode {
  return number === 1 ? mode1 : mode2
}

const long = { from: new Date('2009-01-01T00:00Z'), until: new Date('2250-01-01T00:00Z') }
const subjects = {
  server: { type: 'MS-DRM-Server', name: 'Harbour RMS', id: '{6f0d5ba4-0a5f-4f1e-9a55-0d7e6a1c9b11}' },
  machines: {
    type: 'MS-DRM-Desktop-Security-Processor',
    name: 'Harbour Machine Activation',
    id: '{0f3c2f6e-93a5-4a57-8d3e-4d2a3f5e7c22}',
  },
} as const

/** A server, or an authority of machines, below a root of its own. */
export async function stranger(kind: keyof typeof subjects, mode: CryptographicMode): Promise<Issuer> {
  const [root, key] = await Promise.all([keyPair('root', 2048), keyPair(kind, mode.keyBits)])
  const text = await issueCertificate({
    kind: 'Server-Licensor-Certificate',
    certificateId: '{b3b0a9d2-6f1c-4a86-8b0b-3e7d5f2a1c33}',
    issuedAt: new Date('2012-02-01T09:00Z'),
    issuer: rootIssuer('Harbour Root', root.handle.publicKey),
    subject: { ...subjects[kind], idType: 'MS-GUID' },
    subjectKey: key.handle.publicKey,
    issueRange: long,
    key: root.handle,
    hash: mode.hash,
  })
  return { principal: parseIssuingCertificate(parseXrml(text)).principal, key: key.handle, chain: [text] }
}
