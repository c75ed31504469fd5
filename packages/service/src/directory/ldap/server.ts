/**
 * What kind of server it is, by its rootDSE (MS-ADTS 3.1.1.3.2, RFC 4512 5.1), and which attributes mean what there. Only
 * Active Directory follows nested groups by itself; others answer its rule with nothing and no error.
 */
import { PresenceFilter, type Client } from 'ldapts'
import { RightsError } from '@sealward/xrml'
import type { GroupLimits } from '../group-limits.ts'
import { search, texts } from './search.ts'

export interface LdapServer {
  readonly kind: 'active-directory' | 'generic'
  /** Where people and groups are. */
  readonly base: string
  /** Of a forest: where services are registered. */
  readonly configuration: string | undefined
}

/** What every question to a server needs. */
export interface Question {
  readonly client: Client
  readonly server: LdapServer
  readonly now: Date
  /** Whether the server may tell about the address. */
  readonly concerns: (address: string) => boolean
  readonly limits: GroupLimits
  /** Begins another answer of limited size. */
  readonly next: () => void
}

const activeDirectory = '1.2.840.113556.1.4.800'
const cataloguePorts = ['3268', '3269']

/** @throws RightsError `directory-unavailable`; errors of ldapts */
export async function readServer(client: Client, baseDn: string | undefined, url: string): Promise<LdapServer> {
  const attributes = [
    'supportedCapabilities',
    'defaultNamingContext',
    'namingContexts',
    'configurationNamingContext',
    'rootDomainNamingContext',
  ]
  const filter = new PresenceFilter({ attribute: 'objectClass' })
  const [root] = await search(client, { base: '', scope: 'base', filter, attributes, most: 1 })
  if (root === undefined)
    throw new RightsError('directory-unavailable', { detail: 'the server does not describe itself' })
  const kind = texts(root, 'supportedCapabilities').includes(activeDirectory) ? 'active-directory' : 'generic'
  // The empty base of a global catalogue is the whole forest.
  const whole = cataloguePorts.includes(new URL(url).port) ? '' : texts(root, 'defaultNamingContext')[0]
  const base = baseDn ?? (kind === 'active-directory' ? whole : texts(root, 'namingContexts')[0])
  if (base === undefined) throw new RightsError('directory-unavailable', { detail: 'no naming context; set baseDn' })
  return { kind, base, configuration: texts(root, 'configurationNamingContext')[0] }
}
