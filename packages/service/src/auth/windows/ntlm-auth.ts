/**
 * One process of Samba's `ntlm_auth`, which checks tokens with a line for each question and each answer. It reads what
 * strangers send, with libraries in C: so it is a process of its own, which holds none of our keys but that of its keytab,
 * and is ended when it is slow, talks too much, or says what it should not.
 */
import { spawn } from 'node:child_process'
import { RightsError } from '@sealward/xrml'

export interface NtlmAuthSettings {
  readonly program: string
  readonly arguments: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

export interface NtlmAuth {
  /** One question at a time. @throws RightsError `windows-sign-in-unavailable` */
  ask(line: string): Promise<string>
  readonly ended: boolean
  end(): void
}

const answerWithin = 10_000
const longestAnswer = 64 * 1024

interface Question {
  resolve(line: string): void
  reject(error: RightsError): void
}

export function startNtlmAuth(settings: NtlmAuthSettings): NtlmAuth {
  const child = spawn(settings.program, settings.arguments, {
    env: { ...settings.environment },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  let ended = false
  let question: Question | undefined
  let said = ''

  function end(detail = 'the helper was ended', cause?: unknown): void {
    ended = true
    child.kill('SIGKILL')
    question?.reject(new RightsError('windows-sign-in-unavailable', { detail, cause }))
    question = undefined
  }

  child.on('error', (error) => end('the helper does not start', error))
  child.on('exit', () => end('the helper has gone'))
  child.stdin.on('error', () => end('the helper does not listen'))
  child.stdout.setEncoding('latin1')
  child.stdout.on('data', (text: string) => {
    said += text
    const line = /^[^\n]*(?=\n$)/.exec(said)?.[0]
    if (line !== undefined && question !== undefined) {
      said = ''
      question.resolve(line)
      question = undefined
    } else if (question === undefined || said.includes('\n') || said.length > longestAnswer) {
      end('the helper says what nobody asked')
    }
  })

  return {
    get ended() {
      return ended
    },
    async ask(line) {
      if (ended || question !== undefined) throw new RightsError('windows-sign-in-unavailable')
      const limit = setTimeout(() => end('the helper needs too long'), answerWithin)
      try {
        return await new Promise((resolve, reject) => {
          question = { resolve, reject }
          child.stdin.write(`${line}\n`)
        })
      } finally {
        clearTimeout(limit)
      }
    },
    end: () => end(),
  }
}
