/**
 * Calls that disclose or do what no ordinary person may ask for: certificates for servers and devices, certificates and
 * licences of other people, new policies for published documents, memberships, bare content keys. Nobody is admitted until
 * an administrator names accounts or groups (MS-RMSI 2.1; threats P8, P16, P17).
 */
import { RightsError } from '@sealward/xrml'
import type { Configuration } from './configuration.ts'
import type { CoreContext, DirectoryCaller, Sender } from './ports.ts'
import { idOf, isAccount, requireDirectoryCaller } from './sender.ts'
import { accountsOnly, type ClosedDoor } from './settings.ts'

/**
 * @returns the caller
 * @throws RightsError `unauthenticated`, `user-disabled`, `endpoint-closed`, `directory-unavailable`
 */
export async function requireAdmitted(
  context: CoreContext,
  { settings }: Pick<Configuration, 'settings'>,
  sender: Sender | undefined,
  door: ClosedDoor,
): Promise<DirectoryCaller> {
  const caller = requireDirectoryCaller(sender)
  const addresses = new Set(settings.admitted[door])
  const sids = new Set(settings.admittedAccounts[door]?.map(({ sid }) => sid))
  const asked = { directory: context.directory, groups: !accountsOnly.has(door) }
  if (await byAddress(asked, caller, addresses)) return caller
  if (await bySid(asked, caller, sids)) return caller
  throw new RightsError('endpoint-closed', { detail: door })
}

interface Asked extends Pick<CoreContext, 'directory'> {
  /** Whether being in a group is enough. The directory is asked only when there is somebody to find. */
  readonly groups: boolean
}

async function byAddress(
  { directory, groups }: Asked,
  caller: DirectoryCaller,
  admitted: ReadonlySet<string>,
): Promise<boolean> {
  if (isAccount(caller)) return false
  if (admitted.has(caller.user.address)) return true
  return groups && admitted.size > 0 && (await directory.groupsOf(caller.user)).some((group) => admitted.has(group))
}

async function bySid(
  { directory, groups }: Asked,
  caller: DirectoryCaller,
  admitted: ReadonlySet<string>,
): Promise<boolean> {
  if (admitted.has(isAccount(caller) ? caller.account.sid : caller.user.sid)) return true
  if (!groups || admitted.size === 0) return false
  return (await directory.accounts.groupSids(idOf(caller))).some((sid) => admitted.has(sid))
}
