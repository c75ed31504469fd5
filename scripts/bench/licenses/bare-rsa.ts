/** The RSA operations of a licence and nothing else: what no server in the same runtime can undercut. */
import { constants, generateKeyPairSync, privateDecrypt, publicEncrypt, randomBytes, sign, verify } from 'node:crypto'
import type { CryptographicMode } from '@sealward/xrml'
import { ownCpuSeconds, type Party } from '../measure.ts'

export interface RsaOperations {
  readonly decrypt: number
  readonly sign: number
  readonly encrypt: number
  readonly verify: number
}

export function bareRsa(mode: CryptographicMode, operations: RsaOperations, seconds: number): Party {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: mode.keyBits })
  const padding = mode.padding === 'pkcs1' ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_OAEP_PADDING
  const payload = randomBytes(28)
  const encrypt = (): Buffer => publicEncrypt({ key: publicKey, padding }, payload)
  const sealed = encrypt()
  const data = randomBytes(32)
  const signature = sign(mode.hash, data, privateKey)
  const steps: readonly (readonly [count: number, operation: () => unknown])[] = [
    [operations.verify, () => verify(mode.hash, data, publicKey, signature)],
    [operations.decrypt, () => privateDecrypt({ key: privateKey, padding }, sealed)],
    [operations.encrypt, encrypt],
    [operations.sign, () => sign(mode.hash, data, privateKey)],
  ]
  const names = Object.entries(operations).flatMap(([name, count]) => (count === 0 ? [] : [`${count} ${name}`]))
  return {
    name: `bare RSA: ${names.join(', ')}`,
    work() {
      let amount = 0
      const cpuSeconds = ownCpuSeconds(() => {
        const end = performance.now() + seconds * 1000
        for (; performance.now() < end; amount++) {
          for (const [count, operation] of steps) for (let n = 0; n < count; n++) operation()
        }
      })
      return { amount, cpuSeconds }
    },
  }
}
