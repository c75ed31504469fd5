/**
 * The entry of a forest by which Windows clients find their cluster (MS-RMPR 2.3 and 3.1.4.4): a service connection point
 * below `CN=RightsManagementServices,CN=Services` of the configuration. Clients find it by class and keywords, not by name,
 * and there is one in a forest. The cluster itself need not be there.
 */
import { AndFilter, Attribute, Change, EqualityFilter, InsufficientAccessError, type Client } from 'ldapts'
import { RightsError } from '@sealward/xrml'
import { anyEntry } from './filters.ts'
import { createLdapPool, type PoolSettings } from './pool.ts'
import { search, texts } from './search.ts'
import { readServer } from './server.ts'

export interface Registration {
  readonly dn: string
  /** Where clients certify themselves: `https://host/_wmcs/certification`. */
  readonly url: string
}

export interface ServiceConnectionPoints {
  /** More than one is a mistake that somebody has to clear up: clients take any of them. */
  list(): Promise<readonly Registration[]>
  /** What `register` would do. */
  planned(url: string): Promise<'nothing' | 'create' | 'replace'>
  /**
   * @param options.foreign replaces the address of another cluster
   * @throws RightsError `scp-foreign`, `scp-not-permitted`, `directory-unavailable`
   */
  register(url: string, options: { readonly foreign: boolean }): Promise<void>
  /** @returns what was removed @throws RightsError `scp-foreign`, `scp-not-permitted`, `directory-unavailable` */
  unregister(url: string, options: { readonly foreign: boolean }): Promise<readonly Registration[]>
  close(): Promise<void>
}

const keywords = ['MSRMRootCluster', '1.0']
const timeout = 10_000
const registrationsMost = 100

export function openServiceConnectionPoints(settings: PoolSettings): ServiceConnectionPoints {
  const pool = createLdapPool(settings, { timeout, connectionsMost: 1 })
  const [firstUrl = ''] = settings.urls
  const ask = <T>(work: (client: Client, services: string) => Promise<T>): Promise<T> =>
    pool.use(async (client) => {
      const { kind, configuration } = await readServer(client, undefined, firstUrl)
      if (kind === 'generic' || configuration === undefined) throw new RightsError('scp-forest-missing')
      try {
        return await work(client, `CN=Services,${configuration}`)
      } catch (cause) {
        if (!(cause instanceof InsufficientAccessError)) throw cause
        throw new RightsError('scp-not-permitted', { detail: settings.bindDn, cause })
      }
    })

  return {
    list: () => ask(registrations),
    planned: (url) =>
      ask(async (client, services) => {
        const [known, ...others] = await registrations(client, services)
        if (known === undefined) return 'create'
        return others.length === 0 && sameAddress(known.url, url) ? 'nothing' : 'replace'
      }),
    register: (url, { foreign }) =>
      ask(async (client, services) => {
        const [known, ...others] = await registrations(client, services)
        if (known === undefined) return create(client, services, url)
        const strange = [known, ...others].filter((each) => !sameAddress(each.url, url))
        if (strange.length > 0 && !foreign) throw new RightsError('scp-foreign', { detail: strange[0]?.url ?? '' })
        for (const { dn } of others) await client.del(dn)
        if (!sameAddress(known.url, url)) await client.modify(known.dn, replaceUrl(url))
      }),
    unregister: (url, { foreign }) =>
      ask(async (client, services) => {
        const known = await registrations(client, services)
        const strange = known.find((each) => !sameAddress(each.url, url))
        if (strange !== undefined && !foreign) throw new RightsError('scp-foreign', { detail: strange.url })
        for (const { dn } of known) await client.del(dn)
        return known
      }),
    close: () => pool.close(),
  }
}

/** What clients of the forest find. @param services DN of the container of services */
export async function registrations(client: Client, services: string): Promise<readonly Registration[]> {
  const terms: readonly (readonly [string, string])[] = [
    ['objectClass', 'serviceConnectionPoint'],
    ...keywords.map((keyword) => ['keywords', keyword] as const),
  ]
  const filters = terms.map(([attribute, value]) => new EqualityFilter({ attribute, value }))
  const attributes = ['serviceBindingInformation']
  const filter = new AndFilter({ filters })
  const found = await search(client, { base: services, filter, attributes, most: registrationsMost })
  return found.map((entry) => ({ dn: entry.dn, url: texts(entry, 'serviceBindingInformation')[0] ?? '' }))
}

async function create(client: Client, services: string, url: string): Promise<void> {
  const container = `CN=RightsManagementServices,${services}`
  const [there] = await search(client, {
    base: container,
    scope: 'base',
    filter: anyEntry,
    attributes: ['cn'],
    most: 1,
  })
  if (there === undefined) await client.add(container, { objectClass: ['top', 'container'] })
  await client.add(`CN=SCP,${container}`, {
    objectClass: ['top', 'leaf', 'connectionPoint', 'serviceConnectionPoint'],
    keywords,
    serviceBindingInformation: [url],
  })
}

function replaceUrl(url: string): Change {
  const modification = new Attribute({ type: 'serviceBindingInformation', values: [url] })
  return new Change({ operation: 'replace', modification })
}

/** Addresses are written with and without a slash at the end, and hosts in any case. */
export function sameAddress(one: string, other: string): boolean {
  return one.replace(/\/$/, '').toLowerCase() === other.replace(/\/$/, '').toLowerCase()
}
