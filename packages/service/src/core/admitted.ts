/**
 * Calls that disclose or do what no ordinary person may ask for: certificates for servers and devices, certificates and
 * licences of other people, new policies for published documents, memberships, bare content keys. Nobody is admitted until
 * an administrator names accounts or groups (MS-RMSI 2.1; threats P8, P16, P17).
 */
import { RightsError } from '@sealward/xrml'
import { requireCaller } from './certify.ts'
import type { Configuration } from './configuration.ts'
import type { Caller, CoreContext } from './ports.ts'
import { accountsOnly, type ClosedDoor } from './settings.ts'

/**
 * @returns the caller
 * @throws RightsError `unauthenticated`, `user-disabled`, `endpoint-closed`, `directory-unavailable`
 */
export async function requireAdmitted(
  context: CoreContext,
  { settings }: Pick<Configuration, 'settings'>,
  caller: Caller | undefined,
  door: ClosedDoor,
): Promise<Caller> {
  const known = requireCaller(caller)
  const admitted = new Set(settings.admitted[door])
  if (admitted.has(known.user.address)) return known
  // The directory is asked only when there is somebody to find.
  const groups = admitted.size === 0 || accountsOnly.has(door) ? [] : await context.directory.groupsOf(known.user)
  if (!groups.some((group) => admitted.has(group))) throw new RightsError('endpoint-closed', { detail: door })
  return known
}
