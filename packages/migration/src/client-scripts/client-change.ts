/**
 * The two changes that a migration makes to Windows computers. Before a batch moves, computers of those who stay are
 * *prepared*: what moved people protect with the tenant is answered by the cluster. Then a batch is *migrated*: stores
 * and cached addresses are cleaned up, and every address of the clusters leads to the tenant. Each has a part for the
 * computer and one for each of its users.
 */
import { licensingUrlSpellings } from '@sealward/protocol'
import {
  below,
  msdrmServiceLocation,
  msipcServiceLocation,
  officeDefaultServer,
  officeRightsKeys,
  redirectionKeys,
  stateKey,
} from './client-keys.ts'
import type { CheckedPlan } from './redirection-plan.ts'
import {
  isWithin,
  number,
  text,
  type RegistryHive,
  type RegistryOperation,
  type SetValue,
} from './registry-operation.ts'
import { allRedirectedUrls } from './url-variants.ts'

export type ChangeName = 'prepare' | 'migrate'
export type PartName = 'machine' | 'user'

export interface ChangePart {
  readonly change: ChangeName
  readonly part: PartName
  readonly hive: RegistryHive
  readonly operations: readonly RegistryOperation[]
  /** Written last: says that everything before was done. */
  readonly stamp: readonly SetValue[]
  /** Certificates and licences of the user are thrown away; the client gets new ones by itself. */
  readonly cleansStores: boolean
}

/** The value of `stateKey` in which a part leaves the version of its script. */
export const stampNames = {
  prepare: { machine: 'PreparedMachineVersion', user: 'PreparedUserVersion', batch: 'PreparedBatch' },
  migrate: { machine: 'MachineVersion', user: 'UserVersion', batch: 'Batch' },
} as const satisfies Record<ChangeName, Record<PartName | 'batch', string>>

export function changeParts(plan: CheckedPlan): readonly ChangePart[] {
  return [
    part(plan, 'prepare', 'machine', prepareRedirections(plan, 'HKLM')),
    part(plan, 'prepare', 'user', prepareRedirections(plan, 'HKCU')),
    part(plan, 'migrate', 'machine', migrateMachine(plan)),
    part(plan, 'migrate', 'user', migrateUser(plan)),
  ]
}

/**
 * The way back where nothing was saved: what the part wrote is deleted, what it cleaned up is cleaned up again.
 */
export function inverseOperations({ operations, stamp }: ChangePart): readonly RegistryOperation[] {
  const cleaned = operations.filter(({ action }) => action === 'deleteContents')
  const written = operations.filter((each) => each.action === 'set')
  const kept = [...written, ...stamp].filter((each) => !cleaned.some((outer) => isWithin(each, outer)))
  return [...cleaned, ...kept.map(({ hive, key, name }) => ({ action: 'deleteValue' as const, hive, key, name }))]
}

function part(
  plan: CheckedPlan,
  change: ChangeName,
  name: PartName,
  operations: readonly RegistryOperation[],
): ChangePart {
  const hive = name === 'machine' ? 'HKLM' : 'HKCU'
  const key = stateKey(hive)
  const names = stampNames[change]
  return {
    change,
    part: name,
    hive,
    operations,
    stamp: [text(key, names.batch, plan.batch), number(key, names[name], Number(plan.version))],
    cleansStores: change === 'migrate' && name === 'user',
  }
}

function prepareRedirections({ tenant, staying }: CheckedPlan, hive: RegistryHive): readonly RegistryOperation[] {
  // A tenant's host is always named in full; its first label is no name of it.
  const spellings = licensingUrlSpellings(tenant.licensing)
  return redirectionKeys(hive).flatMap((key) => spellings.map((url) => text(key, url, staying)))
}

function migrateMachine(plan: CheckedPlan): readonly RegistryOperation[] {
  const { certification, licensing } = plan.tenant
  return [
    ...[...officeRightsKeys('HKLM'), ...msdrmServiceLocation, ...msipcServiceLocation].map(clean),
    ...msdrmServiceLocation.flatMap((key) => [
      text(below(key, 'Activation'), '', certification),
      text(below(key, 'EnterpriseCertification'), '', certification),
      text(below(key, 'EnterprisePublishing'), '', licensing),
    ]),
    ...msipcServiceLocation.flatMap((key) => [
      text(below(key, 'EnterpriseCertification'), '', certification),
      text(below(key, 'EnterprisePublishing'), '', licensing),
    ]),
    ...migrateRedirections(plan, 'HKLM'),
  ]
}

function migrateUser(plan: CheckedPlan): readonly RegistryOperation[] {
  const { authority, licensing } = plan.tenant
  const { office15, office16 } = officeDefaultServer
  const msipcKeys = redirectionKeys('HKCU').filter(({ software }) => software === 'msipc')
  return [
    ...[...officeRightsKeys('HKCU'), office16, ...msipcKeys].map(clean),
    ...[office15, office16].flatMap((key) => [
      text(key, 'DefaultServerUrl', licensing),
      text(key, 'DefaultServer', authority),
    ]),
    ...migrateRedirections(plan, 'HKCU'),
  ]
}

function migrateRedirections(plan: CheckedPlan, hive: RegistryHive): readonly RegistryOperation[] {
  const variants = allRedirectedUrls(plan)
  return redirectionKeys(hive).flatMap((key) =>
    variants.map(({ url, to = plan.tenant.licensing }) => text(key, url, to)),
  )
}

function clean({ hive, key }: { readonly hive: RegistryHive; readonly key: string }): RegistryOperation {
  return { action: 'deleteContents', hive, key }
}
