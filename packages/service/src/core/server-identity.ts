/**
 * Whom a server stands for (MS-RMPR 3.3.4.1 asks the directory for the mail address of whoever calls; the accounts of
 * computers have none). Where the directory links the account of a computer to a user, the certificate is that user's, and
 * so all computers of a farm share one identity.
 */
import type { Caller, CoreContext, Directory, DirectoryCaller, DirectoryUser, Sender } from './ports.ts'
import { idOf, isAccount } from './sender.ts'
import type { ClosedDoor } from './settings.ts'

/**
 * @param door through which the caller was admitted
 * @returns nobody where the caller is certified itself, or not at all
 * @throws RightsError `directory-unavailable`
 */
export async function sharedIdentity(
  { directory }: Pick<CoreContext, 'directory'>,
  caller: DirectoryCaller,
  door: ClosedDoor | undefined,
): Promise<Caller | undefined> {
  const user = door === 'server-certification' ? await linkedUser(directory, caller) : undefined
  return user === undefined ? undefined : { user, authentication: caller.authentication }
}

/** Whether the sender is that user, or a computer that shares its identity. */
export async function speaksFor(
  { directory }: Pick<CoreContext, 'directory'>,
  sender: Sender,
  user: DirectoryUser,
): Promise<'itself' | 'linked' | 'no'> {
  if (!isAccount(sender) && sender.user.id === user.id) return 'itself'
  if (sender.authentication === 'federated') return 'no'
  return (await linkedUser(directory, sender))?.id === user.id ? 'linked' : 'no'
}

async function linkedUser(directory: Directory, caller: DirectoryCaller): Promise<DirectoryUser | undefined> {
  const linked = await directory.accounts.linkedUser(idOf(caller))
  return linked === undefined ? undefined : directory.findBySid(linked.sid)
}
