/** The licensor keys. */
import { readPrivateKeyPem } from '@sealward/keys'
import { createIdentity } from '../../../administration/create-identity.ts'
import { activateKey, listKeys, type ListedKey } from '../../../administration/keys.ts'
import {
  exportTrustedPublishingDomain,
  importTrustedPublishingDomain,
} from '../../../administration/trusted-publishing-domain.ts'
import type { AdminHandlers } from '../handler.ts'
import type { keyOperations } from '../operations/keys.ts'

export const keyHandlers: AdminHandlers<typeof keyOperations> = {
  async listKeys({ administration }) {
    return (await listKeys(administration)).map(keyAnswer)
  },
  async importKey({ administration }, { body }) {
    const { file, password, trustedRoots, friendlyName, active = false, privateKeyPem, anyone, shareKey } = body
    const imported = await importTrustedPublishingDomain(administration, {
      file: Buffer.from(file, 'base64'),
      password,
      trustedRoots,
      activate: active,
      ...(friendlyName === undefined ? {} : { friendlyName }),
      ...(privateKeyPem === undefined ? {} : { privateKey: readPrivateKeyPem(privateKeyPem) }),
      ...(anyone === undefined ? {} : { anyone }),
      ...(shareKey === undefined ? {} : { shareKey }),
    })
    return {
      keyId: imported.keyId,
      mode: imported.mode,
      active,
      templates: imported.templateReport.map(({ id, name, anyone: rights }) => ({ id, name, anyone: [...rights] })),
      warnings: imported.warnings.map(({ detail }) => detail),
    }
  },
  async generateKey({ administration }, { body }) {
    const { keyId } = await createIdentity(administration, body)
    return { keyId }
  },
  async activateKey({ administration }, { parameters: { id } }) {
    const { keyId, replaced } = await activateKey(administration, { keyId: id })
    return { keyId, ...(replaced === undefined ? {} : { replaced }) }
  },
  async exportKey({ administration }, { parameters: { id }, body: { password } }) {
    const file = await exportTrustedPublishingDomain(administration, { keyId: id, password })
    return { file: Buffer.from(file).toString('base64') }
  },
}

function keyAnswer(key: ListedKey) {
  const { name, friendlyName, url, activatedAt } = key
  return {
    id: key.id,
    state: key.state,
    origin: key.origin,
    mode: key.mode,
    bits: key.bits,
    ...(name === undefined ? {} : { name }),
    ...(friendlyName === undefined ? {} : { friendlyName }),
    ...(url === undefined ? {} : { url }),
    root: key.root,
    createdAt: key.createdAt.toISOString(),
    ...(activatedAt === undefined ? {} : { activatedAt: activatedAt.toISOString() }),
    templates: key.templates,
    licensingUrls: [...key.licensingUrls],
  }
}
