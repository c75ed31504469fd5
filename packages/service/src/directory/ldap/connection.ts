/**
 * One connection to an LDAP server (RFC 4511, 4513): encrypted and verified before any password crosses it, and bound to a
 * named account. Referrals are never followed: answers come from the servers that the operator named (threat D4).
 */
import { readFile } from 'node:fs/promises'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { Client, ResultCodeError } from 'ldapts'
import { isRightsError, RightsError } from '@sealward/xrml'

export interface ConnectionSettings {
  readonly url: string
  readonly caFile?: string | undefined
  readonly plaintext: boolean
  /** Milliseconds, for the connection and for every answer. */
  readonly timeout: number
}

export interface LdapAccount {
  readonly dn: string
  readonly password: string
}

export interface LdapConnection {
  readonly client: Client
  /** Begins a piece of work: only so many bytes may come in answer to it. */
  begin(): void
  /** False once the server or the network has closed it. */
  isOpen(): boolean
  close(): Promise<void>
}

/** Thousands of groups with their addresses are less. */
const answerBytesMost = 8 * 2 ** 20

/** Results with which servers answer a wrong password, a locked account, or one that does not exist (RFC 4511, 4.1.9). */
const refusedSignIns: readonly number[] = [19, 32, 34, 48, 49, 53]

/**
 * @returns undefined if the server refuses the account or its password
 * @throws RightsError `directory-unavailable`
 */
export async function connect(settings: ConnectionSettings, account: LdapAccount): Promise<LdapConnection | undefined> {
  // RFC 4513, 5.1: a server may answer success to a name or password that is empty, and nobody has signed in.
  if (account.dn === '' || account.password === '') return undefined
  const connection = await openConnection(settings)
  try {
    await connection.client.bind(account.dn, account.password)
    return connection
  } catch (error) {
    await connection.close()
    if (error instanceof ResultCodeError && refusedSignIns.includes(error.code)) return undefined
    throw unavailable(error)
  }
}

async function openConnection({ url, caFile, plaintext, timeout }: ConnectionSettings): Promise<LdapConnection> {
  const { protocol, hostname } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const tls: ConnectionOptions = {
    host,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(caFile === undefined ? {} : { ca: await readAuthority(caFile) }),
  }
  const secure = protocol === 'ldaps:'
  let ended = false
  let received = 0
  const sockets: Socket[] = []
  const watched = <T extends Socket>(socket: T): T => {
    // A message may declare any length: the client would wait for all of it, and copy what it has at every piece.
    socket.on('data', (part: Buffer) => {
      received += part.length
      if (received > answerBytesMost) socket.destroy()
    })
    sockets.push(socket)
    return socket.once('close', () => (ended = true))
  }
  const client = new Client({
    url,
    timeout,
    connectTimeout: timeout,
    createConnection: once((...args: unknown[]) => watched(Reflect.apply(connectPlain, undefined, args) as Socket)),
    createSecureConnection: once((...args: unknown[]) =>
      watched(Reflect.apply(connectTls, undefined, args) as TLSSocket),
    ),
    ...(secure ? { tlsOptions: tls } : {}),
  })
  const close = async (): Promise<void> => {
    // A server that is gone already would be waited for.
    if (!ended) await client.unbind().catch(() => undefined)
    ended = true
    for (const socket of sockets) socket.destroy()
  }
  try {
    if (!secure && !plaintext) await client.startTLS(tls)
    const isOpen = (): boolean => !ended && client.isBound
    return { client, begin: () => void (received = 0), isOpen, close }
  } catch (error) {
    await close()
    throw unavailable(error)
  }
}

/**
 * By itself the client opens a connection again that has ended, and goes on without signing in: a server might answer
 * strangers as well, with less.
 */
function once<T>(open: (...args: unknown[]) => T): (...args: unknown[]) => T {
  let opened = false
  return (...args) => {
    if (opened) throw new Error('the connection has ended')
    opened = true
    return open(...args)
  }
}

async function readAuthority(caFile: string): Promise<string> {
  try {
    return await readFile(caFile, 'utf8')
  } catch (cause) {
    throw new RightsError('directory-unavailable', { detail: `${caFile} cannot be read`, cause })
  }
}

/** Whatever went wrong on the way to an answer: nothing was decided. */
export function unavailable(cause: unknown): RightsError {
  if (isRightsError(cause)) return cause
  const [said = ''] = cause instanceof Error ? cause.message.split('\n', 1) : []
  return new RightsError('directory-unavailable', { detail: said.slice(0, 200), cause })
}
