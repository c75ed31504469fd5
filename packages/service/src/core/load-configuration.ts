/** Reads the snapshot of what administrators have decided, once per version. */
import { modeOfKey, parseIssuingCertificate, parseXrml, RightsError } from '@sealward/xrml'
import {
  ownKeysOf,
  type Configuration,
  type MachineAuthority,
  type ServiceKey,
  type Template,
  type TrustedUserDomain,
} from './configuration.ts'
import { exclusionsOf } from './exclusion-lists.ts'
import { readTemplate } from './read-template.ts'
import type { Repositories, Store, StoredAuthority, StoredServiceKey, StoredUserDomain } from './store.ts'

/** A snapshot that is read again when the version in the store has changed; concurrent callers share one reading. */
export function configurationOf(store: Store): () => Promise<Configuration> {
  let snapshot: Configuration | undefined
  let loading: Promise<Configuration> | undefined
  return async () => {
    const version = await store.configurationVersion()
    if (snapshot?.version === version) return snapshot
    loading ??= store.transaction(loadConfiguration).finally(() => {
      loading = undefined
    })
    snapshot = await loading
    return snapshot
  }
}

/** @throws RightsError `sealed-record-invalid`, `store-refused` */
export async function loadConfiguration(repositories: Repositories): Promise<Configuration> {
  const version = await repositories.configurationVersion()
  const keys = new Map<string, ServiceKey>()
  for (const stored of await repositories.keys.list()) keys.set(stored.id, await openKey(repositories, stored))
  const templates = new Map<string, Template[]>()
  const scopes = await repositories.templates.scopes()
  for (const stored of await repositories.templates.list()) {
    const template = { ...readTemplate(stored), scope: scopes.get(stored.id) ?? [] }
    templates.set(template.id, [...(templates.get(template.id) ?? []), template])
  }
  const authorities = (await repositories.authorities.list()).filter((authority) => authority.purpose === 'machine')
  const machineAuthorities: MachineAuthority[] = []
  for (const stored of authorities) machineAuthorities.push(await openMachineAuthority(repositories, stored))
  const settings = await repositories.settings.read()
  return {
    version,
    settings,
    keys,
    ownKeys: ownKeysOf({ keys, templates, settings }),
    activeKey: [...keys.values()].find((key) => key.state === 'active'),
    templates,
    userDomains: (await repositories.userDomains.list()).map(readUserDomain),
    superUsers: { ...(await repositories.superUsers.read()), group: settings.superUserGroup },
    exclusions: exclusionsOf(
      await repositories.exclusions.list(),
      await repositories.revocations.list(['principal-id', 'principal-key']),
    ),
    machineAuthorities,
  }
}

async function openKey(repositories: Repositories, stored: StoredServiceKey): Promise<ServiceKey> {
  const handle = await repositories.vault.open(stored.vaultKeyId)
  // A key of another row, or certificates of another key, must never be used together.
  if (handle.publicKey.fingerprint !== stored.id) throw new RightsError('store-refused', { detail: `key ${stored.id}` })
  const licensor = certificateOf(stored.chain)
  if (licensor.principal.publicKey.fingerprint !== stored.id) {
    throw new RightsError('store-refused', { detail: `certificate of key ${stored.id}` })
  }
  return {
    id: stored.id,
    state: stored.state,
    origin: stored.origin,
    createdAt: stored.createdAt,
    activatedAt: stored.activatedAt,
    handle,
    mode: modeOfKey(handle.publicKey),
    licensor,
    chain: stored.chain,
    friendlyName: stored.friendlyName,
    exportedAt: stored.exportedAt,
  }
}

async function openMachineAuthority(repositories: Repositories, stored: StoredAuthority): Promise<MachineAuthority> {
  const certificate = certificateOf(stored.chain)
  return {
    mode: stored.mode,
    handle: await repositories.vault.open(stored.vaultKeyId),
    certificate,
    chain: stored.chain,
  }
}

function readUserDomain(stored: StoredUserDomain): TrustedUserDomain {
  const licensor = certificateOf(stored.chain)
  if (licensor.principal.publicKey.fingerprint !== stored.id) {
    throw new RightsError('store-refused', { detail: `certificate of user domain ${stored.id}` })
  }
  return { ...stored, licensor, mode: modeOfKey(licensor.principal.publicKey) }
}

function certificateOf(chain: readonly string[]) {
  const [text] = chain
  if (text === undefined) throw new RightsError('store-refused', { detail: 'a key without a certificate' })
  return parseIssuingCertificate(parseXrml(text))
}
