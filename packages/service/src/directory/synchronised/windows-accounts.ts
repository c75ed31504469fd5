/**
 * Accounts and groups by security identifier, as the service keeps them: those without addresses are stored like the others.
 * Which computers share whose identity is not; the source is asked.
 */
import type { SynchronisedDirectoryRepository, SynchronisedEntry } from '../../core/synchronised-directory.ts'
import type { WindowsAccounts } from '../../core/windows-accounts.ts'
import { canonicalAccount } from '../directory-file.ts'
import type { GroupLimits } from '../group-limits.ts'
import { groupsAbove } from './groups.ts'
import { immutableIdOf } from './kept-entry.ts'

export interface SynchronisedAccountsInput {
  readonly repository: SynchronisedDirectoryRepository
  readonly limits: GroupLimits
  readonly isDisabled: (entry: SynchronisedEntry) => boolean
  /** @throws RightsError `directory-unavailable` */
  readonly checkAge: () => Promise<void>
  readonly source: Pick<WindowsAccounts, 'linkedUser'>
}

export function synchronisedAccounts(input: SynchronisedAccountsInput): WindowsAccounts {
  const { repository, isDisabled, checkAge, source } = input

  const present = async (ids: readonly string[]): Promise<readonly SynchronisedEntry[]> =>
    (await repository.entries(ids)).filter(({ deletedAt }) => deletedAt === undefined)

  return {
    async find(domain, name) {
      await checkAge()
      const account = canonicalAccount(`${domain}\\${name}`)
      const [entry, ...others] = await present(await repository.withAccount(account))
      if (others.length > 0 || entry?.type !== 'person' || entry.address !== undefined) return undefined
      return { id: entry.id, sid: entry.sid, name: account, disabled: isDisabled(entry) }
    },
    async named(text) {
      await checkAge()
      const bySid = (await present(await repository.withSid(text))).filter(({ sid }) => sid === text)
      const found = bySid.length > 0 ? bySid : await present(await repository.withAccount(canonicalAccount(text)))
      const [entry, ...others] = found
      if (entry?.account === undefined || others.length > 0) return undefined
      return { kind: entry.type === 'person' ? 'account' : entry.kind, sid: entry.sid, name: entry.account }
    },
    async groupSids(id) {
      await checkAge()
      const known = await present([id, immutableIdOf(id)])
      const person = known.find((entry) => entry.id === id)
      if (person === undefined) return []
      const above = await present([...(await groupsAbove(input, [person])).keys()])
      return above.filter(({ type, kind }) => type === 'group' && kind === 'security').map(({ sid }) => sid)
    },
    linkedUser: (id) => source.linkedUser(id),
  }
}
