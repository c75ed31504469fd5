/**
 * Basic authentication (RFC 7617) against the directory. Guessing is slowed down per remote address and per account, and
 * checks, which are dear, never pile up.
 */
import { RightsError } from '@sealward/xrml'
import type { Caller, Clock, Directory } from '../core/ports.ts'
import { createFailureLimit } from './failure-limit.ts'

export interface BasicInput {
  /** What follows the scheme in the Authorization header. */
  readonly credentials: string
  readonly remoteAddress: string
}

export interface BasicAuthentication {
  readonly challenge: string
  /**
   * @throws RightsError `credentials-refused`, `authentication-throttled`, `service-overloaded`, `directory-unavailable`
   */
  authenticate(input: BasicInput): Promise<Caller>
}

const failuresPerRemoteAddress = 20
const failuresPerAccount = 100
const checksAtOnce = 16
const longestCredentials = 2_048

export function createBasicAuthentication(world: {
  readonly directory: Directory
  readonly clock: Clock
  readonly realm: string
}): BasicAuthentication {
  const remoteFailures = createFailureLimit(failuresPerRemoteAddress)
  const accountFailures = createFailureLimit(failuresPerAccount)
  let checking = 0

  return {
    challenge: `Basic realm="${world.realm}", charset="UTF-8"`,
    async authenticate({ credentials, remoteAddress }) {
      const { account, password } = readCredentials(credentials)
      const now = world.clock.now()
      remoteFailures.check(remoteAddress, now)
      accountFailures.check(account, now)
      if (checking >= checksAtOnce) throw new RightsError('service-overloaded')
      checking++
      try {
        const user = await world.directory.verifyPassword(account, password)
        if (user === undefined || user.disabled) {
          remoteFailures.failed(remoteAddress, now)
          accountFailures.failed(account, now)
          throw new RightsError('credentials-refused')
        }
        return { user, authentication: 'basic' }
      } finally {
        checking--
        password.fill(0)
      }
    },
  }
}

function readCredentials(credentials: string): { readonly account: string; readonly password: Uint8Array } {
  if (credentials.length > longestCredentials || !/^[A-Za-z0-9+/]+={0,2}$/.test(credentials)) {
    throw new RightsError('credentials-refused')
  }
  const bytes = toUtf8(Buffer.from(credentials, 'base64'))
  const colon = bytes.indexOf(0x3a)
  const account = bytes.subarray(0, Math.max(colon, 0)).toString('utf8')
  const password = bytes.subarray(colon + 1)
  // Some directories take an empty password as anonymous, with success.
  if (account === '' || password.length === 0) throw new RightsError('credentials-refused')
  return { account: account.toLowerCase(), password }
}

/** Clients that do not know the charset parameter send Latin-1. */
function toUtf8(bytes: Buffer): Buffer {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return bytes
  } catch {
    return Buffer.from(bytes.toString('latin1'), 'utf8')
  }
}
