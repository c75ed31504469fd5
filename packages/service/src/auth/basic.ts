/** Basic authentication (RFC 7617) against the directory. */
import { RightsError } from '@sealward/xrml'
import type { Caller } from '../core/ports.ts'
import type { PasswordCheck } from './password-check.ts'

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

const longestCredentials = 2_048

export function createBasicAuthentication(world: {
  readonly passwords: PasswordCheck
  readonly realm: string
}): BasicAuthentication {
  return {
    challenge: `Basic realm="${world.realm}", charset="UTF-8"`,
    async authenticate({ credentials, remoteAddress }) {
      const user = await world.passwords.check({ ...readCredentials(credentials), remoteAddress })
      return { user, authentication: 'basic' }
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
  return { account: account.toLowerCase(), password: bytes.subarray(colon + 1) }
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
