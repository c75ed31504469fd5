/**
 * Names of files that are being written. A process that was killed leaves one behind, perhaps with plain text; the name
 * tells machine and process, so that a later run can remove what no one is writing any more (threat F5).
 */
import { createHash } from 'node:crypto'
import { hostname } from 'node:os'

const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
const form = /^\.sealward-([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{16}\.part$/
const beingWritten = new Set<string>()

/** A name for a file that this process is about to write. @param random 8 bytes */
export function partName(random: Uint8Array): string {
  const name = `.sealward-${machine}-${process.pid}-${Buffer.from(random).toString('hex')}.part`
  beingWritten.add(name)
  return name
}

/** The file has its final name or is gone. */
export function forgetPart(name: string): void {
  beingWritten.delete(name)
}

/**
 * Whether a file is, or was, being written.
 *
 * ```ts
 * const files = readdirSync(folder).filter((name) => !isPartName(name))
 * ```
 */
export function isPartName(name: string): boolean {
  return form.test(name)
}

/**
 * Whether a file is left over from a process of this machine that is gone. While another process has taken the number
 * of that process, the answer is no.
 *
 * ```ts
 * for (const name of readdirSync(folder)) if (isAbandonedPart(name)) unlinkSync(join(folder, name))
 * ```
 */
export function isAbandonedPart(name: string): boolean {
  const [, host, pid] = form.exec(name) ?? []
  if (host !== machine || pid === undefined) return false
  return Number(pid) === process.pid ? !beingWritten.has(name) : !isRunning(Number(pid))
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
