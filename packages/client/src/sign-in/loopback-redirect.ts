/**
 * Where the authority sends the browser back to: an address of this machine that only lives while somebody signs in (RFC
 * 8252, 7.3). What does not carry the state of this sign-in is not for it, and is not waited for.
 */
import { createServer, type Server } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { RightsError } from '@sealward/xrml'

export interface RedirectListener {
  readonly redirectUri: string
  /** The address with the authority's answer. @throws RightsError `sign-in-failed` when nobody came; the signal's reason */
  readonly answer: Promise<URL>
  close(): void
}

const longestWait = 10 * 60_000
const path = '/callback'

export async function listenForRedirect(state: string, signal: AbortSignal): Promise<RedirectListener> {
  const server = createServer()
  const port = await listen(server)
  const redirectUri = `http://127.0.0.1:${port}${path}`
  const over = new AbortController()
  const arrived = new Promise<URL>((resolve) => {
    server.on('request', (request, response) => {
      const url = URL.canParse(request.url ?? '', redirectUri) ? new URL(request.url ?? '', redirectUri) : undefined
      const meant = url?.pathname === path && url.searchParams.get('state') === state
      response.writeHead(meant ? 200 : 404, {
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
        connection: 'close',
      })
      response.end(meant ? 'Back to your program; you can close this window.\n' : 'Nothing is here.\n')
      if (meant) resolve(url)
    })
  })
  const answer = Promise.race([arrived, never(AbortSignal.any([signal, over.signal]))])
  // Nobody may be waiting yet when it fails.
  answer.catch(() => undefined)
  return {
    redirectUri,
    answer,
    close() {
      over.abort()
      server.close()
      server.closeAllConnections()
    },
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

async function never(signal: AbortSignal): Promise<never> {
  try {
    await wait(longestWait, undefined, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
  throw new RightsError('sign-in-failed', { detail: 'nobody came back from the browser' })
}
