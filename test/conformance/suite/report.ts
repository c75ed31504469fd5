/** The result for people and for programs. */
import type { RowResult } from './run-rows.ts'

const outcomes = ['passed', 'failed', 'not applicable'] as const

export type Counts = Readonly<Record<RowResult['outcome'], number>>

export function countsOf(results: readonly RowResult[]): Counts {
  const count = (wanted: RowResult['outcome']) => results.filter(({ outcome }) => outcome === wanted).length
  return { passed: count('passed'), failed: count('failed'), 'not applicable': count('not applicable') }
}

/** @returns 0 if every row that could be asked passed, and one could; else 1 */
export function exitCodeOf({ passed, failed }: Counts): 0 | 1 {
  return failed === 0 && passed > 0 ? 0 : 1
}

export function jsonReport(server: string, results: readonly RowResult[]): string {
  return `${JSON.stringify({ server, counts: countsOf(results), rows: results }, undefined, 2)}\n`
}

/** One line for each row: outcome, section and row, version of SOAP, what it is about, and why it is as it is. */
export function tableReport(server: string, results: readonly RowResult[]): string {
  const width = Math.max(0, ...results.map(({ id }) => id.length))
  const lines = results.map(({ id, soap, what, outcome, detail }) => {
    const why = detail === '' ? '' : ` -- ${printable(detail)}`
    return `${outcome.padEnd(14)}  ${id.padEnd(width)}  ${soap}  ${what}${why}`
  })
  const counts = countsOf(results)
  const sum = outcomes.map((outcome) => `${counts[outcome]} ${outcome}`).join(', ')
  return `${[...lines, '', `${server}: ${sum}`].join('\n')}\n`
}

/** Details repeat names that a server sent: nothing in them may move the cursor. */
function printable(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').slice(0, 300)
}
