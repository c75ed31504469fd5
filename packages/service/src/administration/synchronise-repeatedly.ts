/** Synchronises again and again while the service serves. A run that fails is a warning: the people are those of the last run. */
import { isRightsError } from '@sealward/xrml'
import { repeated, type Schedule } from '../directory/synchronised/schedule.ts'
import type { AdministrationContext } from './change.ts'
import { synchroniseDirectory } from './synchronise-directory.ts'

/** Hears of runs that failed. */
export interface Listener {
  warn(warning: { readonly code: string; readonly name: string; readonly entries: readonly string[] }): void
}

/** @returns undefined unless the configuration says how often */
export function synchroniseRepeatedly(context: AdministrationContext, listener: Listener): Schedule | undefined {
  const every = context.synchronisation?.settings.every
  if (every === undefined) return undefined
  const run = async (): Promise<void> => {
    try {
      await synchroniseDirectory(context, {})
    } catch (error) {
      const [code, entries] = isRightsError(error) ? [error.code, [error.message]] : ['defect', []]
      listener.warn({ code, name: 'directory synchronisation', entries })
    }
  }
  return repeated(run, every)
}
