/** Windows accounts of entries: the NetBIOS name of the domain in whose naming context they are (MS-ADTS 6.1.1.2.1.1). */
import type { Entry } from 'ldapts'
import { canonicalAccount } from '../directory-file.ts'
import { everyDomain } from './filters.ts'
import { search, texts } from './search.ts'
import type { Question } from './server.ts'

export interface Accounts {
  /** `corp\alice`; undefined for what is no account. */
  accountOf(entry: Entry): string | undefined
}

const domainsMost = 1_000

/** @throws RightsError `directory-unavailable`; errors of ldapts */
export async function readAccounts({ client, server }: Question): Promise<Accounts> {
  const domains = await readDomains(client, server.configuration)
  return {
    accountOf(entry) {
      const [name] = texts(entry, 'sAMAccountName')
      const dn = entry.dn.toLowerCase()
      // Domains are below each other: the longest context is the entry's own.
      const [domain] = domains
        .filter(({ context }) => dn.endsWith(`,${context}`))
        .sort((a, b) => b.context.length - a.context.length)
      return name === undefined || domain === undefined ? undefined : canonicalAccount(`${domain.name}\\${name}`)
    },
  }
}

export interface Domain {
  /** NetBIOS name. */
  readonly name: string
  /** DN of its naming context, in lower case. */
  readonly context: string
}

export async function readDomains(
  client: Question['client'],
  configuration: string | undefined,
): Promise<readonly Domain[]> {
  if (configuration === undefined) return []
  const found = await search(client, {
    base: `CN=Partitions,${configuration}`,
    filter: everyDomain(),
    attributes: ['nCName', 'nETBIOSName'],
    most: domainsMost,
  })
  return found.flatMap((entry) => {
    const [context] = texts(entry, 'nCName')
    const [name] = texts(entry, 'nETBIOSName')
    return context === undefined || name === undefined ? [] : [{ name, context: context.toLowerCase() }]
  })
}
