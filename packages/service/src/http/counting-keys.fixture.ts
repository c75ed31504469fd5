/** For tests: a service whose private keys are counted when they are used, or made. */
import type { KeyHandle } from '@sealward/xrml'
import type { Configuration, ServiceKey } from '../core/configuration.ts'
import type { CoreContext } from '../core/ports.ts'

export interface CountingKeys {
  readonly context: CoreContext
  /** Uses since the last time that this was asked. */
  used(): number
}

export function countingKeys(context: CoreContext): CountingKeys {
  let uses = 0
  const counted = (handle: KeyHandle): KeyHandle => ({
    publicKey: handle.publicKey,
    sign(hash, data) {
      uses++
      return handle.sign(hash, data)
    },
    decrypt(padding, ciphertext) {
      uses++
      return handle.decrypt(padding, ciphertext)
    },
  })
  const countedKeys = (configuration: Configuration): Configuration => {
    const keys = new Map(
      [...configuration.keys].map(([id, key]): [string, ServiceKey] => [id, { ...key, handle: counted(key.handle) }]),
    )
    const { activeKey } = configuration
    return {
      ...configuration,
      keys,
      activeKey: activeKey && keys.get(activeKey.id),
      ownKeys: configuration.ownKeys.map((key) => keys.get(key.id) ?? key),
      machineAuthorities: configuration.machineAuthorities.map((authority) => {
        return { ...authority, handle: counted(authority.handle) }
      }),
    }
  }
  return {
    context: {
      ...context,
      configuration: async () => countedKeys(await context.configuration()),
      random: {
        ...context.random,
        keyPair(bits) {
          uses++
          return context.random.keyPair(bits)
        },
      },
    },
    used() {
      const count = uses
      uses = 0
      return count
    },
  }
}
