/** What is the same of everybody who sends a request: people of the directory, accounts without address, federated people. */
import { RightsError } from '@sealward/xrml'
import type { AccountCaller, DirectoryCaller, Sender } from './ports.ts'

export function isAccount(sender: Sender): sender is AccountCaller {
  return 'account' in sender
}

/** The name under which the sender is recorded, and throttled. */
export function idOf(sender: Sender): string {
  return isAccount(sender) ? sender.account.id : sender.user.id
}

/** The mail address, or the name of an account that has none. */
export function nameOf(sender: Sender): string {
  return isAccount(sender) ? sender.account.name : sender.user.address
}

/** Somebody of the directory, with a mail address or without, or nobody. */
export function directoryCallerOf(sender: Sender | undefined): DirectoryCaller | undefined {
  // Whom another organisation vouches for is nobody of ours.
  return sender?.authentication === 'federated' ? undefined : sender
}

/** @throws RightsError `unauthenticated`, `user-disabled` */
export function requireDirectoryCaller(sender: Sender | undefined): DirectoryCaller {
  const caller = directoryCallerOf(sender)
  if (caller === undefined) throw new RightsError('unauthenticated')
  if ((isAccount(caller) ? caller.account : caller.user).disabled) throw new RightsError('user-disabled')
  return caller
}
