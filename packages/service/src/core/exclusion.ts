/**
 * Who and what gets no licences (MS-RMPR 3.1.1, racExclusionPolicy, spcExclusionPolicy, applicationExclusionPolicy,
 * osExclusionPolicy): one decision for every door (threats P2, P16). Part of the configuration, so that an exclusion is
 * effective with the next request of every process, and no licence is recorded that was decided before it.
 */
import {
  canonicalGuid,
  compareVersions,
  element,
  lastVersion,
  RightsError,
  securityLevel,
  writeExclusionList,
  type AccountCertificate,
  type MachineCertificate,
} from '@sealward/xrml'
import type { Exclusions } from './exclusion-lists.ts'
import type { DirectoryCaller } from './ports.ts'
import type { Reader } from './resolve-principal.ts'
import { isAccount } from './sender.ts'

interface Configured {
  readonly exclusions: Exclusions
}

/** A person as exclusions name people. */
export interface ExcludablePerson {
  readonly addresses: readonly string[]
  readonly ids: readonly string[]
}

export function excludableReader({ id, principal }: Reader): ExcludablePerson {
  return { addresses: principal.addresses, ids: [id, ...principal.sids] }
}

export function excludableCaller(caller: DirectoryCaller): ExcludablePerson {
  if (isAccount(caller)) return { addresses: [], ids: [caller.account.id, caller.account.sid] }
  const { id, sid, sidHistory, address, aliases } = caller.user
  return { addresses: [address, ...aliases], ids: [id, sid, ...sidHistory] }
}

/**
 * Whether the person may be given licences and publishing certificates, with this account certificate if there is one
 * (MS-RMPR 3.4.4.1, validation of the account certificate).
 * @throws RightsError `account-excluded`, `machine-excluded`
 */
export function requireNotExcluded(
  { exclusions }: Configured,
  person: ExcludablePerson,
  account?: AccountCertificate,
): void {
  const excluded =
    person.addresses.some((address) => exclusions.users.has(address)) ||
    person.ids.some((id) => exclusions.principals.has(id)) ||
    (account !== undefined && exclusions.accountKeys.has(account.principal.publicKey.fingerprint))
  if (excluded) throw new RightsError('account-excluded')
  // Without a machine, as between servers, the key is with the service itself.
  if (account?.machine === undefined) return
  requireMachine(exclusions, [canonicalGuid(account.machine.object.id)])
  requireProcessor(exclusions, lastVersion(securityLevel(account.machine, 'Repository') ?? ''))
}

/** Whether account certificates may be sealed to the machine (MS-RMPR 3.3.4.1). @throws RightsError `machine-excluded` */
export function requireMachineNotExcluded({ exclusions }: Configured, machine: MachineCertificate): void {
  const { object, publicKey } = machine.principal
  requireMachine(exclusions, [canonicalGuid(object.id), publicKey.fingerprint])
  requireProcessor(exclusions, machine.version)
}

/** @param names GUID, and fingerprint where the key is known @throws RightsError `machine-excluded` */
export function requireMachine(exclusions: Exclusions, names: readonly string[]): void {
  if (names.some((name) => exclusions.machines.has(name))) throw new RightsError('machine-excluded')
}

/** A version that is not told may be any. */
function requireProcessor({ securityProcessor }: Exclusions, version: string | undefined): void {
  if (securityProcessor === undefined) return
  if (version === undefined || compareVersions(version, securityProcessor) < 0) {
    throw new RightsError('machine-excluded', { detail: `security processor ${version ?? 'without a version'}` })
  }
}

/** What use licences say about programs and systems that must not use them (MS-RMPR 2.2.9.9), in their order. */
export function exclusionMarkup({ exclusions }: Configured): { readonly condition: string; readonly list: string } {
  const system = exclusions.operatingSystem
  const span = system === undefined ? '' : `${system.minimum}-${system.maximum}`
  return {
    condition:
      system === undefined
        ? ''
        : element('CONDITIONLIST', {}, `<CONDITION NAME="OS-Exclusion" TYPE="versionspan">${span}</CONDITION>`),
    list: writeExclusionList(exclusions.applications),
  }
}
