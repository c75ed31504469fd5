/**
 * Secrets come from a prompt, from a file, or from standard input; never from a flag's value or the environment, where
 * other processes and shell histories would see them (threat S1).
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { password as askPassword, isCancel } from '@clack/prompts'
import { RightsError } from '@sealward/xrml'

/** Longer than any password, short enough for a pipe that never ends. */
const secretBytesMost = 4096

/**
 * @param file path of a file with the secret in its first line; `-` for standard input; without it a terminal is asked
 * @throws RightsError `secret-missing`
 */
export async function readSecret(file: string | undefined, question: string): Promise<string> {
  if (file !== undefined) return firstLine(file === '-' ? readStart(0) : readFileStart(file))
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new RightsError('secret-missing', { detail: question })
  const answer = await askPassword({ message: question, output: process.stderr })
  if (isCancel(answer) || answer === '') throw new RightsError('secret-missing', { detail: question })
  return answer
}

function readFileStart(path: string): Buffer {
  const descriptor = openSync(path, 'r')
  try {
    return readStart(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function readStart(descriptor: number): Buffer {
  const buffer = Buffer.alloc(secretBytesMost)
  let length = 0
  while (length < buffer.length) {
    const read = readSync(descriptor, buffer, length, buffer.length - length, null)
    if (read === 0) break
    length += read
  }
  return buffer.subarray(0, length)
}

function firstLine(bytes: Buffer): string {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '')
  bytes.fill(0)
  const line = text.split('\n', 1)[0] ?? ''
  const secret = line.endsWith('\r') ? line.slice(0, -1) : line
  if (secret === '') throw new RightsError('secret-missing', { detail: 'the file is empty' })
  if (secret.length >= secretBytesMost) throw new RightsError('secret-missing', { detail: 'the line is too long' })
  return secret
}
