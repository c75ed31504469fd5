/** Tables for people: columns padded to their widest cell, numbers to the right, hostile characters escaped. */
import { printable } from './printable.ts'

export interface Column<Row> {
  readonly title: string
  readonly value: (row: Row) => string | number
  /** Cells longer than this are cut with an ellipsis in the middle; paths and URLs keep both ends. */
  readonly most?: number
}

export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map((column) => cellOf(column.value(row), column.most)))
  const widths = columns.map((column, index) =>
    Math.max(widthOf(column.title), ...cells.map((row) => widthOf(row[index]?.text ?? ''))),
  )
  const header = columns.map((column, index) => pad(column.title, widths[index] ?? 0, isNumeric(cells, index)))
  const rule = widths.map((width) => '─'.repeat(width))
  const body = cells.map((row) =>
    row
      .map((cell, index) => pad(cell.text, widths[index] ?? 0, cell.numeric))
      .join('  ')
      .trimEnd(),
  )
  return `${[header.join('  ').trimEnd(), rule.join('  '), ...body].join('\n')}\n`
}

interface Cell {
  readonly text: string
  readonly numeric: boolean
}

function cellOf(value: string | number, most = 80): Cell {
  if (typeof value === 'number') return { text: value.toLocaleString('en-GB'), numeric: true }
  // A blank at either end would not be seen.
  const text = printable(value).replaceAll(/^ | $/g, '\\u0020')
  if (text.length <= most) return { text, numeric: false }
  const head = Math.ceil((most - 1) / 2)
  return { text: `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`, numeric: false }
}

function isNumeric(cells: readonly (readonly Cell[])[], index: number): boolean {
  return cells.length > 0 && cells.every((row) => row[index]?.numeric === true)
}

function pad(text: string, width: number, right: boolean): string {
  const fill = ' '.repeat(Math.max(0, width - widthOf(text)))
  return right ? fill + text : text + fill
}

function widthOf(text: string): number {
  return Array.from(text).length
}
