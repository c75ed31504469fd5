/**
 * Processes and folders of the benchmark. Whatever it has started or written is gone when it ends, also after Ctrl-C: every
 * process is started in a group of its own and ended by the number of that group.
 */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'

const running = new Set<ChildProcess>()
const folders = new Set<string>()

/** To be called once, before anything is started. */
export function cleanUpAtTheEnd(): void {
  process.on('exit', cleanUp)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]))
  }
}

function cleanUp(): void {
  for (const child of running) end(child)
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
}

function end({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

export function start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, { ...options, detached: true })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/** A folder that only this user can read, removed at the end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sealward-bench-'))
  folders.add(folder)
  return folder
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  folders.delete(folder)
}

export interface Ended {
  readonly status: number | null
  readonly wallSeconds: number
  /** User and system time of the command and of all processes that it started and waited for. */
  readonly cpuSeconds: number
}

export interface RunOptions {
  readonly onStart?: (pid: number) => void
  readonly onOutput?: (chunk: Buffer) => void
}

/** Runs a command to its end. What it writes to standard error is ours too. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const began = performance.now()
  const child = start('sh', ['-c', '"$0" "$@" 3>&-; code=$?; times >&3; exit $code', command, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  })
  child.stdout?.on('data', (chunk: Buffer) => options.onOutput?.(chunk))
  let times = ''
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    times += chunk.toString()
  })
  if (child.pid !== undefined) options.onStart?.(child.pid)
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { status, wallSeconds: (performance.now() - began) / 1000, cpuSeconds: childrenSeconds(times) }
}

/** The second line of the shell's `times`: user and system time of its children, `0m1.230s 0m0.450s`. */
function childrenSeconds(output: string): number {
  const line = output.trim().split('\n').at(-1) ?? ''
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0)
}
