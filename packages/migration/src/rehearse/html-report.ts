/**
 * The rehearsal as one self-contained page: nothing is loaded, nothing runs. Everything from documents is hostile text and
 * is escaped (threat N5).
 */
import { errorCatalogue, type ErrorCode } from '@sealward/xrml'
import { outcomeBar, share } from './outcome-bar.ts'
import { code, page, section, state, text } from './report-markup.ts'
import type { RehearsalReport } from './report.ts'

export function htmlReport(report: RehearsalReport): string {
  const { summary } = report
  const sections = [
    `<header><p class="brand">Sealward rehearsal</p><h1>${headline(report)}</h1>`,
    `<p>${summary.documents} documents were read and none was changed. Each protected one was checked up to a key of the organisation and decrypted to its last byte.</p></header>`,
    outcomeBar(summary),
    reasons(report),
    missingKeys(report),
    section('Keys', ['Key', 'Mode', 'Bits', 'Export', 'Documents'], report.keys, (key) => [
      code(key.key),
      key.mode,
      key.bits,
      text(key.source),
      key.documents,
    ]),
    section('Addresses in the licences', ['URL', 'Documents', 'Its key is exported'], report.urls, (url) => [
      code(url.url),
      url.documents,
      url.mapped ? state('ok', '✓', 'yes') : state('bad', '✕', 'no'),
    ]),
    section('Templates met', ['Name', 'Identifier', 'Documents', 'In an export'], report.templates, (template) => [
      text(template.name),
      code(template.id),
      template.documents,
      template.exported ? state('ok', '✓', 'yes') : state('warn', '▲', 'no: the copy in the licence decides'),
    ]),
    documents(report),
  ]
  return page(`Rehearsal: ${headline(report)}`, sections)
}

function headline({ summary }: RehearsalReport): string {
  const protectedDocuments = summary.opens + summary.fails
  if (protectedDocuments === 0) return 'No protected document was found'
  if (summary.fails === 0) return `All ${summary.opens} protected documents open`
  return `${summary.opens} of ${protectedDocuments} protected documents open, ${summary.fails} do not`
}

function reasons({ summary }: RehearsalReport): string {
  const rows = Object.entries(summary.byReason).sort(([, a], [, b]) => b - a)
  return section('Why documents do not open', ['Documents', 'Cause', 'Cure', 'Code'], rows, ([reason, count]) => {
    const entry = errorCatalogue[reason as ErrorCode]
    return [`${count}${share(count, summary.fails)}`, text(entry.cause), text(entry.cure), code(reason)]
  })
}

function missingKeys(report: RehearsalReport): string {
  return section(
    'Keys still missing',
    ['Key of the issuing server', 'Documents', 'URLs'],
    report.missingKeys,
    (key) => [code(key.issuerKey), key.documents, key.urls.map(code).join('<br>')],
  )
}

/** Documents that open are listed too: the list is the proof. */
function documents(report: RehearsalReport): string {
  const order = { fails: 0, opens: 1, unprotected: 2 }
  const sorted = [...report.documents].sort((a, b) => order[a.outcome] - order[b.outcome])
  return section(
    'Documents',
    ['Document', 'Outcome', 'Owner', 'Who may open', 'Content (SHA-256)'],
    sorted,
    (entry) => [
      `${text(entry.path)}<br><small>${text(entry.format)}</small>`,
      outcomeState(entry.outcome, entry.reason),
      text(entry.owner ?? ''),
      entry.mayOpen.map(({ principal, rights }) => `${text(principal)}: ${text(rights.join(', '))}`).join('<br>'),
      code(entry.contentSha256 ?? ''),
    ],
  )
}

function outcomeState(outcome: 'opens' | 'fails' | 'unprotected', reason: string | null): string {
  if (outcome === 'opens') return state('ok', '✓', 'opens')
  if (outcome === 'fails') return state('bad', '✕', `fails: ${text(reason ?? '')}`)
  return state('hold', '○', 'unprotected')
}
