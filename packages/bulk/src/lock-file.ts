/**
 * One run at a time: a file that names the process that holds it. The lock of a process that is gone is taken over; it is
 * moved aside first, so that of two that find it only one succeeds.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { systemCode } from '@sealward/client'
import { RightsError } from '@sealward/xrml'

/** @returns what gives the lock back @throws RightsError `journal-in-use`, `journal-refused` */
export function takeLock(path: string): () => void {
  const mine = `${path}.${process.pid}`
  try {
    writeFileSync(mine, `${process.pid}\n`, { mode: 0o600 })
    if (!linked(mine, path)) takeOver(mine, path)
  } catch (cause) {
    if (cause instanceof RightsError) throw cause
    throw new RightsError('journal-refused', { detail: `lock: ${systemCode(cause)}`, cause })
  } finally {
    rmSync(mine, { force: true })
  }
  return () => rmSync(path, { force: true })
}

function linked(mine: string, path: string): boolean {
  try {
    linkSync(mine, path)
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw error
  }
}

function takeOver(mine: string, path: string): void {
  const aside = `${mine}.aside`
  if (isHeld(path)) throw new RightsError('journal-in-use')
  try {
    renameSync(path, aside)
    // Between the look and the move another run may have taken the lock: it gets it back.
    if (isHeld(aside)) {
      linked(aside, path)
      throw new RightsError('journal-in-use')
    }
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
  } finally {
    rmSync(aside, { force: true })
  }
  if (!linked(mine, path)) throw new RightsError('journal-in-use')
}

/** By this process too: two runs in one process are two runs. */
function isHeld(path: string): boolean {
  let pid: number
  try {
    pid = Number(readFileSync(path, 'utf8'))
  } catch {
    return false
  }
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) === 'EPERM'
  }
}
