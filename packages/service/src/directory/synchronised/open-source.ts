/** The source that the settings name: what it says at a run, and what it is asked when somebody signs in with a password. */
import type { SynchronisedEntry } from '../../core/synchronised-directory.ts'
import type { Clock } from '../../core/ports.ts'
import { noWindowsAccounts, type WindowsAccounts } from '../../core/windows-accounts.ts'
import { openLdapDirectory } from '../ldap/open-ldap-directory.ts'
import type { LdapDirectorySettings } from '../ldap/settings.ts'
import { openLocalDirectory, type LocalDirectory } from '../local.ts'
import { immutableIdOf } from './kept-entry.ts'
import { readFileSource } from './read-file.ts'
import { readLdapSource } from './read-ldap.ts'
import type { SynchronisedDirectorySettings } from './settings.ts'
import type { SourceReading, SynchronisationSource } from './source-reading.ts'

export interface OpenedSource extends SynchronisationSource {
  /**
   * Whether the source accepts the password; with the same work if nobody has the name, or the person is disabled.
   * @throws RightsError `directory-unavailable`
   */
  admits(person: SynchronisedEntry | undefined, password: Uint8Array): Promise<boolean>
  /** Immutable identifier of the person with a user principal name that is no address. */
  withPrincipalName(name: string): Promise<string | undefined>
  /** As the source knows them now. */
  readonly accounts: Pick<WindowsAccounts, 'linkedUser'>
  close(): Promise<void>
}

export interface OpenSourceInput {
  /** Paths in them are absolute. */
  readonly settings: SynchronisedDirectorySettings
  readonly clock: Clock
}

const hour = 3_600_000
/** Of Active Directory: what earlier versions did not keep is read as a whole once. */
const keptKinds = 'people, computers, groups, contacts, foreign security principals'
/** Asked for where nobody has the name, so that the work is the same. */
const nobodysId = '00000000-0000-0000-0000-000000000000'

/** Nothing is read yet: a service starts while its source is away. */
export function openSynchronisationSource({ settings, clock }: OpenSourceInput): OpenedSource {
  const { from, wholeEveryHours } = settings
  return typeof from === 'string' ? fileSource(from, clock) : ldapSources(from, clock, wholeEveryHours * hour)
}

function fileSource(file: string, clock: Clock): OpenedSource {
  let opened: Promise<LocalDirectory> | undefined
  const open = (): Promise<LocalDirectory> => {
    opened ??= openLocalDirectory({ file, clock }).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
  return {
    read: async () => [await readFileSource(file)],
    async admits(person, password) {
      const user = await (await open()).verifyPassword(person?.name ?? '', password)
      return user !== undefined && user.id === person?.id
    },
    withPrincipalName: async () => undefined,
    accounts: noWindowsAccounts,
    close: async () => (await opened?.catch(() => undefined))?.close(),
  }
}

function ldapSources(from: LdapDirectorySettings, clock: Clock, wholeEvery: number): OpenedSource {
  // What several entries claim is found by comparing; nobody is looked up by address here.
  const opened = openLdapDirectory({ settings: from, clock, report: () => undefined })
  const { sources } = opened
  const names = sources.map(({ name }, index) =>
    sources.findIndex((other) => other.name === name) === index ? name : `${name} (${index + 1})`,
  )
  return {
    async read(cookies) {
      const readings: SourceReading[] = []
      for (const [index, source] of sources.entries()) {
        const name = names[index] ?? source.name
        const { baseDn, domains } = from.sources[index] ?? {}
        const scope = JSON.stringify([baseDn ?? null, domains ?? null, keptKinds])
        readings.push(await readLdapSource({ source, name, cookie: cookies.get(name), scope, wholeEvery }))
      }
      return readings
    },
    async admits(person, password) {
      const source = sources[names.indexOf(person?.source ?? '')] ?? sources[0]
      const found = await source?.dnOf(person?.id ?? nobodysId)
      const dn = person === undefined ? undefined : found
      return (await source?.admits(dn, Buffer.from(password).toString('utf8'))) === true
    },
    async withPrincipalName(name) {
      for (const source of sources) {
        const answer = await source.byPrincipalName(name)
        if (answer === 'contested') return undefined
        if (answer !== undefined) return immutableIdOf(answer.id)
      }
      return undefined
    },
    accounts: opened.accounts,
    close: () => opened.close(),
  }
}
