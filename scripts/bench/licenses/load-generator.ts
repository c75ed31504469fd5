/** The load generator: wrk, a compiled program, which leaves the processor to the server. */
import { spawnSync } from 'node:child_process'
import { openSync, closeSync, writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { run } from '../processes.ts'

const connections = 16

export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  /** Latency in milliseconds with all connections busy. */
  readonly p50: number
  readonly p99: number
}

export function requireLoadGenerator(): void {
  if (spawnSync('sh', ['-c', 'command -v wrk'], { stdio: 'ignore' }).status !== 0) {
    throw new Error('the licence benchmark needs wrk; in Debian it is a package of that name')
  }
}

/** Writes requests in the form that `replay.lua` reads. */
export function writeRequests(file: string, requests: readonly string[]): void {
  const target = openSync(file, 'w', 0o600)
  for (const request of requests) writeSync(target, `${Buffer.byteLength(request)}\n${request}`)
  closeSync(target)
}

/**
 * Sends requests over kept connections for some seconds. An error of any kind is a failure of the measurement.
 * @param input.first number of the request to begin with, counted from 0
 */
export async function generateLoad(input: {
  readonly url: string
  readonly file: string
  readonly seconds: number
  readonly first: number
}): Promise<LoadResult> {
  const script = fileURLToPath(new URL('replay.lua', import.meta.url))
  const timing = ['-t1', `-c${connections}`, `-d${input.seconds}s`, '--timeout', '10s']
  let output = ''
  const { status } = await run('wrk', [...timing, '-s', script, input.url, '--', input.file, String(input.first)], {
    onOutput: (chunk) => {
      output += chunk.toString()
    },
  })
  const [, text] = /^result (.+)$/m.exec(output) ?? []
  if (status !== 0 || text === undefined) throw new Error(`wrk failed with status ${status}: ${output}`)
  const result = JSON.parse(text) as Record<'requests' | 'microseconds' | 'p50' | 'p99' | 'status' | 'socket', number>
  if (result.status > 0 || result.socket > 0 || output.includes('Non-2xx')) {
    throw new Error(`refused answers: ${result.status}, socket errors: ${result.socket}`)
  }
  return {
    requests: result.requests,
    seconds: result.microseconds / 1e6,
    p50: result.p50 / 1000,
    p99: result.p99 / 1000,
  }
}
