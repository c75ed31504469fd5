/** Rows of comma-, semicolon- or tab-separated values (RFC 4180); the first row decides which. */
import { RightsError } from '@sealward/xrml'
import { textLines, type LogSource } from './text-lines.ts'

export interface DelimitedRow {
  /** Of the first line of the row, from 1. */
  readonly line: number
  readonly fields: readonly string[]
}

const rowMost = 8 * 1024 * 1024
const fieldsMost = 500

/** @throws RightsError `request-log-refused` */
export async function* delimitedRows(source: LogSource): AsyncGenerator<DelimitedRow> {
  let separator: string | undefined
  let line = 0
  let start = 0
  let open = ''
  for await (const text of textLines(source)) {
    line++
    if (open === '') start = line
    const row = open === '' ? text : `${open}\n${text}`
    if (hasOpenQuote(row)) {
      if (row.length > rowMost) throw new RightsError('request-log-refused', { detail: 'a quotation has no end' })
      open = row
      continue
    }
    open = ''
    if (row.trim() === '') continue
    separator ??= separatorOf(row)
    yield { line: start, fields: fieldsOf(row, separator) }
  }
  if (open !== '') throw new RightsError('request-log-refused', { detail: 'a quotation has no end' })
}

function hasOpenQuote(row: string): boolean {
  let quotes = 0
  for (let at = row.indexOf('"'); at >= 0; at = row.indexOf('"', at + 1)) quotes++
  return quotes % 2 === 1
}

function separatorOf(header: string): string {
  const counted = ['\t', ';', ','].map((each) => ({ each, count: header.split(each).length }))
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).each
}

function fieldsOf(row: string, separator: string): readonly string[] {
  const fields = row.includes('"') ? quotedFields(row, separator) : row.split(separator)
  if (fields.length > fieldsMost) throw new RightsError('request-log-refused', { detail: 'a row has too many fields' })
  return fields
}

function quotedFields(row: string, separator: string): readonly string[] {
  const fields: string[] = []
  for (let at = 0; at <= row.length; ) {
    if (row[at] === '"') {
      const end = closingQuote(row, at + 1)
      fields.push(row.slice(at + 1, end).replaceAll('""', '"'))
      const next = row.indexOf(separator, end + 1)
      at = next < 0 ? row.length + 1 : next + 1
    } else {
      const next = row.indexOf(separator, at)
      const end = next < 0 ? row.length : next
      fields.push(row.slice(at, end))
      at = end + 1
    }
  }
  return fields
}

function closingQuote(row: string, from: number): number {
  for (let at = row.indexOf('"', from); at >= 0; at = row.indexOf('"', at + 2)) {
    if (row[at + 1] !== '"') return at
  }
  return row.length
}
