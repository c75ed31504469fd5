/**
 * The content cipher modes as data. The mode travels in the licence: as a number in the KeyHeader
 * (MS-RMPR 2.2.9.1.13.1) over SOAP, as a name over REST. An unknown mode is an error, never a default.
 */
import { type CipherMode, RightsError } from '@sealward/xrml'

export interface CipherModeFacts {
  /** `CipherMode` of the key object in the REST protocol; compared without case. */
  readonly restName: string
  /** Bytes that are encrypted independently of all others. */
  readonly chunkSize: number
  /** `pkcs7`: the cipher ends the plaintext itself. `none`: the container carries the size, the writer fills with zeros. */
  readonly padding: 'pkcs7' | 'none'
  /** The ciphertext that a writer produces is a multiple of this many bytes. */
  readonly fill: number
}

export const cipherBlockSize = 16

export const cipherModes: Readonly<Record<CipherMode, CipherModeFacts>> = {
  ecb: { restName: 'MICROSOFT.ECB', chunkSize: 16, padding: 'none', fill: 16 },
  cbc4k: { restName: 'MICROSOFT.CBC4K', chunkSize: 4096, padding: 'pkcs7', fill: 16 },
  'cbc4k-nopad': {
    restName: 'MICROSOFT.CBC4K.NOPADDING',
    chunkSize: 4096,
    padding: 'none',
    // Office and Exchange fill the last chunk, although a multiple of 16 would do.
    fill: 4096,
  },
  'cbc512-nopad': {
    restName: 'MICROSOFT.CBC512.NOPADDING',
    chunkSize: 512,
    padding: 'none',
    fill: 16,
  },
}

const allModes: readonly CipherMode[] = ['ecb', 'cbc4k', 'cbc4k-nopad', 'cbc512-nopad']

/** @throws RightsError `cipher-mode-unknown` */
export function cipherModeFromRestName(name: string): CipherMode {
  const wanted = name.toUpperCase()
  const mode = allModes.find((candidate) => cipherModes[candidate].restName === wanted)
  if (mode === undefined) throw new RightsError('cipher-mode-unknown')
  return mode
}

/** Ciphertext bytes that a writer produces for `plainSize` bytes. */
export function cipherSize(mode: CipherMode, plainSize: number): number {
  const { padding, fill } = cipherModes[mode]
  return padding === 'pkcs7' ? (Math.floor(plainSize / fill) + 1) * fill : Math.ceil(plainSize / fill) * fill
}
