/** A second listener, for licences that name a former service with plain HTTP. */
import { startServer, type HttpInput, type RunningServer } from './server.ts'

/** @param start starts the plain one; when that fails, the first one is closed too */
export async function withTakeover(
  running: RunningServer,
  start: () => Promise<RunningServer>,
): Promise<RunningServer> {
  try {
    const plain = await start()
    return {
      url: running.url,
      takeoverUrl: plain.url,
      async close() {
        await plain.close()
        await running.close()
      },
    }
  } catch (error) {
    await running.close()
    throw error
  }
}

/** Where no administrator is let in, and nothing but former names is answered. */
export function startTakeover(
  settings: HttpInput,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<RunningServer> {
  const { administration: _, ...rest } = settings
  return startServer({ ...rest, takeover: true, listener: { host, port, encryptedByProxy: false } })
}
