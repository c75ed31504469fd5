/** What a cmdlet answers, in the form of PowerShell: `Name : Value` lists, bare values, and JSON with the same names. */
import { printable } from '../terminal/printable.ts'

type Scalar = string | number | boolean | undefined
export type Row = Readonly<Record<string, Scalar | readonly Scalar[]>>
export type Shown = undefined | Scalar | Row | readonly Row[] | readonly string[]

export function asText(shown: Shown): string {
  if (shown === undefined) return ''
  if (typeof shown !== 'object') return `${textOf(shown)}\n`
  if (!Array.isArray(shown)) return listOf(shown as Row)
  return (shown as readonly (Row | string)[])
    .map((item) => (typeof item === 'string' ? `${printable(item)}\n` : `${listOf(item)}\n`))
    .join('')
}

/** Nothing to say is an empty object: standard output holds exactly one document. */
export function asJson(shown: Shown): unknown {
  return shown ?? {}
}

function listOf(row: Row): string {
  const width = Math.max(0, ...Object.keys(row).map((name) => name.length))
  return Object.entries(row)
    .map(([name, value]) => `${name.padEnd(width)} : ${valueText(value)}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('')
}

function valueText(value: Row[string]): string {
  return Array.isArray(value) ? `{${(value as readonly Scalar[]).map(textOf).join(', ')}}` : textOf(value as Scalar)
}

function textOf(value: Scalar): string {
  if (value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return printable(String(value))
}
