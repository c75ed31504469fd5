/** The key of a project, which signs its reports: made with the first plan, so that readers can be given its public half early. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { RightsError } from '@sealward/xrml'
import { readWhole, writeWhole, type ProjectFolder } from './project-folder.ts'

/** Base64 of the raw Ed25519 public key. */
export function ensureSigningKey(folder: ProjectFolder): string {
  if (!existsSync(folder.signingKeyFile)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    writeWhole(folder.signingKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  }
  return publicKeyText(readSigningKey(folder))
}

/** @throws RightsError `project-damaged` */
export function readSigningKey(folder: ProjectFolder): KeyObject {
  try {
    const key = createPrivateKey(readWhole(folder.signingKeyFile))
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch (cause) {
    throw new RightsError('project-damaged', { detail: 'the signing key cannot be read', cause })
  }
  throw new RightsError('project-damaged', { detail: 'the signing key is of another kind' })
}

export function publicKeyText(privateKey: KeyObject): string {
  const { x } = privateKey.export({ format: 'jwk' })
  return Buffer.from(x ?? '', 'base64url').toString('base64')
}
