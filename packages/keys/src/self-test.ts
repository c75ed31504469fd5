/**
 * Proves at start-up what the security of Mode 1 rests on: decryption with PKCS#1 v1.5 padding never tells whether the
 * padding was right. A runtime without implicit rejection is an oracle for every licence key (CVE-2023-46809).
 */
import { constants, generateKeyPairSync, privateDecrypt, publicEncrypt, randomBytes, type KeyObject } from 'node:crypto'
import { RightsError } from '@sealward/xrml'

const keyBits = 1024

/** Each is damaged in another way: no block type, a wrong one, no end of the padding, an end too early, nothing but zeros. */
const damagedBlocks: readonly ((block: Buffer) => void)[] = [
  (block) => block.fill(0x55, 1),
  (block) => block.fill(0x01, 1, 2),
  (block) => block.fill(0xff, 2),
  (block) => block.fill(0x00, 4, 5),
  (block) => block.fill(0x00),
]

export type DecryptPkcs1 = (privateKey: KeyObject, ciphertext: Uint8Array) => Uint8Array

/**
 * @param decrypt the decryption that is tested; that of the runtime unless told otherwise
 * @throws RightsError `runtime-unsafe`
 */
export function assertImplicitRejection(decrypt: DecryptPkcs1 = decryptWithRuntime): void {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: keyBits })
  const message = randomBytes(44)
  const intact = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, message)
  if (!message.equals(attempt(decrypt, privateKey, intact))) throw unsafe('an intact block is not decrypted')
  for (const damage of damagedBlocks) {
    const block = paddedBlock(message)
    damage(block)
    const ciphertext = publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, block)
    const answer = attempt(decrypt, privateKey, ciphertext)
    // The substitute must not change either: a second try would then tell it from a message.
    if (!Buffer.from(answer).equals(attempt(decrypt, privateKey, ciphertext))) throw unsafe('the answer changes')
    if (message.equals(answer)) throw unsafe('a damaged block is accepted')
  }
}

/** EME-PKCS1-v1_5 (RFC 8017 section 7.2.1). */
function paddedBlock(message: Uint8Array): Buffer {
  const block = Buffer.alloc(keyBits / 8, 0xff)
  block[0] = 0
  block[1] = 2
  block[block.length - message.length - 1] = 0
  block.set(message, block.length - message.length)
  return block
}

function attempt(decrypt: DecryptPkcs1, privateKey: KeyObject, ciphertext: Uint8Array): Uint8Array {
  try {
    return decrypt(privateKey, ciphertext)
  } catch (cause) {
    throw new RightsError('runtime-unsafe', { detail: 'decryption reports wrong padding', cause })
  }
}

function decryptWithRuntime(key: KeyObject, ciphertext: Uint8Array): Uint8Array {
  return privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, ciphertext)
}

function unsafe(detail: string): RightsError {
  return new RightsError('runtime-unsafe', { detail })
}
