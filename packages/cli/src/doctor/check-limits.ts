/** Limits that somebody raised: nobody has tried the service with them. */
import { limitWarnings } from '@sealward/service'
import { fine, wrong } from './finding.ts'
import { installedCheck } from './patient.ts'

export const limitsCheck = installedCheck('limits', async ({ config }) => {
  const warnings = limitWarnings(config)
  if (warnings.length === 0) return [fine('no limit is above the standard')]
  return warnings.map(({ code, name, entries }) => wrong(code, `${name}: ${entries.join()}`))
})
