/** Whom this process tries to reach while something runs: every connection, datagram and look-up of a name, whoever starts it. */
import { createHook } from 'node:async_hooks'

/** What the runtime calls them. */
const outbound: ReadonlySet<string> = new Set([
  'TCPCONNECTWRAP',
  'PIPECONNECTWRAP',
  'UDPSENDWRAP',
  'GETADDRINFOREQWRAP',
  'GETNAMEINFOREQWRAP',
  'QUERYWRAP',
])

interface Attempt {
  readonly address?: string
  readonly port?: number
  readonly hostname?: string
}

/** @returns `address:port` or the name that was looked up, in order */
export async function outboundAttempts(work: () => Promise<void>): Promise<readonly string[]> {
  const attempts: { readonly type: string; readonly to: Attempt }[] = []
  const hook = createHook({
    init: (_id, type, _trigger, resource: Attempt) => {
      // Whom it is for is written into it just after this.
      if (outbound.has(type)) attempts.push({ type, to: resource })
    },
  }).enable()
  try {
    await work()
  } finally {
    hook.disable()
  }
  return attempts.map(({ type, to: { address, port, hostname } }) =>
    address === undefined ? (hostname ?? type) : `${address}:${port}`,
  )
}
