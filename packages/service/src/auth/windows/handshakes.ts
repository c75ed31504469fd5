/**
 * NTLM signs in a connection, not a request (MS-NTHT 3.2): three messages over one connection, after which every request
 * on it is the same person's. So everything here hangs on the connection and goes with it; a message that comes over
 * another one finds nothing.
 */
import type { Socket } from 'node:net'
import { RightsError } from '@sealward/xrml'
import type { Account, Reply } from './account.ts'
import type { NtlmAuth } from './ntlm-auth.ts'
import type { NtlmAuthPool } from './ntlm-auth-pool.ts'

const finishWithin = 15_000
const mostPerAddress = 8
const mostMessages = 4

interface Handshake {
  readonly helper: NtlmAuth
  readonly limit: NodeJS.Timeout
  messages: number
}

export interface Handshakes {
  /** @throws RightsError `credentials-refused`, `windows-sign-in-unavailable`, `service-overloaded` */
  go(
    input: { readonly connection: Socket; readonly remoteAddress: string; readonly first: boolean },
    ask: Ask,
  ): Promise<Reply>
  /** Who has signed in over the connection. */
  accountOf(connection: Socket): Account | undefined
}

/** Puts a message to a helper. */
export type Ask = (helper: NtlmAuth, first: boolean) => Promise<Reply>

export function createHandshakes(helpers: NtlmAuthPool): Handshakes {
  const handshakes = new WeakMap<Socket, Handshake>()
  const accounts = new WeakMap<Socket, Account>()
  const open = new Map<string, number>()

  function leave(connection: Socket, remoteAddress: string): void {
    const handshake = handshakes.get(connection)
    if (handshake === undefined) return
    handshakes.delete(connection)
    clearTimeout(handshake.limit)
    helpers.giveBack(handshake.helper)
    const left = (open.get(remoteAddress) ?? 1) - 1
    if (left === 0) open.delete(remoteAddress)
    else open.set(remoteAddress, left)
  }

  function begin(connection: Socket, remoteAddress: string): Handshake {
    const count = open.get(remoteAddress) ?? 0
    if (count >= mostPerAddress) throw new RightsError('service-overloaded')
    const helper = helpers.take()
    const abandon = (): void => {
      helper.end()
      leave(connection, remoteAddress)
    }
    const handshake = { helper, limit: setTimeout(abandon, finishWithin).unref(), messages: 0 }
    open.set(remoteAddress, count + 1)
    handshakes.set(connection, handshake)
    connection.once('close', () => {
      if (handshakes.get(connection) === handshake) abandon()
    })
    return handshake
  }

  return {
    async go({ connection, remoteAddress, first }, ask) {
      if (first) {
        accounts.delete(connection)
        leave(connection, remoteAddress)
      }
      const handshake = first ? begin(connection, remoteAddress) : handshakes.get(connection)
      if (handshake === undefined || ++handshake.messages > mostMessages) {
        leave(connection, remoteAddress)
        throw new RightsError('credentials-refused', { detail: 'no sign-in was begun on this connection' })
      }
      try {
        const reply = await ask(handshake.helper, first)
        if (reply.kind === 'done') {
          accounts.set(connection, reply.account)
          leave(connection, remoteAddress)
        }
        return reply
      } catch (error) {
        leave(connection, remoteAddress)
        throw error
      }
    },
    accountOf: (connection) => accounts.get(connection),
  }
}
