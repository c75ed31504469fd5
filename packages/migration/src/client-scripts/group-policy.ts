/**
 * Registry items of group policy preferences (MS-GPPREF 2.2.1.10), one for each value, to be dropped on
 * Preferences / Windows Settings / Registry of a policy. Items come back with every refresh; cleaning up must not, so it
 * is marked to run once for each version.
 */
import { createHash } from 'node:crypto'
import { element } from '@sealward/xrml'
import type { CheckedPlan } from './redirection-plan.ts'
import { longHive, type RegistryOperation } from './registry-operation.ts'

const collectionClass = '{A3CCFC41-DFDB-43a5-8D26-0FE8B954DA51}'
const itemClass = '{9CD4B2F4-923D-47f5-A062-E897DD1DAD50}'

/** Pictures of the editor; they have no meaning of their own. */
const images = { deleteKey: '3', text: '7', deleteValue: '8', number: '12' } as const

/** @param purpose goes into the identifiers of the items, so that those of two policies differ */
export function groupPolicyItems(
  plan: CheckedPlan,
  purpose: string,
  operations: readonly RegistryOperation[],
): Uint8Array {
  const items = operations.map((operation) => `  ${item(plan, purpose, operation)}\n`).join('')
  const text = `<?xml version="1.0" encoding="utf-8"?>\n<RegistrySettings clsid="${collectionClass}">\n${items}</RegistrySettings>\n`
  return Buffer.from(text, 'utf8')
}

function item(plan: CheckedPlan, purpose: string, operation: RegistryOperation): string {
  const id = identifier(JSON.stringify([purpose, plan.version, operation]))
  const { version } = plan
  const changed = `${version.slice(0, 4)}-${version.slice(4, 6)}-${version.slice(6)} 00:00:00`
  const { action, hive, key } = operation
  const deletes = action === 'deleteKey' || action === 'deleteContents'
  const name = deletes ? '' : operation.name
  const last = key.split('\\').at(-1) ?? ''
  const shown = deletes ? last : name === '' ? '(Default)' : name
  const properties = element('Properties', {
    action: action === 'set' ? 'U' : 'D',
    displayDecimal: '0',
    default: !deletes && name === '' ? '1' : '0',
    hive: longHive(hive),
    key,
    name,
    ...typeAndValue(operation),
  })
  const once = element('FilterRunOnce', { hidden: '1', not: '0', bool: 'AND', id })
  return element(
    'Registry',
    { clsid: itemClass, name: shown, status: shown, image: imageOf(operation), changed, uid: id, bypassErrors: '1' },
    properties,
    action === 'deleteContents' ? element('Filters', {}, once) : undefined,
  )
}

function typeAndValue(operation: RegistryOperation): { readonly type: string; readonly value: string } {
  if (operation.action !== 'set') return { type: '', value: '' }
  const { type, data } = operation.value
  return { type, value: typeof data === 'string' ? data : data.toString(16).toUpperCase().padStart(8, '0') }
}

function imageOf(operation: RegistryOperation): string {
  if (operation.action === 'deleteValue') return images.deleteValue
  if (operation.action !== 'set') return images.deleteKey
  return operation.value.type === 'REG_SZ' ? images.text : images.number
}

/** The same plan gives the same file. */
function identifier(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex').toUpperCase()
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)]
  return `{${groups.join('-')}}`
}
