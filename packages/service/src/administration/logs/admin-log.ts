/**
 * The administration log as text: one line per operation, tab-separated, without header. Time in UTC, administrator,
 * operation with its parameters, whether it passed, result. Names and form follow the log of the tenant service.
 */
import type { LogValue } from '../../core/log-chain.ts'
import type { AdministrationContext } from '../change.ts'

type Parameters = Readonly<Record<string, LogValue>>

interface Entry {
  readonly name: string
  readonly parameters: Parameters
  readonly result?: string
}

/** What the documents call otherwise than its name here says. */
const documented: Readonly<Record<string, (parameters: Parameters) => Entry>> = {
  'get-super-users': ({ result, ...parameters }) => ({
    name: 'GetSuperUserFeatureState',
    parameters,
    ...(typeof result === 'string' ? { result } : {}),
  }),
  'enable-super-users': () => ({ name: 'SetSuperUserFeatureState', parameters: { state: 'Enabled' } }),
  'disable-super-users': () => ({ name: 'SetSuperUserFeatureState', parameters: { state: 'Disabled' } }),
  'add-super-user': ({ address, ...rest }) => ({ name: 'AddSuperUser', parameters: { id: address ?? '', ...rest } }),
  'remove-super-user': ({ address, ...rest }) => ({
    name: 'RemoveSuperUser',
    parameters: { id: address ?? '', ...rest },
  }),
  'import-trusted-publishing-domain': (parameters) => ({ name: 'ImportTpd', parameters }),
  'export-trusted-publishing-domain': (parameters) => ({ name: 'ExportTpd', parameters }),
}

const pageRows = 1_000

export async function* adminLog({ store }: AdministrationContext): AsyncGenerator<string> {
  for (let after = 0; ; ) {
    const rows = await store.logs.read('administration', after, pageRows)
    yield rows.map(({ record }) => `${adminLine(JSON.parse(record) as Parameters)}\n`).join('')
    if (rows.length < pageRows) return
    after = rows[rows.length - 1]?.sequence ?? after
  }
}

function adminLine({ at, actor, operation, outcome, reason, ...parameters }: Parameters): string {
  const name = textOf(operation)
  const entry = documented[name]?.(parameters) ?? { name: pascal(name), parameters }
  const failed = outcome === 'Failed'
  const columns = [
    textOf(at).slice(0, 19),
    textOf(actor),
    [entry.name, ...Object.entries(entry.parameters).map(([key, value]) => `-${key} ${shown(value)}`)].join(' '),
    failed ? 'Failed' : 'Passed',
    failed ? textOf(reason) : (entry.result ?? 'True'),
  ]
  return columns.map((column) => column.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')).join('\t')
}

function shown(value: LogValue): string {
  const text = textOf(value)
  return /^[^\s"]+$/.test(text) ? text : JSON.stringify(text)
}

function textOf(value: LogValue | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  return Array.isArray(value) ? value.map(textOf).join(',') : JSON.stringify(value)
}

function pascal(name: string): string {
  return name
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')
}
