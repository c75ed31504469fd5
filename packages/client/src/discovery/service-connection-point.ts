/**
 * The service connection point of an Active Directory forest (MS-RMPR 2.3), as a client looks for it: by class and
 * keywords below the services of the configuration, never by its name. The directory is somebody else's word about where
 * a service is; who may be believed is decided by `admission.ts`.
 */
import { readFileSync } from 'node:fs'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { AndFilter, Client, EqualityFilter, PresenceFilter, type Entry, type Filter } from 'ldapts'
import { isRightsError, RightsError, type Awaitable } from '@sealward/xrml'

export interface ForestSettings {
  /** Domain controllers, asked in this order: `ldaps://`, or `ldap://` with StartTLS. */
  readonly servers: readonly string[]
  /** Certificates that vouch for them, PEM. */
  readonly caFile?: string
  /** Name and password of an account that reads; without it nobody signs in, which most forests do not answer. */
  readonly account?: string
  readonly password?: () => Awaitable<string>
  /** For the connection and every answer; default 10 seconds. */
  readonly timeoutMilliseconds?: number
}

export interface FoundConnectionPoint {
  readonly dn: string
  /** Where the cluster certifies, in its own spelling. */
  readonly url: string
}

const keywords = ['MSRMRootCluster', '1.0']
const entriesMost = 20
const answerBytesMost = 2 ** 20

/**
 * What the first domain controller that answers knows, sorted by DN.
 *
 * ```ts
 * const points = await findConnectionPoints({ servers: ['ldaps://dc1.corp.example'], account, password })
 * ```
 * @throws RightsError `directory-unavailable`, `scp-forest-missing`
 */
export async function findConnectionPoints(settings: ForestSettings): Promise<readonly FoundConnectionPoint[]> {
  let failure = new RightsError('directory-unavailable', { detail: 'no server is named' })
  for (const server of settings.servers) {
    try {
      return await askServer(server, settings)
    } catch (error) {
      failure = unavailable(server, error)
    }
  }
  throw failure
}

async function askServer(server: string, settings: ForestSettings): Promise<readonly FoundConnectionPoint[]> {
  const { account, password } = settings
  const { client, close } = await openConnection(server, settings)
  try {
    if (account !== undefined) await client.bind(account, requirePassword(await password?.()))
    const filter = new PresenceFilter({ attribute: 'objectClass' })
    const [root] = await search(client, { base: '', scope: 'base', filter, attribute: 'configurationNamingContext' })
    const configuration = root === undefined ? undefined : textOf(root, 'configurationNamingContext')
    if (configuration === undefined) throw new RightsError('scp-forest-missing', { detail: server })
    const found = await search(client, {
      base: `CN=Services,${configuration}`,
      scope: 'sub',
      filter: connectionPointFilter(),
      attribute: 'serviceBindingInformation',
    })
    return found
      .map((entry) => ({ dn: entry.dn, url: textOf(entry, 'serviceBindingInformation') ?? '' }))
      .toSorted((a, b) => (a.dn < b.dn ? -1 : 1))
  } finally {
    await close()
  }
}

function connectionPointFilter(): Filter {
  const terms = [['objectClass', 'serviceConnectionPoint'], ...keywords.map((keyword) => ['keywords', keyword])]
  const filters = terms.map(([attribute = '', value = '']) => new EqualityFilter({ attribute, value }))
  return new AndFilter({ filters })
}

async function search(
  client: Client,
  input: {
    readonly base: string
    readonly scope: 'base' | 'sub'
    readonly filter: Filter
    readonly attribute: string
  },
): Promise<readonly Entry[]> {
  const { base, scope, filter, attribute } = input
  const { searchEntries } = await client.search(base, {
    scope,
    filter,
    attributes: [attribute],
    sizeLimit: entriesMost,
  })
  return searchEntries
}

/** RFC 4513, 5.1.2: a server may answer success to an empty password, and nobody has signed in. */
function requirePassword(password: string | undefined): string {
  if (password === undefined || password === '')
    throw new RightsError('directory-unavailable', { detail: 'no password' })
  return password
}

/** Encrypted and verified before a password crosses it; referrals are not followed (threat D4). */
async function openConnection(
  url: string,
  { caFile, timeoutMilliseconds = 10_000 }: ForestSettings,
): Promise<{ readonly client: Client; readonly close: () => Promise<void> }> {
  const { protocol, host } = serverOf(url)
  const tls: ConnectionOptions = {
    host,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }),
  }
  const secure = protocol === 'ldaps:'
  const sockets: Socket[] = []
  let received = 0
  const bounded = (socket: Socket): Socket => {
    socket.on('data', (part: Buffer) => {
      received += part.length
      if (received > answerBytesMost) socket.destroy()
    })
    sockets.push(socket)
    return socket
  }
  const client = new Client({
    url,
    timeout: timeoutMilliseconds,
    connectTimeout: timeoutMilliseconds,
    createConnection: once((...args: unknown[]) => bounded(Reflect.apply(connectPlain, undefined, args) as Socket)),
    createSecureConnection: once(
      (...args: unknown[]) => bounded(Reflect.apply(connectTls, undefined, args) as Socket) as never,
    ),
    ...(secure ? { tlsOptions: tls } : {}),
  })
  const close = async (): Promise<void> => {
    await client.unbind().catch(() => undefined)
    for (const socket of sockets) socket.destroy()
  }
  try {
    if (!secure) await client.startTLS(tls)
    return { client, close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * By itself the client opens a connection again that has ended: without TLS where StartTLS began it, and signed in as nobody.
 * What it heard there would not be the answer to this account.
 */
function once<T>(open: (...args: unknown[]) => T): (...args: unknown[]) => T {
  let opened = false
  return (...args) => {
    if (opened) throw new Error('the connection has ended')
    opened = true
    return open(...args)
  }
}

function serverOf(url: string): { readonly protocol: string; readonly host: string } {
  if (!/^ldaps?:\/\/[^/?#@\s]+\/?$/.test(url) || !URL.canParse(url)) {
    throw new RightsError('directory-unavailable', { detail: 'neither ldaps:// nor ldap:// with host and port only' })
  }
  const { protocol, hostname } = new URL(url)
  return { protocol, host: hostname.replace(/^\[|\]$/g, '') }
}

function textOf(entry: Entry, name: string): string | undefined {
  const key = Object.keys(entry).find((each) => each.toLowerCase() === name.toLowerCase())
  const value = key === undefined ? undefined : entry[key]
  const [first] = Array.isArray(value) ? value : [value]
  return typeof first === 'string' && first !== '' ? first : undefined
}

/** Servers say much in their errors; the first line is enough. */
function unavailable(server: string, cause: unknown): RightsError {
  if (isRightsError(cause, 'scp-forest-missing')) return cause
  const said = isRightsError(cause) ? (cause.detail ?? cause.message) : cause instanceof Error ? cause.message : ''
  const [line = ''] = said.split('\n', 1)
  return new RightsError('directory-unavailable', { detail: `${server}: ${line.slice(0, 200)}`, cause })
}
