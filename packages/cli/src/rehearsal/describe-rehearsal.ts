/** The rehearsal's report as tables for people, whole and in short. */
import type { RehearsalReport } from '@sealward/migration'
import { errorCatalogue, type ErrorCode } from '@sealward/xrml'
import { table, type Column } from '../terminal/table.ts'

export function describeRehearsal(report: RehearsalReport): string {
  return joined([
    keysTable(report),
    reasonsTable(report, 'cure'),
    failuresTable(report),
    tableOf(report.missingKeys, [
      { title: 'Missing key', value: (key) => key.issuerKey, most: 20 },
      { title: 'Documents', value: (key) => key.documents },
      { title: 'URLs', value: (key) => key.urls.join(' ') },
    ]),
    tableOf(report.urls, [
      { title: 'URL in licences', value: (url) => url.url },
      { title: 'Documents', value: (url) => url.documents },
      { title: 'Key exported', value: (url) => (url.mapped ? 'yes' : 'NO') },
    ]),
    tableOf(report.templates, [
      { title: 'Template', value: (template) => template.name },
      { title: 'Identifier', value: (template) => template.id },
      { title: 'Documents', value: (template) => template.documents },
      { title: 'In an export', value: (template) => (template.exported ? 'yes' : 'no') },
    ]),
    totals(report),
  ])
}

/** What fits on a screen: keys, failures, totals; addresses and templates as numbers. */
export function rehearsalSummary(report: RehearsalReport): string {
  const { urls, templates } = report
  const counts =
    `${urls.length} addresses in licences, ${urls.filter(({ mapped }) => mapped).length} of them of exported keys; ` +
    `${templates.length} templates, ${templates.filter(({ exported }) => exported).length} of them in the exports\n`
  return joined([keysTable(report), reasonsTable(report, 'cause'), totals(report) + counts])
}

function keysTable({ keys }: RehearsalReport): string {
  return tableOf(keys, [
    { title: 'Export', value: (key) => key.source },
    { title: 'Key', value: (key) => key.key, most: 20 },
    { title: 'Mode', value: (key) => key.mode },
    { title: 'Bits', value: (key) => String(key.bits) },
    { title: 'Documents', value: (key) => key.documents },
  ])
}

/** Causes and cures are sentences; half of one helps nobody. */
const whole = 400

function reasonsTable({ summary }: RehearsalReport, show: 'cause' | 'cure'): string {
  return tableOf(Object.entries(summary.byReason), [
    { title: 'Fails because', value: ([code]) => code },
    { title: 'Documents', value: ([, count]) => count },
    {
      title: show === 'cause' ? 'That is' : 'Cure',
      value: ([code]) => errorCatalogue[code as ErrorCode][show],
      most: whole,
    },
  ])
}

const failuresShown = 50

/** By name, so that somebody can look at them; of very many the first ones. */
function failuresTable({ documents }: RehearsalReport): string {
  const failures = documents.filter(({ outcome }) => outcome === 'fails')
  const shown = tableOf(failures.slice(0, failuresShown), [
    { title: 'Document that fails', value: ({ path }) => path, most: 100 },
    { title: 'Because', value: ({ reason }) => reason ?? '' },
  ])
  const rest = failures.length - failuresShown
  return rest > 0 ? `${shown}… and ${rest} more; --json and --html have all of them\n` : shown
}

function totals({ summary }: RehearsalReport): string {
  const { documents, opens, fails, unprotected } = summary
  return `${documents} documents: ${opens} open, ${fails} fail, ${unprotected} unprotected\n`
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n')
}

/** Nothing at all where there is nothing to list. */
function tableOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  return rows.length === 0 ? '' : table(rows, columns)
}
