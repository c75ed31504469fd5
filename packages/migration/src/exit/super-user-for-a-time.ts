/**
 * The rights of a super user for as long as some work takes; afterwards everything is as before, whatever happened. What
 * was before is kept in a file, so that a run that was killed and started again still knows it.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { writeFileSafely } from '@sealward/client'
import { flag, openRecord, readJson } from '../project/shape.ts'
import type { ExitAdministration } from './exit-administration.ts'

export interface SuperUserForATime {
  readonly admin: Pick<ExitAdministration, 'superUsers' | 'setSuperUsersEnabled' | 'addSuperUser' | 'removeSuperUser'>
  readonly address: string
  /** File for what was before; it is there only while the work is under way. */
  readonly memory: string
}

interface Before {
  readonly enabled: boolean
  readonly isMember: boolean
}

/**
 * ```ts
 * await withSuperUser({ admin, address: 'ines@lakeside.example', memory: 'exit/super-user.json' }, () => decryptFolders(input))
 * ```
 */
export async function withSuperUser<T>(who: SuperUserForATime, work: () => Promise<T>): Promise<T> {
  const { admin, address, memory } = who
  const before = existsSync(memory) ? remembered(memory) : await remember(who)
  try {
    if (!before.isMember) await admin.addSuperUser(address)
    if (!before.enabled) await admin.setSuperUsersEnabled(true)
    return await work()
  } finally {
    await restore(who, before)
  }
}

async function remember({ admin, address, memory }: SuperUserForATime): Promise<Before> {
  const { enabled, users } = await admin.superUsers()
  const before: Before = { enabled, isMember: users.includes(address.toLowerCase()) }
  mkdirSync(dirname(memory), { recursive: true, mode: 0o700 })
  const bytes = Buffer.from(JSON.stringify(before), 'utf8')
  writeFileSafely({ path: memory, existing: 'refuse', write: (sink) => sink.write(bytes) })
  return before
}

const shape = openRecord({ enabled: flag, isMember: flag })

function remembered(memory: string): Before {
  return readJson(shape, readFileSync(memory, 'utf8'), 'file-not-usable', memory)
}

/** The file goes last: while anything of it is left to do, the next run must know. */
async function restore({ admin, address, memory }: SuperUserForATime, before: Before): Promise<void> {
  try {
    if (!before.enabled) await admin.setSuperUsersEnabled(false)
  } finally {
    if (!before.isMember) await admin.removeSuperUser(address)
  }
  rmSync(memory, { force: true })
}
