/**
 * Accounts and groups that are admitted by security identifier, because nobody has to have a mail address for it: the
 * computers of mail servers and of other clusters, and the groups of them (MS-RMSI 2.1, MS-RMPRS 2.1). The name is kept for
 * people to read; what counts is the identifier.
 */
import { RightsError } from '@sealward/xrml'
import type { Directory } from '../core/ports.ts'
import { accountsOnly, type ClosedDoor, type Settings } from '../core/settings.ts'
import { canonicalAccount } from '../directory/directory-file.ts'
import { change, type AdministrationContext } from './change.ts'

type Listed = NonNullable<Settings['admittedAccounts'][ClosedDoor]>

/** @returns by door, sorted by name; doors that admit nobody are absent */
export async function listAdmittedAccounts({ store }: AdministrationContext): Promise<Settings['admittedAccounts']> {
  return (await store.settings.read()).admittedAccounts
}

/**
 * @param input.member `CORP\name`, a name that only one has, or a security identifier
 * @throws RightsError `account-not-in-directory`, `group-refused` for a distribution list, and for any group where only
 * accounts are admitted; `directory-unavailable`
 */
export async function admitAccount(
  context: AdministrationContext,
  { door, member, directory }: { readonly door: ClosedDoor; readonly member: string; readonly directory: Directory },
): Promise<void> {
  const found = await directory.accounts.named(member)
  if (found === undefined) throw new RightsError('account-not-in-directory', { detail: member.slice(0, 254) })
  const { kind, sid, name } = found
  if (kind === 'distribution') throw new RightsError('group-refused', { detail: `${name}: a distribution list` })
  if (kind === 'security' && accountsOnly.has(door)) {
    throw new RightsError('group-refused', { detail: `${name}: only accounts are admitted to ${door}` })
  }
  await changeList(context, 'admit', door, (listed) => ({
    member: { sid, name },
    now: [...listed.filter((other) => other.sid !== sid), { sid, name }],
  }))
}

/**
 * Also for somebody whom the directory does not know any more.
 * @param input.member name or security identifier, as listed
 * @throws RightsError `account-not-in-directory` for nobody of the list
 */
export async function dismissAccount(
  context: AdministrationContext,
  { door, member }: { readonly door: ClosedDoor; readonly member: string },
): Promise<void> {
  const name = canonicalAccount(member)
  await changeList(context, 'dismiss', door, (listed) => {
    const [found, ...others] = listed.filter((other) => other.sid === member || other.name === name)
    if (found === undefined || others.length > 0) {
      throw new RightsError('account-not-in-directory', { detail: `${member.slice(0, 254)} is not admitted` })
    }
    return { member: found, now: listed.filter((other) => other !== found) }
  })
}

async function changeList(
  context: AdministrationContext,
  operation: string,
  door: ClosedDoor,
  edit: (listed: Listed) => { readonly member: Listed[number]; readonly now: Listed },
): Promise<void> {
  await change(context, operation, async ({ settings }) => {
    const { [door]: listed = [], ...others } = (await settings.read()).admittedAccounts
    const { member, now } = edit(listed)
    const sorted = now.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    const lists = { ...others, ...(sorted.length === 0 ? {} : { [door]: sorted }) }
    await settings.put('admittedAccounts', lists, context.clock.now())
    return { result: undefined, record: { door, member: `${member.name} ${member.sid}` } }
  })
}
