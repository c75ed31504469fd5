/**
 * Names and passwords against the directory, wherever they are typed in. Guessing is slowed down per remote address and
 * per account, and checks, which are dear, never pile up.
 */
import { RightsError } from '@sealward/xrml'
import type { Clock, Directory, DirectoryUser } from '../core/ports.ts'
import { createThrottle } from '../core/throttle.ts'

export interface PasswordInput {
  /** An address, in lower case. */
  readonly account: string
  /** Overwritten after the check. */
  readonly password: Uint8Array
  readonly remoteAddress: string
}

export interface PasswordCheck {
  /**
   * @throws RightsError `credentials-refused`, `authentication-throttled`, `service-overloaded`, `directory-unavailable`
   */
  check(input: PasswordInput): Promise<DirectoryUser>
}

const failuresPerRemoteAddress = 20
const failuresPerAccount = 100
const checksAtOnce = 16

export function createPasswordCheck(world: { readonly directory: Directory; readonly clock: Clock }): PasswordCheck {
  const remoteFailures = createThrottle({ slowFrom: failuresPerRemoteAddress, code: 'authentication-throttled' })
  const accountFailures = createThrottle({ slowFrom: failuresPerAccount, code: 'authentication-throttled' })
  let checking = 0

  return {
    async check({ account, password, remoteAddress }) {
      // Some directories take an empty password as anonymous, with success.
      if (account === '' || password.length === 0) throw new RightsError('credentials-refused')
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
        return user
      } finally {
        checking--
        password.fill(0)
      }
    },
  }
}
