/** Programs of the system that peers need: run to their end, or looked for. */
import { spawnSync, type SpawnSyncOptions } from 'node:child_process'

/** System programs are not on the search path of everybody. */
const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`
export const environment = { ...process.env, PATH: path }

/** Standard output of a program. @throws Error with what it said, if it fails or needs more than a minute */
export function run(command: string, args: readonly string[], options: SpawnSyncOptions = {}): string {
  const limits = { timeout: 60_000, maxBuffer: 2 ** 26 }
  const done = spawnSync(command, args, { env: environment, ...limits, ...options, encoding: 'utf8' })
  if (done.status === 0) return done.stdout
  throw new Error(`${command} ${args[0] ?? ''}: ${done.error?.message ?? ''} ${done.stderr}${done.stdout}`)
}

/**
 * For the `skip` of a test that needs these programs: the reason, or false. Where CI is `true` nothing is skipped: a test
 * without its programs fails there.
 */
export function skipWithout(programs: readonly string[], needsRoot = false): string | false {
  if (process.env['CI'] === 'true') return false
  if (needsRoot && process.getuid?.() !== 0) return 'only root can run this server on its fixed ports'
  const missing = programs.filter((name) => spawnSync('sh', ['-c', `command -v ${name}`], { env: environment }).status)
  return missing.length > 0 && `not installed: ${missing.join(', ')}`
}
