/** What a script checks before it changes anything, and what it says; one list for batch files and PowerShell. */
import { stampNames, type ChangeName, type ChangePart, type PartName } from './client-change.ts'

export type Direction = 'apply' | 'undo'

export const exitCodes = { done: 0, failed: 1, refused: 2 } as const

export const refusals = {
  notElevated: 'run this script elevated, or as a computer startup script',
  computerAccount: 'run this script as the user, not as the computer',
  narrowHost: 'run this script in the 64-bit PowerShell',
  machineMissing: 'the script for the computer, of this version, has not run here',
  machineThere: 'undo the part of the computer first',
  newerRan: 'a newer version of this script has run here',
  migrated: 'this computer or user is migrated already; undo the migration first',
} as const

export const words = {
  nothing: 'nothing to do',
  storeInUse: 'close Office and every program that opens protected content, and run this script again',
  failed: 'a change failed; nothing is stamped, run this script again',
  done: 'done',
} as const

export interface Guards {
  /** Stamp of the same part; what is there decides whether there is anything to do. */
  readonly own: string
  /** A stamp of the computer that must equal the version (apply) or be missing (undo); for users' parts. */
  readonly machine?: string
  /** A stamp of the same part that must be missing. */
  readonly mustBeMissing?: string
}

export function guardsOf({ change, part }: ChangePart): Guards {
  return {
    own: stampNames[change][part],
    ...(part === 'user' ? { machine: stampNames[change].machine } : {}),
    // Preparing points tenant content at the cluster; on a migrated computer that would be a circle.
    ...(change === 'prepare' ? { mustBeMissing: stampNames.migrate[part] } : {}),
  }
}

export function titleOf(change: ChangeName, part: PartName, direction: Direction): string {
  const what = { prepare: 'answers tenant content by the cluster', migrate: 'moves to the tenant' }[change]
  const whom = { machine: 'for the computer', user: 'for the user' }[part]
  return direction === 'apply' ? `${what}, ${whom}` : `takes back what "${change}" did, ${whom}`
}
