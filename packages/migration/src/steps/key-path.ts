/**
 * How the key of a cluster gets into the tenant: decided by where it is kept and who shall keep it. Only software to
 * software is done here; the others are planned with the supplier's own commands up to a reference to the key.
 */
import type { MigrationPlan, PlannedCluster, PlannedExport } from '../project/plan.ts'

export type KeyPathName =
  | 'software-to-software'
  | 'hsm-to-hsm'
  | 'software-to-hsm'
  | 'move-then-hsm-to-hsm'
  | 'read-only-source'
  | 'unsupported'

export interface KeyPath {
  readonly path: KeyPathName
  /** A, B or C of the published table. */
  readonly letter: 'A' | 'B' | 'C' | undefined
  /** Why it cannot be done; the other fields then say what could. */
  readonly refusal: string | undefined
  readonly commands: readonly string[]
}

type Table = Readonly<
  Record<PlannedCluster['keyStorage'], Readonly<Record<MigrationPlan['tenant']['target'], KeyPathName>>>
>

const table: Table = {
  database: { 'service-managed': 'software-to-software', 'customer-managed': 'software-to-hsm' },
  'supported-hsm': { 'service-managed': 'unsupported', 'customer-managed': 'hsm-to-hsm' },
  'other-hsm': { 'service-managed': 'unsupported', 'customer-managed': 'move-then-hsm-to-hsm' },
  'other-provider': { 'service-managed': 'unsupported', 'customer-managed': 'move-then-hsm-to-hsm' },
}

export function keyPathOf(
  cluster: Pick<PlannedCluster, 'keyStorage' | 'exportable' | 'keyProtection'>,
  target: MigrationPlan['tenant']['target'],
  planned?: Pick<PlannedExport, 'file' | 'keyReference'>,
): KeyPath {
  if (!cluster.exportable) return { path: 'read-only-source', letter: undefined, refusal: undefined, commands: [] }
  const path = table[cluster.keyStorage][target]
  const file = planned?.file ?? 'TPD.xml'
  const ident = planned?.keyReference?.label ?? 'ident'
  if (path === 'unsupported') {
    return {
      path,
      letter: undefined,
      refusal: `a key in ${cluster.keyStorage} cannot become a key of the service`,
      commands: [],
    }
  }
  if (path === 'software-to-software') return { path, letter: 'A', refusal: undefined, commands: [] }
  if (path === 'software-to-hsm')
    return { path, letter: 'C', refusal: undefined, commands: splitAndImport(file, ident) }
  const card = cluster.keyProtection === 'operator-card'
  return {
    path,
    letter: 'B',
    refusal: card ? 'a key behind operator cards cannot be transferred; it must be protected by the module' : undefined,
    commands: [...(path === 'move-then-hsm-to-hsm' ? [moveFirst] : []), ...transfer(ident)],
  }
}

const moveFirst = 'Move the key into the supported module with the procedure of its present supplier.'

/** The key file is `key_mscapi_{ident}` in the key management data of the module; no new key is made. */
function transfer(ident: string): readonly string[] {
  const key = `-KeyAppName mscapi -KeyIdentifier ${ident} -ExchangeKeyPackage BYOK-KEK-pkg -NewSecurityWorldPackage BYOK-SecurityWorld-pkg`
  return [
    `KeyTransferRemote.exe -ModifyAccessToPerms ${key}`,
    `KeyTransferRemote.exe -CreateTransferBlob ${key} -NewKeyFriendlyName ${ident}`,
  ]
}

function splitAndImport(file: string, ident: string): readonly string[] {
  const stem = file.replace(/\.xml$/i, '')
  return [
    `TpdUtil /tpd:${stem}.xml /otpd:${stem}_keyless.xml /opem:${stem}_key.pem`,
    `generatekey --import simple pemreadfile=${stem}_key.pem plainname=${ident} protect=module ident=${ident} type=RSA`,
    `Erase ${stem}_key.pem beyond recovery.`,
  ]
}
