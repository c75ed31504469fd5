/**
 * A server that tests start as a process of its own. It ends with the test's process, however that ends; what it wrote is
 * printed if it does not start, or if a test has failed.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { environment } from './programs.ts'

export interface ServerProcess {
  readonly pid: number
  /** For tests of failures: `SIGSTOP` makes it silent, `SIGKILL` gone. */
  signal(name: NodeJS.Signals): void
  stop(): Promise<void>
}

/** A port, or a socket in the file system. */
export type Endpoint = { readonly host: string; readonly port: number } | { readonly path: string }

const readyWithin = 60_000
const endsWithin = 10_000
const logMost = 100_000

/** @param endpoints all of them accept connections before this returns */
export async function startServerProcess(
  command: readonly string[],
  endpoints: readonly Endpoint[],
): Promise<ServerProcess> {
  // util-linux; the kernel then ends the server when its parent is gone.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve()).once('error', () => resolve())
  })
  const log = logOf(child)
  const printAfterFailure = (code: number): void => {
    if (code !== 0) process.stderr.write(`--- log of ${command.join(' ')}\n${log()}\n`)
  }
  process.once('exit', printAfterFailure)

  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    child.kill('SIGCONT')
    const hard = setTimeout(() => child.kill('SIGKILL'), endsWithin)
    await ended
    clearTimeout(hard)
  }
  try {
    for (const endpoint of endpoints) await accepts(endpoint, child)
  } catch (cause) {
    await stop()
    process.off('exit', printAfterFailure)
    throw new Error(`${command.join(' ')} did not start:\n${log()}`, { cause })
  }
  return { pid: child.pid ?? 0, signal: (name) => void child.kill(name), stop }
}

function logOf(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-logMost)
    })
  }
  return () => text
}

async function accepts(endpoint: Endpoint, child: ChildProcess): Promise<void> {
  const until = Date.now() + readyWithin
  for (;;) {
    if (child.exitCode !== null || child.pid === undefined) throw new Error('it ended')
    const socket = connect(endpoint)
    try {
      await once(socket, 'connect')
      return
    } catch (error) {
      if (Date.now() > until) throw error
    } finally {
      socket.destroy()
    }
    await wait(20)
  }
}
