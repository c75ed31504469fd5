/**
 * Parts of printed reports: pages that load nothing and run nothing, tables, and text from elsewhere, which is hostile and
 * is escaped (threat N5).
 */
import { escapeAttribute } from '@sealward/xrml'
import { reportStyle } from './report-style.ts'

export function page(title: string, sections: readonly string[], style = ''): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title><style>${reportStyle}${style}</style></head>
<body><main>${sections.join('\n')}</main></body></html>
`
}

export function section<Row>(
  title: string,
  head: readonly string[],
  rows: readonly Row[],
  cells: (row: Row) => readonly (string | number)[],
): string {
  if (rows.length === 0) return ''
  const table = rows.map(cells)
  const numeric = head.map((_, index) => table.every((row) => typeof row[index] === 'number'))
  const open = (tag: string, index: number): string => `<${tag}${numeric[index] === true ? ' class="n"' : ''}>`
  const headCells = head.map((name, index) => `${open('th scope="col"', index)}${text(name)}</th>`).join('')
  const body = table
    .map((row) => `<tr>${row.map((cell, index) => `${open('td', index)}${cell}</td>`).join('')}</tr>`)
    .join('\n')
  return `<section><h2>${text(title)}</h2><div class="wide"><table><thead><tr>${headCells}</tr></thead><tbody>${body}</tbody></table></div></section>`
}

export function state(kind: 'ok' | 'warn' | 'bad' | 'hold', glyph: string, word: string): string {
  return `<span class="state ${kind}"><span aria-hidden="true">${glyph}</span> ${word}</span>`
}

/** A time for people, to the minute; the exact one is in the attribute. What is no ISO 8601 in UTC stays as it is. */
export function moment(at: string): string {
  const [, day, minute] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):[\d.]+Z$/.exec(at) ?? []
  return day === undefined || minute === undefined
    ? text(at)
    : `<time datetime="${text(at)}">${day} ${minute} UTC</time>`
}

/** File names may hold anything: control and direction characters must not act on the page, halves of characters not break it. */
export function text(value: string): string {
  // oxlint-disable-next-line no-control-regex -- the point of the expression
  const acting = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g
  return escapeAttribute(value.toWellFormed().replace(acting, '\uFFFD'))
}

export function code(value: string): string {
  return value === '' ? '' : `<code>${text(value)}</code>`
}
