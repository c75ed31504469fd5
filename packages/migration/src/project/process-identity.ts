/**
 * Whether a process is the one it was: numbers of processes are given out again, so on Linux the moment of the start is
 * compared too.
 */
import { readFileSync } from 'node:fs'

/** Ticks since the machine started, or nothing where the system does not tell. */
export function startOfProcess(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name in parentheses may hold blanks; the start is the 20th field after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

export function isRunning(pid: number, start: string | undefined): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  return start === undefined || startOfProcess(pid) === start
}
