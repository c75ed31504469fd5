/**
 * Windows authentication of the SOAP services (MS-RMPR 2.1): Kerberos under `Negotiate`, and NTLM where an operator has
 * switched it on. Samba's helper checks the tokens; here is decided which of them it sees, over which connection, and whom
 * the account stands for.
 */
import type { Socket } from 'node:net'
import { RightsError } from '@sealward/xrml'
import type { Clock, Directory, DirectoryCaller } from '../../core/ports.ts'
import { createThrottle } from '../../core/throttle.ts'
import { askNtlmAuth, type Account, type Reply } from './account.ts'
import { namedChannelBinding } from './channel-binding.ts'
import { createHandshakes } from './handshakes.ts'
import type { NtlmAuth } from './ntlm-auth.ts'
import { createNtlmAuthPool } from './ntlm-auth-pool.ts'
import { readNegotiateToken } from './negotiate-token.ts'
import { createReplays } from './replays.ts'

export type WindowsScheme = 'negotiate' | 'ntlm'

export interface WindowsInput {
  readonly scheme: WindowsScheme
  /** What follows the scheme in the Authorization header. */
  readonly credentials: string
  readonly remoteAddress: string
  /** The client's own connection; nothing where a proxy shares connections among clients. */
  readonly connection: Socket | undefined
}

export interface WindowsSignIn {
  /** Nobody yet, as long as the client has to say more. */
  readonly caller?: DirectoryCaller
  /** For the WWW-Authenticate header of the answer. */
  readonly answer?: string
}

export interface WindowsAuthentication {
  readonly ntlm: boolean
  /**
   * @throws RightsError `credentials-refused`, `user-not-in-directory`, `authentication-throttled`, `service-overloaded`,
   * `windows-sign-in-unavailable`, `directory-unavailable`
   */
  authenticate(input: WindowsInput): Promise<WindowsSignIn>
  /** Who has signed in over the connection by NTLM. @throws RightsError as `authenticate` */
  callerOf(connection: Socket): Promise<DirectoryCaller | undefined>
  /** Ends all helpers. */
  close(): void
}

export interface NtlmPolicy {
  /** Whether a client that names no channel binding is refused; one that names another is always. */
  readonly bindingRequired: boolean
  /** Of the listener's certificate; absent for plain HTTP on loopback. */
  readonly binding?: Uint8Array
}

const longestToken = 24 * 1024
const failuresPerRemoteAddress = 20
const canonicalBase64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const spelled = { negotiate: 'Negotiate', ntlm: 'NTLM' } as const

export function createWindowsAuthentication(world: {
  readonly directory: Pick<Directory, 'findByAccount' | 'accounts'>
  readonly clock: Clock
  readonly startNtlmAuth: () => NtlmAuth
  /** Absent where NTLM is switched off. */
  readonly ntlm?: NtlmPolicy
}): WindowsAuthentication {
  const helpers = createNtlmAuthPool(world.startNtlmAuth)
  const handshakes = createHandshakes(helpers)
  const replays = createReplays(world.clock)
  const failures = createThrottle({ slowFrom: failuresPerRemoteAddress, code: 'authentication-throttled' })

  async function reply({ scheme, credentials, connection, remoteAddress }: WindowsInput): Promise<Reply> {
    const bytes = decode(credentials)
    const token = readNegotiateToken(bytes)
    if (token.mechanism === 'kerberos') {
      if (scheme === 'ntlm') throw new RightsError('credentials-refused', { detail: 'a ticket is not NTLM' })
      return kerberos(token.authenticator, credentials)
    }
    if (world.ntlm === undefined) throw new RightsError('credentials-refused', { detail: 'NTLM is switched off' })
    if (connection === undefined) {
      throw new RightsError('credentials-refused', { detail: 'NTLM needs a connection that is not shared' })
    }
    const { first } = token
    if (!first) requireBinding(bytes, world.ntlm)
    return handshakes.go({ connection, remoteAddress, first }, (helper) => askNtlmAuth(helper, first, credentials))
  }

  async function kerberos(authenticator: Uint8Array, credentials: string): Promise<Reply> {
    const takeBack = replays.use(authenticator)
    let helper: NtlmAuth | undefined
    try {
      helper = helpers.take()
      const answer = await askNtlmAuth(helper, true, credentials)
      if (answer.kind === 'done') return answer
      // A ticket is the whole sign-in: a helper that asks back has turned to another mechanism.
      throw new RightsError('credentials-refused', { detail: 'the ticket is not accepted' })
    } catch (error) {
      takeBack()
      throw error
    } finally {
      if (helper !== undefined) helpers.giveBack(helper)
    }
  }

  async function callerFor({ domain, name }: Account, authentication: 'kerberos' | 'ntlm'): Promise<DirectoryCaller> {
    const user = await world.directory.findByAccount(domain, name)
    const known = user ?? (await world.directory.accounts.find(domain, name))
    if (known === undefined) throw new RightsError('user-not-in-directory', { detail: `${domain}\\${name}` })
    if (known.disabled) throw new RightsError('credentials-refused', { detail: 'the account is disabled' })
    return 'address' in known ? { user: known, authentication } : { account: known, authentication }
  }

  return {
    ntlm: world.ntlm !== undefined,
    async authenticate(input) {
      const now = world.clock.now()
      failures.check(input.remoteAddress, now)
      try {
        const outcome = await reply(input)
        const answer = outcome.token === undefined ? {} : { answer: `${spelled[input.scheme]} ${outcome.token}` }
        if (outcome.kind === 'more') return answer
        const ntlm = input.connection !== undefined && handshakes.accountOf(input.connection) === outcome.account
        return { caller: await callerFor(outcome.account, ntlm ? 'ntlm' : 'kerberos'), ...answer }
      } catch (error) {
        if (error instanceof RightsError && error.code === 'credentials-refused') {
          failures.failed(input.remoteAddress, now)
        }
        throw error
      }
    },
    async callerOf(connection) {
      const account = handshakes.accountOf(connection)
      return account === undefined ? undefined : callerFor(account, 'ntlm')
    },
    close: () => helpers.close(),
  }
}

function requireBinding(token: Uint8Array, { bindingRequired, binding }: NtlmPolicy): void {
  const named = namedChannelBinding(token)
  if (named === undefined && !bindingRequired) return
  if (named === undefined || binding === undefined || !Buffer.from(binding).equals(named)) {
    const detail = named === undefined ? 'NTLM without channel binding' : 'NTLM for another channel'
    throw new RightsError('credentials-refused', { detail })
  }
}

function decode(credentials: string): Uint8Array {
  if (credentials.length > longestToken || !canonicalBase64.test(credentials)) {
    throw new RightsError('credentials-refused', { detail: 'no token of bounded size in base64' })
  }
  return Buffer.from(credentials, 'base64')
}
