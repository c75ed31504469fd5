/** A server that somebody else runs, of any product. Nothing is changed there; certificates are issued, as to any client. */
import { generateKeyPairSync } from 'node:crypto'
import { softwareKeyHandle } from '@sealward/xrml'
import type { ServerState } from './row.ts'
import type { Servers } from './servers.ts'
import { authorizationOf } from './soap-client.ts'
import { NotApplicable, type Account, type Machine, type Tester } from './tester.ts'

export interface NamedServer {
  /** With its base path where that is not the usual one. */
  readonly url: string
  /** In which states its administrator says that it is. */
  readonly states: readonly ServerState[]
  readonly tester: Tester
}

export async function namedServer({ url, states, tester }: NamedServer): Promise<Servers> {
  const machine = tester.machine ?? (await enrolledMachine(url, tester.user))
  const complete: Tester = { ...tester, ...(machine === undefined ? {} : { machine }) }
  return {
    inState: async (wanted) => {
      const missing = wanted.filter((state) => !states.includes(state))
      if (missing.length > 0) throw new NotApplicable(`the server is not said to be: ${missing.join(', ')}`)
      const other = states.filter((state) => !wanted.includes(state))
      if (other.length > 0) throw new NotApplicable(`the server is said to be: ${other.join(', ')}`)
      return { url, tester: complete, identity: url, anyNamespace: true }
    },
    close: async () => undefined,
  }
}

/** Sealward certifies machines of its own clients; other servers know only those of Windows. */
async function enrolledMachine(url: string, user: Account): Promise<Machine | undefined> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  try {
    const answer = await fetch(`${new URL(url).origin}/sealward/v1/machine`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorizationOf(user) },
      body: JSON.stringify({ publicKey: publicKey.export({ format: 'pem', type: 'spki' }) }),
      signal: AbortSignal.timeout(60_000),
    })
    if (!answer.ok) return undefined
    const { chain } = (await answer.json()) as { readonly chain: readonly string[] }
    return { chain, key: softwareKeyHandle(privateKey) }
  } catch {
    return undefined
  }
}
