/** Ports: as an option names one, and on the loopback address the wanted one, or any other when somebody has it. */
import { createServer } from 'node:net'
import { RightsError } from '@sealward/xrml'

/** @throws RightsError `option-invalid` */
export function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw new RightsError('option-invalid', { detail: `--port ${text}` })
  return port
}

export async function freePort(wanted: number): Promise<number> {
  return (await tryPort(wanted)) ?? (await tryPort(0)) ?? wanted
}

/** Listens for a moment; the port that was got, or nothing if it is taken. */
function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ host: '127.0.0.1', port }, () => {
      const address = server.address()
      const got = typeof address === 'object' && address !== null ? address.port : undefined
      server.close(() => resolve(got))
    })
  })
}
