/** What registration files leave in a registry that was empty before: later lines win, and deletions delete. */
import { RightsError } from '@sealward/xrml'
import type { RegistryData } from './registration-data.ts'
import type { RegistryInstruction } from './registration-file.ts'

export interface RegistryValue {
  /** With its hive, as the file spells it. */
  readonly key: string
  /** Empty for the default value. */
  readonly name: string
  readonly data: RegistryData
  readonly line: number
}

export interface AppliedRegistration {
  /** In the order of the files. */
  readonly values: readonly RegistryValue[]
  /** Deletions of what no file had set before: they concern the computer that the file was made for. */
  readonly idleRemovals: readonly { readonly key: string; readonly name?: string; readonly line: number }[]
}

const keyRemovalsMost = 2_000

/**
 * Names of keys and values know no case.
 * @throws RightsError `registration-file-invalid` if whole keys are deleted more often than any file does
 */
export function applyRegistration(instructions: readonly RegistryInstruction[]): AppliedRegistration {
  const keys = new Map<string, Map<string, RegistryValue>>()
  const idle: AppliedRegistration['idleRemovals'][number][] = []
  let removals = 0
  for (const instruction of instructions) {
    const { kind, key, line } = instruction
    const lower = key.toLowerCase()
    if (kind === 'set-value') {
      const values = keys.get(lower) ?? new Map<string, RegistryValue>()
      keys.set(lower, values)
      const { name, data } = instruction
      values.delete(name.toLowerCase())
      values.set(name.toLowerCase(), { key, name, data, line })
    } else if (kind === 'remove-value') {
      const { name } = instruction
      if (keys.get(lower)?.delete(name.toLowerCase()) !== true) idle.push({ key, name, line })
    } else if (kind === 'remove-key') {
      // Each of them looks at every key.
      if (++removals > keyRemovalsMost) {
        throw new RightsError('registration-file-invalid', { detail: `line ${line}: too many deleted keys` })
      }
      if (!removeBelow(keys, lower)) idle.push({ key, line })
    }
  }
  return { values: [...keys.values()].flatMap((values) => [...values.values()]), idleRemovals: idle }
}

function removeBelow(keys: Map<string, unknown>, key: string): boolean {
  let found = false
  for (const each of keys.keys()) {
    if (each !== key && !each.startsWith(`${key}\\`)) continue
    keys.delete(each)
    found = true
  }
  return found
}
