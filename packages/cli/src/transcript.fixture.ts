/** Runs `sealward` as people do, in a process of its own without a terminal, and keeps what it says. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

export interface Transcript {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  /** For standard input. */
  readonly input?: string
  /** Instead of the folder of the user who runs the tests. */
  readonly ownFolder?: string
}

const main = join(import.meta.dirname, 'main.ts')

export function sealward(args: readonly string[], options: RunOptions = {}): Promise<Transcript> {
  const child = spawnSealward(args, options)
  child.stdin.end(options.input ?? '')
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

export function spawnSealward(args: readonly string[], { cwd, ownFolder }: RunOptions = {}) {
  const { SEALWARD_DEBUG: _, ...inherited } = process.env
  const own = ownFolder === undefined ? {} : { XDG_DATA_HOME: ownFolder, LOCALAPPDATA: ownFolder }
  const env = { ...inherited, ...own }
  return spawn(process.execPath, [main, ...args], { cwd, env, stdio: 'pipe' })
}

/** Standard output that must be exactly one JSON document in one line. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- each test states what it expects
export function jsonOf<T = Record<string, unknown>>({ stdout }: Transcript): T {
  const lines = stdout.split('\n')
  if (lines.length !== 2 || lines[1] !== '') throw new Error(`not one line of JSON: ${stdout.slice(0, 500)}`)
  return JSON.parse(lines[0] ?? '') as T
}

/** A folder that goes when the tests of the file are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sealward-cli-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The options that name all exports of a sample, their passwords and roots. */
export function exportsOf(sample: string): readonly string[] {
  const exports = ['rms-old', 'rms', 'legal'].flatMap((name) => [
    '--tpd',
    join(sample, 'tpd', `${name}.xml`),
    '--password-file',
    join(sample, 'tpd', 'passwords', `${name}.txt`),
  ])
  const roots = [1, 2].flatMap((mode) => ['--anchor', join(sample, 'roots', `mode-${mode}.json`)])
  return [...exports, ...roots]
}
