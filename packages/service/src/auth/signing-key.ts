/**
 * Keys that sign tokens (Ed25519, RFC 8032). They are derived from the secret that the store keeps sealed, so every process
 * of the service has them, no two services have the same, and nothing more has to be stored.
 */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { CoreContext } from '../core/ports.ts'

const seedBytes = 32
/** What stands before the seed in PKCS#8 (RFC 8410, 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** @param purpose keeps the keys of different issuers apart */
export function signingKey({ cluster, store }: Pick<CoreContext, 'cluster' | 'store'>, purpose: string): KeyObject {
  const seed = store.mac(purpose, Buffer.from(cluster.tenant, 'utf8')).subarray(0, seedBytes)
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
}
