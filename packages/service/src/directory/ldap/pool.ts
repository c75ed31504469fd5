/**
 * A few connections to the servers of one source, bound to the account that reads. A connection that failed is not used
 * again; work that failed on one which had been waiting is done once more on a new one.
 */
import { readFile } from 'node:fs/promises'
import { ResultCodeError, type Client } from 'ldapts'
import { isRightsError, RightsError } from '@sealward/xrml'
import { connect, unavailable, type LdapAccount, type LdapConnection } from './connection.ts'
import type { LdapSourceSettings } from './settings.ts'

export interface LdapPool {
  /**
   * @param work may be done twice; `next` begins another answer of limited size
   * @throws RightsError `directory-unavailable`, whatever the server or the network did
   */
  use<T>(work: (client: Client, next: () => void) => Promise<T>): Promise<T>
  /**
   * Whether a server lets somebody in; on a connection of its own, since the others stay bound to the reading account.
   * @throws RightsError `directory-unavailable`
   */
  admits(account: LdapAccount): Promise<boolean>
  close(): Promise<void>
}

export interface PoolLimits {
  /** Milliseconds, for the connection, for an answer, and for a free connection. */
  readonly timeout: number
  readonly connectionsMost: number
}

export interface PoolSettings extends Pick<LdapSourceSettings, 'urls' | 'caFile' | 'plaintext' | 'bindDn'> {
  /** Of the reading account; asked for at every connection, so that it may change. */
  readonly password: () => Promise<string>
}

export function createLdapPool(settings: PoolSettings, { timeout, connectionsMost }: PoolLimits): LdapPool {
  const { urls, caFile, plaintext, bindDn } = settings
  const idle: LdapConnection[] = []
  const waiting: (() => void)[] = []
  let inUse = 0
  let preferred = 0
  let closed = false

  /** The first server that answers, beginning with the one that answered last. */
  const open = async (account: LdapAccount): Promise<LdapConnection | undefined> => {
    let failure: unknown
    for (const offset of urls.keys()) {
      const index = (preferred + offset) % urls.length
      try {
        const connection = await connect({ url: urls[index] ?? '', caFile, plaintext, timeout }, account)
        preferred = index
        return connection
      } catch (error) {
        failure = error
      }
    }
    throw unavailable(failure)
  }

  const openAsReader = async (): Promise<LdapConnection> => {
    const connection = await open({ dn: bindDn, password: await settings.password() })
    if (connection !== undefined) return connection
    throw new RightsError('directory-unavailable', { detail: `the directory refuses ${bindDn}` })
  }

  const turn = async (): Promise<void> => {
    if (closed) throw new RightsError('directory-unavailable', { detail: 'the service ends' })
    if (inUse < connectionsMost) {
      inUse++
      return
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(go), 1)
        reject(new RightsError('directory-unavailable', { detail: 'all connections are in use' }))
      }, timeout)
      waiting.push(go)
    })
  }

  const done = (): void => {
    const next = waiting.shift()
    if (next === undefined) inUse--
    else next()
  }

  const keep = async (connection: LdapConnection): Promise<void> => {
    if (closed || !connection.isOpen()) await connection.close()
    else idle.push(connection)
  }

  const attempt = async <T>(
    connection: LdapConnection,
    work: (client: Client, next: () => void) => Promise<T>,
  ): Promise<T> => {
    try {
      connection.begin()
      const result = await work(connection.client, () => connection.begin())
      await keep(connection)
      return result
    } catch (error) {
      // What the server answered leaves the connection as it was.
      if (error instanceof ResultCodeError || isRightsError(error)) await keep(connection)
      else await connection.close()
      throw error
    }
  }

  const reusable = (): LdapConnection | undefined => {
    const connection = idle.pop()
    return connection === undefined || connection.isOpen() ? connection : reusable()
  }

  return {
    async use(work) {
      await turn()
      try {
        const waited = reusable()
        if (waited === undefined) return await attempt(await openAsReader(), work)
        const began = performance.now()
        try {
          return await attempt(waited, work)
        } catch (error) {
          // Who was silent until the time was over is not asked a second time.
          const silent = performance.now() - began >= timeout
          if (silent || error instanceof ResultCodeError || isRightsError(error)) throw error
          return await attempt(await openAsReader(), work)
        }
      } catch (error) {
        throw unavailable(error)
      } finally {
        done()
      }
    },
    async admits(account) {
      const connection = await open(account)
      await connection?.close()
      return connection !== undefined
    },
    async close() {
      closed = true
      await Promise.all(idle.splice(0).map((connection) => connection.close()))
    },
  }
}

/** The first line of a file. @throws RightsError `directory-unavailable` */
export async function readPassword(file: string): Promise<string> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new RightsError('directory-unavailable', { detail: `${file} cannot be read`, cause })
  }
  const [password = ''] = text.split(/\r?\n/, 1)
  if (password === '') throw new RightsError('directory-unavailable', { detail: `${file} has no password` })
  return password
}
