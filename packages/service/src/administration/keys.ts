/** The keys of the service: exactly one is active and signs, archived ones open what was made for them. */
import { issuerKeyOf, parseXrml, RightsError } from '@sealward/xrml'
import { licensingUrlsOf, type Configuration, type KeyState, type ServiceKey } from '../core/configuration.ts'
import { loadConfiguration } from '../core/load-configuration.ts'
import type { Neighbour } from '../core/neighbours.ts'
import type { Repositories } from '../core/store.ts'
import { change, type AdministrationContext } from './change.ts'
import { requireKeySignsNowhereElse } from './neighbours.ts'
import { ensureMachineAuthority } from './own-hierarchy.ts'
import { reissueOwnTemplates } from './reissue-templates.ts'

export interface ListedKey {
  /** Fingerprint of the public key. */
  readonly id: string
  readonly state: KeyState
  readonly origin: 'created' | 'imported'
  readonly mode: 1 | 2
  /** Identifier, name and base URL in the licensor certificate. */
  readonly licensorId: string
  readonly name: string | undefined
  readonly url: string | undefined
  /** Fingerprint of the key that clients must trust. */
  readonly root: string
  readonly createdAt: Date
  readonly activatedAt: Date | undefined
  readonly templates: number
  readonly bits: number
  /** What administrators call it. */
  readonly friendlyName: string | undefined
  /** Licensing addresses that came with it. */
  readonly licensingUrls: readonly string[]
}

export async function listKeys(context: AdministrationContext): Promise<readonly ListedKey[]> {
  const configuration = await context.store.transaction(loadConfiguration)
  return [...configuration.keys.values()].map((key) => ({
    id: key.id,
    state: key.state,
    origin: key.origin,
    mode: key.mode.number,
    licensorId: key.licensor.principal.object.id,
    name: key.licensor.principal.object.name,
    url: key.licensor.url,
    root: rootOf(key),
    createdAt: key.createdAt,
    activatedAt: key.activatedAt,
    bits: key.handle.publicKey.bits,
    friendlyName: key.friendlyName,
    licensingUrls: licensingUrlsOf(configuration, key),
    templates: [...configuration.templates.values()].flat().filter((template) => template.origin === key.id).length,
  }))
}

function rootOf(key: ServiceKey): string {
  return issuerKeyOf(parseXrml(key.chain[key.chain.length - 1] ?? '')).fingerprint
}

/**
 * From now on this key signs; the one before is archived. The service's own templates are issued again under the new key,
 * because clients accept only templates of the server that they know.
 * @param input.keyId fingerprint, or a beginning of it of at least eight digits
 * @throws RightsError `key-unknown`, `key-state-refused` for the key of a trusted user domain, or of another tenant
 */
export async function activateKey(
  context: AdministrationContext,
  input: { readonly keyId: string },
): Promise<{ readonly keyId: string; readonly replaced: string | undefined }> {
  const neighbours = (await context.neighbours?.()) ?? []
  return change(context, 'activate-key', async (repositories) => {
    const configuration = await loadConfiguration(repositories)
    const key = findKey(configuration, input.keyId)
    const replaced = await makeActive(context, repositories, { configuration, key, neighbours })
    return {
      result: { keyId: key.id, replaced },
      record: { key: key.id, ...(replaced === undefined ? {} : { replaced }) },
    }
  })
}

/**
 * In a transaction of its caller. What the key of a trusted user domain has certified are people of another organisation;
 * it cannot certify ours, too.
 * @param input.neighbours those of this process, read before the transaction
 * @returns the key that was active before, if it was another one
 * @throws RightsError `key-state-refused` for the key of a trusted user domain, or one that signs for another tenant
 */
export async function makeActive(
  context: AdministrationContext,
  repositories: Repositories,
  input: {
    readonly configuration: Configuration
    readonly key: ServiceKey
    readonly neighbours: readonly Neighbour[]
  },
): Promise<string | undefined> {
  const { configuration, key } = input
  requireKeySignsNowhereElse([...input.neighbours, ...(await repositories.neighbours())], key.id)
  if (configuration.userDomains.some(({ id }) => id === key.id)) {
    throw new RightsError('key-state-refused', { detail: 'it is the key of a trusted user domain' })
  }
  const before = configuration.activeKey
  if (before !== undefined && before.id !== key.id) {
    await repositories.keys.setState(before.id, 'archived', before.activatedAt)
  }
  await repositories.keys.setState(key.id, 'active', key.activatedAt ?? context.clock.now())
  await ensureMachineAuthority(context, repositories, key.mode)
  await reissueOwnTemplates(context, repositories, configuration, key)
  return before?.id === key.id ? undefined : before?.id
}

/** @throws RightsError `key-unknown`, `key-state-refused` for the active key */
export async function archiveKey(context: AdministrationContext, input: { readonly keyId: string }): Promise<void> {
  await change(context, 'archive-key', async (repositories) => {
    const key = findKey(await loadConfiguration(repositories), input.keyId)
    if (key.state === 'active') throw new RightsError('key-state-refused', { detail: 'it is the active key' })
    await repositories.keys.setState(key.id, 'archived', key.activatedAt)
    return { result: undefined, record: { key: key.id } }
  })
}

/** @throws RightsError `key-unknown` */
export function findKey(configuration: Configuration, keyId: string): ServiceKey {
  const wanted = keyId.toLowerCase()
  const matches = [...configuration.keys.values()].filter(
    (key) => key.id === wanted || (wanted.length >= 8 && key.id.startsWith(wanted)),
  )
  const [key] = matches
  if (key === undefined || matches.length > 1) throw new RightsError('key-unknown', { detail: wanted.slice(0, 64) })
  return key
}
