/** Passwords of the sample, random like its keys: two samples never share one. */
import { scrypt } from 'node:crypto'
import type { RandomBytes } from '../randomness.ts'

const letters = 'abcdefghijkmnpqrstuvwxyz23456789'

/** Twenty letters in groups of five: a hundred bits, easy to type. */
export function newPassword(random: RandomBytes): string {
  const text = [...random(20)].map((byte) => letters.charAt(byte % letters.length)).join('')
  return text.replace(/(.{5})(?=.)/g, '$1-')
}

const parameters = { N: 16_384, r: 8, p: 1 } as const

/** How the local directory keeps a password: scrypt (RFC 7914) in one line, `scrypt:N:r:p:salt:hash`. */
export async function hashPassword(password: string, random: RandomBytes): Promise<string> {
  const salt = random(16)
  const hash = await new Promise<Buffer>((resolve, reject) => {
    scrypt(password, salt, 32, parameters, (error, key) => (error === null ? resolve(key) : reject(error)))
  })
  const { N, r, p } = parameters
  return `scrypt:${N}:${r}:${p}:${Buffer.from(salt).toString('base64')}:${hash.toString('base64')}`
}
