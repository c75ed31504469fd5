/**
 * Passwords of the local directory: scrypt (RFC 7914) in one line, `scrypt:N:r:p:salt:hash`. Checking takes the same time
 * for a wrong password, an unknown user and a disabled one.
 */
import { scrypt, timingSafeEqual } from 'node:crypto'

const cost = 2 ** 14
const blockSize = 8
const parallelization = 1
const hashBytes = 32
const saltBytes = 16

export const passwordForm = /^scrypt:16384:8:1:[A-Za-z0-9+/]{22}==:[A-Za-z0-9+/]{43}=$/

/** What an unknown user is checked against, so that the work is the same. */
export const nobodysPassword = `scrypt:${cost}:${blockSize}:${parallelization}:${'A'.repeat(22)}==:${'A'.repeat(43)}=`

/** The line for the directory file. @throws RangeError for an empty password */
export async function hashPassword(password: string, random: (bytes: number) => Uint8Array): Promise<string> {
  if (password === '') throw new RangeError('an empty password')
  const salt = Buffer.from(random(saltBytes))
  const hash = await derive(Buffer.from(password.normalize('NFC'), 'utf8'), salt)
  return `scrypt:${cost}:${blockSize}:${parallelization}:${salt.toString('base64')}:${hash.toString('base64')}`
}

/** @param line in the form of `passwordForm` */
export async function passwordFits(password: Uint8Array, line: string): Promise<boolean> {
  const [, , , , salt = '', hash = ''] = line.split(':')
  const text = Buffer.from(password).toString('utf8').normalize('NFC')
  const actual = await derive(Buffer.from(text, 'utf8'), Buffer.from(salt, 'base64'))
  return timingSafeEqual(actual, Buffer.from(hash, 'base64')) && password.length > 0
}

function derive(password: Uint8Array, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, hashBytes, { N: cost, r: blockSize, p: parallelization }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}
