/** The way out as the steps of a migration ask for it: whether it may begin, and what stands in the way. */
import type { ExitPort } from '../steps/ports.ts'
import { exitRehearse, type ExitRehearsalInput } from './exit-rehearse.ts'
import { exportAllKeys, type ExportKeysInput } from './export-all-keys.ts'

/**
 * ```ts
 * const ports = { tenant, clusters, exit: exitPort({ admin, folder, passwordOf, now, start, openToday, … }) }
 * ```
 */
export function exitPort(input: ExportKeysInput & Omit<ExitRehearsalInput, 'keys'>): ExitPort {
  return {
    async rehearse() {
      const { ready, checks } = await exitRehearse({ ...input, keys: await exportAllKeys(input) })
      return { ready, findings: Object.values(checks).flatMap(({ ok, finding }) => (ok ? [] : (finding ?? []))) }
    },
  }
}
