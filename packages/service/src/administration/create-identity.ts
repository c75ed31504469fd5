/** A fresh installation without a trusted publishing domain: a licensor key of its own below a private root. */
import { mode1, mode2, type CryptographicMode } from '@sealward/xrml'
import { change, type AdministrationContext } from './change.ts'
import { ensureMachineAuthority, issueLicensor, newKey } from './own-hierarchy.ts'

export interface CreateIdentityInput {
  /** Mode 1 only for services that must work with clients of that time. */
  readonly mode?: 1 | 2
  /** Stands in the licensor certificate, and is what administrators call the key. */
  readonly name?: string
}

/**
 * The first key becomes active; a further one is pending until it is activated.
 * @returns the id of the key
 */
export async function createIdentity(
  context: AdministrationContext,
  input: CreateIdentityInput = {},
): Promise<{ readonly keyId: string; readonly state: 'active' | 'pending' }> {
  const mode: CryptographicMode = input.mode === 1 ? mode1 : mode2
  return change(context, 'create-identity', async (repositories) => {
    const now = context.clock.now()
    const { keyId: vaultKeyId, key } = await newKey(context, repositories.vault, mode.keyBits)
    const chain = await issueLicensor(context, repositories, mode, key.publicKey, input.name)
    await ensureMachineAuthority(context, repositories, mode)
    const first = (await repositories.keys.list()).every((known) => known.state !== 'active')
    const state = first ? 'active' : 'pending'
    const id = key.publicKey.fingerprint
    await repositories.keys.insert({
      id,
      vaultKeyId,
      state,
      origin: 'created',
      createdAt: now,
      activatedAt: first ? now : undefined,
      chain,
      friendlyName: input.name,
      exportedAt: undefined,
    })
    return { result: { keyId: id, state }, record: { key: id, mode: mode.number, state } }
  })
}
