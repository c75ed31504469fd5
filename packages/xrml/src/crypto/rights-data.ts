/**
 * Encrypted rights data (MS-RMPR 2.2.9.8): the policy text as UTF-16LE under AES-ECB with the content key. ECB whatever
 * the content uses; it leaks structure and is kept for compatibility only. Texts whose length is a multiple of 16 bytes
 * are not extended.
 */
import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'
import { RightsError } from '../errors/rights-error.ts'
import { utf16le } from '../text/encoding.ts'
import { rightsDataFill } from './unconfirmed.ts'

export function encryptRightsData(text: string, key: Uint8Array): Uint8Array {
  const bytes = utf16le(text)
  const plain = Buffer.alloc(Math.ceil(bytes.length / 16) * 16, rightsDataFill)
  plain.set(bytes)
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, createSecretKey(key), null).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.final()])
}

/** @throws RightsError `rights-data-invalid` when the key does not give UTF-16 text that looks like XML. */
export function decryptRightsData(data: Uint8Array, key: Uint8Array): string {
  if (data.length === 0 || data.length % 16 !== 0) throw new RightsError('rights-data-invalid')
  const decipher = createDecipheriv(`aes-${key.length * 8}-ecb`, createSecretKey(key), null).setAutoPadding(false)
  const plain = Buffer.concat([decipher.update(data), decipher.final()])
  let end = plain.length
  while (end > 0 && plain[end - 1] === 0 && plain[end - 2] === 0) end -= 2
  const text = plain.toString('utf16le', 0, end)
  if (!text.startsWith('<')) throw new RightsError('rights-data-invalid')
  return text
}
