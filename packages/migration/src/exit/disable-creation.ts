/**
 * Stops new protection in Office by policy ("prevent users from changing permissions on rights managed content"), and the
 * way back. Opening is not touched.
 */
import { registrationFile } from '../client-scripts/registration-file.ts'
import { number, type RegistryOperation } from '../client-scripts/registry-operation.ts'
import type { ScriptFile } from '../client-scripts/script-files.ts'

const versions = ['14.0', '15.0', '16.0'] as const
const name = 'disablecreation'

const keys = versions.map((version) => ({
  hive: 'HKCU' as const,
  key: `Software\\Policies\\Microsoft\\Office\\${version}\\Common\\DRM`,
}))

const disableCreation: readonly RegistryOperation[] = keys.map((key) => number(key, name, 1))
const enableCreation: readonly RegistryOperation[] = keys.map((key) => ({ action: 'deleteValue', ...key, name }))

export function disableCreationFiles(): readonly ScriptFile[] {
  return [
    { path: 'disable-creation.reg', content: registrationFile(disableCreation) },
    { path: 'undo-disable-creation.reg', content: registrationFile(enableCreation) },
  ]
}
