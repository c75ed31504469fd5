/** One parser process with the requests that it has been given: the oldest is the one it works on. */
import { fork, type ChildProcess } from 'node:child_process'
import type { ParserReply, ParserRequest } from './messages.ts'

export interface ParserChild {
  /** Ids, oldest first. */
  readonly outstanding: readonly number[]
  /** @param milliseconds how long the request may take once it is the oldest */
  send(request: ParserRequest, milliseconds: number): void
  /** Ends the process, once it has finished what it is writing. */
  end(): void
}

export interface ParserChildEvents {
  reply(reply: ParserReply): void
  /** The process is gone; what it had not answered comes back, oldest first. */
  gone(outstanding: readonly number[], timedOut: boolean): void
}

export interface ParserChildOptions {
  /** JavaScript heap of the process in MiB; buffers come on top. */
  readonly heapMegabytes: number
  /** Whether it may write files. */
  readonly writable: boolean
}

/** For a write that is under way when the run ends; milliseconds. */
const patience = 10_000
const program = new URL('./parser-process.ts', import.meta.url)

export function startParserChild(options: ParserChildOptions, events: ParserChildEvents): ParserChild {
  // The permission model takes away writing, child processes, workers and native code. It would also take away fchmod
  // and fchown, with which written files get the owner and the permissions of their originals.
  const permissions = options.writable ? [] : ['--permission', '--allow-fs-read=*']
  const child: ChildProcess = fork(program, {
    serialization: 'advanced',
    // A small nursery: what a parser makes is short-lived, and several of these run beside each other.
    execArgv: [`--max-old-space-size=${options.heapMegabytes}`, '--max-semi-space-size=2', ...permissions],
    // Nothing of this process's environment, least of all what it may have been given in secret.
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const outstanding: { readonly id: number; readonly milliseconds: number }[] = []
  let timedOut = false
  let timer: NodeJS.Timeout | undefined

  const kill = (): void => {
    child.kill('SIGKILL')
  }
  const restartTimer = (): void => {
    clearTimeout(timer)
    const [oldest] = outstanding
    if (oldest === undefined) return
    // This process may have been busy itself: a reply that waits to be read comes before the kill.
    timer = setTimeout(() => setImmediate(() => giveUp(oldest.id)), oldest.milliseconds)
  }
  const giveUp = (id: number): void => {
    if (outstanding[0]?.id !== id) return
    timedOut = true
    kill()
  }
  child.on('message', (reply: ParserReply) => {
    // Requests are answered in order; a process that does otherwise is no longer doing its work.
    if (timedOut || outstanding[0]?.id !== reply.id) {
      kill()
      return
    }
    outstanding.shift()
    restartTimer()
    events.reply(reply)
  })
  child.once('exit', () => {
    clearTimeout(timer)
    events.gone(
      outstanding.map(({ id }) => id),
      timedOut,
    )
  })
  child.on('error', kill)
  return {
    get outstanding() {
      return outstanding.map(({ id }) => id)
    },
    send: (request, milliseconds) => {
      outstanding.push({ id: request.id, milliseconds })
      if (outstanding.length === 1) restartTimer()
      // A process that has just died reports its requests as gone; the failed write says nothing more.
      child.send(request, () => undefined)
    },
    end: () => {
      if (!options.writable || !child.connected) {
        kill()
        return
      }
      // Killed while it writes, it would leave half a file with clear text.
      child.disconnect()
      clearTimeout(timer)
      timer = setTimeout(kill, patience)
    },
  }
}
