/**
 * What can be seen of a directory server with the account that reads it: whether it answers and lets the account in, what
 * time it has, whether groups are shown, and which cluster its forest names. For `sealward doctor`; nothing is changed.
 */
import { EqualityFilter, OrFilter, PresenceFilter, type Client } from 'ldapts'
import { groupClasses } from './filters.ts'
import { createLdapPool, readPassword } from './pool.ts'
import { search, texts } from './search.ts'
import { readServer, type LdapServer } from './server.ts'
import { registrations, type Registration } from './service-connection-point.ts'
import type { LdapSourceSettings } from './settings.ts'

export interface LookedAtSource {
  /** What messages call it. */
  readonly name: string
  readonly kind: LdapServer['kind']
  /** Undefined where the server does not tell; only Active Directory does (MS-ADTS 3.1.1.3.2.3). */
  readonly time: Date | undefined
  /** Whether the account is shown any group at all. */
  readonly showsGroups: boolean
  /** Undefined for a server that belongs to no forest. */
  readonly registrations: readonly Registration[] | undefined
}

/**
 * @param settings paths in it are absolute @param timeout milliseconds, for the connection and for every answer
 * @throws RightsError `directory-unavailable`, also when the account is refused
 */
export async function lookAtSource(settings: LdapSourceSettings, timeout: number): Promise<LookedAtSource> {
  const { name, urls, baseDn, passwordFile } = settings
  const [firstUrl = ''] = urls
  const pool = createLdapPool(
    { ...settings, password: () => readPassword(passwordFile) },
    { timeout, connectionsMost: 1 },
  )
  try {
    return await pool.use(async (client) => {
      const server = await readServer(client, baseDn, firstUrl)
      const { kind, configuration } = server
      const forest = kind === 'active-directory' && configuration !== undefined ? configuration : undefined
      return {
        name: name ?? new URL(firstUrl).host,
        kind,
        time: await timeOf(client),
        showsGroups: await showsGroups(client, server),
        registrations: forest === undefined ? undefined : await registrations(client, `CN=Services,${forest}`),
      }
    })
  } finally {
    await pool.close()
  }
}

async function timeOf(client: Client): Promise<Date | undefined> {
  const filter = new PresenceFilter({ attribute: 'objectClass' })
  const [root] = await search(client, { base: '', scope: 'base', filter, attributes: ['currentTime'], most: 1 })
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(
      root === undefined ? '' : (texts(root, 'currentTime')[0] ?? ''),
    ) ?? []
  return second === undefined ? undefined : new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

/** One entry is enough to know. */
async function showsGroups(client: Client, { kind, base }: LdapServer): Promise<boolean> {
  const filters = groupClasses[kind].map((value) => new EqualityFilter({ attribute: 'objectClass', value }))
  const filter = new OrFilter({ filters })
  const pages = client.searchPaginated(base, { scope: 'sub', filter, attributes: ['cn'], paged: { pageSize: 1 } })
  for await (const { searchEntries } of pages) if (searchEntries.length > 0) return true
  return false
}
