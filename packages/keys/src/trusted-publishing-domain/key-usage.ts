/**
 * Proves that a key handle can do what the public key asks: sign, and open what was sealed to it. A key in hardware may
 * have been made for one of the two uses only, which otherwise shows at the first licence.
 */
import { randomBytes, timingSafeEqual, verify } from 'node:crypto'
import {
  RightsError,
  sealEnablingBits,
  unsealEnablingBits,
  type CryptographicMode,
  type KeyHandle,
} from '@sealward/xrml'

const challengeBytes = 32

/** @throws RightsError `tpd-key-unusable` */
export async function proveBothUses(key: KeyHandle, mode: CryptographicMode): Promise<void> {
  const challenge = randomBytes(challengeBytes)
  if (!(await signs(key, mode, challenge))) throw new RightsError('tpd-key-unusable', { detail: 'signing failed' })
  if (!(await decrypts(key, mode, challenge)))
    throw new RightsError('tpd-key-unusable', { detail: 'decryption failed' })
}

async function signs(key: KeyHandle, mode: CryptographicMode, challenge: Uint8Array): Promise<boolean> {
  try {
    const signature = await key.sign(mode.hash, challenge)
    return verify(mode.hash, challenge, key.publicKey.keyObject, signature)
  } catch {
    return false
  }
}

async function decrypts(key: KeyHandle, mode: CryptographicMode, challenge: Uint8Array): Promise<boolean> {
  const sealed = sealEnablingBits({
    mode,
    recipient: key.publicKey,
    payload: challenge,
    hashInput: challenge,
    random: randomBytes,
  })
  try {
    const { payload } = await unsealEnablingBits({ key, mode, sealed })
    return payload.length === challenge.length && timingSafeEqual(payload, challenge)
  } catch {
    return false
  }
}
