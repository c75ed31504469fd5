/** The command line as people use it who sign in with the embedded OpenID provider, and everything that it writes. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { programIn, type Ended, type Program } from './program.ts'
import type { SignInService } from './sign-in-service.ts'

/** What a person waits for on the screen of a slow machine. */
const screenMost = 60_000

export interface RunningCommand {
  /** Waits for the text on standard error. @returns its first group */
  screen(text: RegExp): Promise<string>
  interrupt(): void
  readonly ended: Promise<Ended>
}

export interface SignInProgram extends Program {
  readonly begin: (...args: readonly string[]) => RunningCommand
  /** All that was written on both outputs so far. */
  readonly written: () => string
  /** File with the tokens of a user. */
  readonly tokensOf: (user: string) => string
  readonly close: () => void
}

export function openSignInProgram(service: SignInService, more: object = {}): SignInProgram {
  const folder = mkdtempSync(join(tmpdir(), 'sealward-sign-in-client-'))
  const content = { service: service.url, anchors: [service.anchor], redirections: [], store: 'clients', ...more }
  writeFileSync(join(folder, 'connection.json'), JSON.stringify(content))
  const pieces: string[] = []
  const children = new Set<ChildProcess>()
  let said = ''
  const program = programIn({
    folder,
    start: (command, args, options) =>
      spawn(command, args, { ...options, env: { ...options.env, NODE_EXTRA_CA_CERTS: service.caFile } }),
    onStart(_kind, child) {
      children.add(child)
      child.once('close', () => children.delete(child))
      said = ''
      child.stdout?.on('data', (piece: Buffer) => void pieces.push(piece.toString('utf8')))
      child.stderr?.on('data', (piece: Buffer) => {
        pieces.push(piece.toString('utf8'))
        said += piece.toString('utf8')
      })
    },
  })
  return {
    ...program,
    written: () => pieces.join(''),
    begin(...args) {
      const ended = program.run(...args)
      const child = [...children].at(-1)
      return {
        ended,
        interrupt: () => void child?.kill('SIGINT'),
        async screen(text) {
          const late = Date.now() + screenMost
          for (let found = text.exec(said); ; found = text.exec(said)) {
            if (found !== null) return found[1] ?? ''
            assert.equal(child?.exitCode, null, said)
            assert.ok(Date.now() < late, said)
            await new Promise((resolve) => setTimeout(resolve, 20))
          }
        },
      }
    },
    tokensOf(user) {
      const name = createHash('sha256').update(`${service.url}\n${user}`).digest('hex').slice(0, 32)
      return join(folder, 'clients', name, 'sign-in.json')
    },
    close() {
      for (const child of children) child.kill('SIGKILL')
      rmSync(folder, { recursive: true })
    },
  }
}

/** The secrets in the file with the tokens of a user. */
export function tokensIn(path: string): { readonly accessToken: string; readonly refreshToken?: string } {
  return JSON.parse(readFileSync(path, 'utf8')) as { accessToken: string; refreshToken?: string }
}
