/** Runs `sealward` on a terminal of its own, as somebody who answers its questions (script(1) of Linux). */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

export const skipWithoutTerminal = process.platform !== 'linux' && 'script(1) is that of Linux'

export interface Answer {
  /** What is on the screen when somebody is asked. */
  readonly question: string
  readonly answer: string
}

export interface Screen {
  readonly code: number | null
  /** Standard output and error, as they came. */
  readonly text: string
}

/** @param args without quotation marks */
export function sealwardOnTerminal(args: readonly string[], answers: readonly Answer[], cwd: string): Promise<Screen> {
  const program = [process.execPath, join(import.meta.dirname, 'main.ts'), ...args].map((arg) => `'${arg}'`).join(' ')
  const command = `stty cols 100 rows 30; ${program}`
  const script = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], { cwd })
  // Who waits for an answer that never comes ends with the terminal.
  const limit = setTimeout(() => script.kill('SIGTERM'), 120_000)
  const open = [...answers]
  let text = ''
  /** Up to here the screen was answered. */
  let seen = 0
  script.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
    const [next] = open
    const at = next === undefined ? -1 : text.indexOf(next.question, seen)
    if (next === undefined || at < 0) return
    open.shift()
    seen = at + next.question.length
    script.stdin.write(`${next.answer}\r`)
  })
  return new Promise((resolve, reject) => {
    script.on('error', reject)
    script.on('close', (code) => {
      clearTimeout(limit)
      resolve({ code, text })
    })
  })
}
