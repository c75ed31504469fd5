/** What is revoked, and when the last copy of it dies. */
import { listRevocations, revocationHorizon, revoke, unrevoke } from '../../../administration/revocations.ts'
import type { RevocationHorizon } from '../../../core/revocation-horizon.ts'
import type { AdminHandlers } from '../handler.ts'
import type { revocationOperations } from '../operations/revocations.ts'

const holdersMost = 100

export const revocationHandlers: AdminHandlers<typeof revocationOperations> = {
  async listRevocations({ administration }) {
    const listed = await listRevocations(administration)
    return {
      revocations: listed.map(({ type, subject, publisher, revokedAt }) => ({
        type,
        subject,
        ...(publisher === '' ? {} : { publisher }),
        revokedAt: revokedAt.toISOString(),
      })),
    }
  },
  async revoke({ administration, core: { directory } }, { body }) {
    return horizonAnswer(await revoke(administration, { ...body, directory }))
  },
  async previewRevocation({ administration, core: { directory } }, { body }) {
    return horizonAnswer(await revocationHorizon(administration, { ...body, directory }))
  },
  async unrevoke({ administration, core: { directory } }, { body }) {
    await unrevoke(administration, { ...body, directory })
    return {}
  },
}

function horizonAnswer({ lastUse, from, holders }: RevocationHorizon) {
  return {
    lastUse: lastUse?.toISOString() ?? null,
    from,
    licenses: holders.length,
    holders: holders.slice(0, holdersMost).map(({ address, contentId, until }) => ({
      address,
      contentId,
      until: until?.toISOString() ?? null,
    })),
  }
}
