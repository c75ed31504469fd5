/** The program as an operator runs it, in processes of its own, each announced to whoever wants to measure it. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const project = join(import.meta.dirname, '..', '..')
const main = join(project, 'packages', 'cli', 'src', 'main.ts')

/** Milliseconds until a service answers, on a machine that has other things to do. */
const startMost = 60_000

export type StartProcess = (command: string, args: readonly string[], options: SpawnOptions) => ChildProcess

export interface ProgramOptions {
  /** Where the program works. */
  readonly folder: string
  /** Further variables of the environment. */
  readonly variables?: Readonly<Record<string, string>>
  readonly start?: StartProcess
  /** @param kind the first word of the command; for a service its name */
  readonly onStart?: (kind: string, child: ChildProcess) => void
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ServiceProcess {
  readonly url: string
  /** Ends when it answers and its tokens are there. */
  start(): Promise<void>
  /** Ends the process by its id. */
  stop(): Promise<void>
}

export interface Program {
  readonly folder: string
  readonly run: (...args: readonly string[]) => Promise<Ended>
  /** Fails unless the program ends with 0; what it writes with `--json` is read. */
  readonly done: <T = unknown>(...args: readonly string[]) => Promise<T>
  /** The service whose data is in the folder of that name. */
  readonly service: (name: string, url: string) => ServiceProcess
}

export function programIn({ folder, variables = {}, start = spawnProcess, onStart }: ProgramOptions): Program {
  const begin = (kind: string, args: readonly string[], stdout: 'pipe' | 'ignore'): ChildProcess => {
    const stdio: SpawnOptions['stdio'] = ['ignore', stdout, 'pipe']
    const child = start(process.execPath, [main, ...args], {
      cwd: folder,
      env: { ...process.env, ...variables },
      stdio,
    })
    onStart?.(kind, child)
    return child
  }
  const run = (...args: readonly string[]): Promise<Ended> => endOf(begin(args[0] ?? '', args, 'pipe'))
  return {
    folder,
    run,
    done: async <T>(...args: readonly string[]) => {
      const { code, stdout, stderr } = await run(...args)
      assert.equal(code, 0, `${args.join(' ')}\n${stderr}`)
      return (args.includes('--json') ? JSON.parse(stdout) : undefined) as T
    },
    service: (name, url) => {
      const args = ['serve', '--config', join(name, 'service.json')]
      return serviceOf(url, join(folder, name, 'admin-token'), () => begin(`service ${name}`, args, 'ignore'))
    },
  }
}

function spawnProcess(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn(command, args, options)
}

function endOf(child: ChildProcess): Promise<Ended> {
  const stdout = textOf(child.stdout)
  const stderr = textOf(child.stderr)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout: stdout(), stderr: stderr() }))
  })
}

function textOf(stream: ChildProcess['stdout']): () => string {
  const parts: Buffer[] = []
  stream?.on('data', (part: Buffer) => parts.push(part))
  return () => Buffer.concat(parts).toString('utf8')
}

function serviceOf(url: string, tokenFile: string, begin: () => ChildProcess): ServiceProcess {
  let child: ChildProcess | undefined
  return {
    url,
    async start() {
      const started = begin()
      child = started
      const said = textOf(started.stderr)
      const late = Date.now() + startMost
      // It names its addresses once it answers at them.
      while (!said().includes('/admin/v1') || !existsSync(tokenFile)) {
        assert.equal(started.exitCode, null, said())
        assert.ok(Date.now() < late, `no answer at ${url}: ${said()}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    async stop() {
      const running = child
      child = undefined
      if (running?.pid === undefined || running.exitCode !== null) return
      const ended = new Promise((resolve) => running.once('close', resolve))
      process.kill(running.pid, 'SIGTERM')
      await ended
    },
  }
}
