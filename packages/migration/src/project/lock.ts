/**
 * One runner at a time. The lock is a file that names its holder and appears whole or not at all. A holder that died on
 * this machine loses it; a second runner waits for a living one, and then says who it is. Breaking a dead lock is itself
 * done under a lock, or two waiters could take away each other's new one.
 */
import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { systemCode } from '@sealward/client'
import { RightsError } from '@sealward/xrml'
import { isRunning, startOfProcess } from './process-identity.ts'
import { anyText, readJson, record, wholeNumber, type ShapeOf } from './shape.ts'

const holderShape = record(
  { nonce: anyText, pid: wholeNumber(1, 2 ** 32), host: anyText, actor: anyText, work: anyText },
  { start: anyText },
)

export type LockHolder = ShapeOf<typeof holderShape>

export interface LockOptions {
  readonly actor: string
  /** What is done under the lock, for those who wait. */
  readonly work: string
  /** Milliseconds; ten seconds unless given. */
  readonly patience?: number
  readonly onWait?: (holder: LockHolder) => void
  /** Ends the waiting with its reason. */
  readonly signal?: AbortSignal
}

const pause = 50

/** @throws RightsError `project-locked`, naming who holds it */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const nonce = await acquire(path, options)
  try {
    return await work()
  } finally {
    release(path, nonce)
  }
}

async function acquire(path: string, options: LockOptions): Promise<string> {
  const nonce = randomBytes(8).toString('hex')
  const deadline = performance.now() + (options.patience ?? 10_000)
  let told = false
  while (!take(path, nonce, options)) {
    options.signal?.throwIfAborted()
    const holder = readHolder(path)
    if (holder === undefined || breakIfDead(path, holder, options)) continue
    if (!told) options.onWait?.(holder)
    told = true
    if (performance.now() >= deadline) throw locked(holder)
    await wait(pause)
  }
  return nonce
}

/** A link fails if the name is taken, and shows the whole content at once. */
function take(path: string, nonce: string, { actor, work }: LockOptions): boolean {
  const draft = `${path}.${nonce}`
  const start = startOfProcess(process.pid)
  const holder = { nonce, pid: process.pid, host: hostname(), actor, work, ...(start === undefined ? {} : { start }) }
  try {
    writeFileSync(draft, JSON.stringify(holder), { mode: 0o600, flag: 'wx' })
    linkSync(draft, path)
    return true
  } catch (cause) {
    if (systemCode(cause) === 'EEXIST') return false
    throw new RightsError('file-not-written', { detail: systemCode(cause), cause })
  } finally {
    rmSync(draft, { force: true })
  }
}

function release(path: string, nonce: string): void {
  if (readHolder(path)?.nonce === nonce) rmSync(path, { force: true })
}

function breakIfDead(path: string, holder: LockHolder, options: LockOptions): boolean {
  if (holder.host !== hostname() || isRunning(holder.pid, holder.start)) return false
  const guard = `${path}.break`
  const nonce = randomBytes(8).toString('hex')
  if (!take(guard, nonce, options)) {
    const other = readHolder(guard)
    // Somebody died within these few lines.
    return other !== undefined && breakIfDead(guard, other, options)
  }
  try {
    if (readHolder(path)?.nonce === holder.nonce) rmSync(path, { force: true })
  } finally {
    release(guard, nonce)
  }
  return true
}

function readHolder(path: string): LockHolder | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
  return readJson(holderShape, text, 'project-damaged', '.lock')
}

function locked(holder: LockHolder): RightsError {
  return new RightsError('project-locked', {
    detail: `${holder.actor} (${holder.work}, process ${holder.pid} on ${holder.host})`,
  })
}
