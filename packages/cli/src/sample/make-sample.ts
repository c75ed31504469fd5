/**
 * Makes the sample organisation on disk. It grows under a name of its own and takes the final one when it is complete, so
 * that an interrupted one is never mistaken for a sample; what an interruption leaves is removed.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { RightsError } from '@sealward/xrml'
import { writeSampleOrganisation, writeToDirectory, type WriteSampleInput, type WrittenSample } from '@sealward/sample'
import { interruptible } from '../terminal/interruption.ts'
import { createProgress } from '../terminal/progress.ts'

/** @throws RightsError `sample-directory-not-empty`, `interrupted` */
export async function makeSample(
  directory: string,
  size: Pick<WriteSampleInput, 'documents' | 'templates' | 'keys'> = {},
): Promise<WrittenSample> {
  const target = resolve(directory)
  requireFree(target)
  const parent = dirname(target)
  mkdirSync(parent, { recursive: true })
  removeRemains(parent, basename(target))
  const part = join(parent, `${partPrefix(basename(target))}${process.pid}`)
  const progress = createProgress('making the sample')
  try {
    const written = await interruptible((signal) =>
      writeSampleOrganisation({
        directory: writeToDirectory(part),
        random: (count) => randomBytes(count),
        now: new Date(),
        progress: (done, total) => {
          signal.throwIfAborted()
          progress.update(done, total)
        },
        ...size,
      }),
    )
    if (existsSync(target)) rmdirSync(target)
    renameSync(part, target)
    return written
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    throw error
  } finally {
    progress.end()
  }
}

function partPrefix(name: string): string {
  return `.${name}.unfinished-`
}

/** Parts whose process is gone. */
function removeRemains(parent: string, name: string): void {
  const prefix = partPrefix(name)
  for (const entry of readdirSync(parent)) {
    if (!entry.startsWith(prefix) || isRunning(Number(entry.slice(prefix.length)))) continue
    rmSync(join(parent, entry), { recursive: true, force: true })
  }
}

function isRunning(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function requireFree(target: string): void {
  if (existsSync(target) && readdirSync(target).length > 0) {
    throw new RightsError('sample-directory-not-empty', { detail: target })
  }
}
