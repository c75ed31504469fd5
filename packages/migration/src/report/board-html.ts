/** The board report as one page that loads nothing: pictures first, then found, done, proved and left. */
import { outcomeBar } from '../rehearse/outcome-bar.ts'
import { code, page, section, state, text } from '../rehearse/report-markup.ts'
import type { BoardReport, ReportedCheck } from './board-report.ts'
import { checksBar } from './checks-bar.ts'
import { stepsStrip } from './steps-strip.ts'

export function boardHtml(report: BoardReport): string {
  const { organisation, found, proved, documents } = report
  const failed = found.filter(({ outcome }) => outcome === 'failed').length
  return page(`Migration: ${text(organisation)}`, [
    `<header><p class="brand">Sealward migration · ${text(report.name)}</p><h1>${headline(report, failed)}</h1><p>${sentence(report)}</p></header>`,
    stepsStrip(report.steps),
    checksBar({ passed: proved.length, warned: found.length - failed, failed }),
    documents === null ? '' : outcomeBar({ ...documents, byReason: {} }),
    section('Found', ['Step', 'Finding', 'Cure', 'Check'], [...found].sort(failedFirst), (check) => [
      text(check.step),
      `${outcomeState(check)}<br>${text(check.finding ?? check.title)}`,
      text(check.cure ?? ''),
      `${code(check.id)}<br><small>${text(check.at)}</small>`,
    ]),
    section('Done', ['Step', 'What', 'When', 'Who', 'Actions'], report.done, (step) => [
      text(step.step),
      `${text(step.title)}${step.undone ? ` ${state('warn', '↶', 'taken back')}` : ''}`,
      text(step.at),
      text(step.actor),
      step.actions,
    ]),
    section('Proved', ['Step', 'What is true', 'When', 'Evidence'], proved, (check) => [
      text(check.step),
      state('ok', '✓', text(check.title)),
      text(check.at),
      code(check.evidence),
    ]),
    section('Interrupted', ['Server', 'From', 'Until', 'Minutes'], report.interruptions, (each) => [
      text(each.server),
      text(each.stoppedAt),
      text(each.resumedAt),
      Math.ceil(each.seconds / 60),
    ]),
    section('Left', ['Step', 'What', 'Who', 'By hand'], report.left, (step) => [
      text(step.step),
      text(step.title),
      text(step.role),
      step.byHand.map(text).join('<br>'),
    ]),
    `<footer><p><small>Signed by the project key ${code(report.publicKey)}. Journal: ${report.journal.records} records, head ${code(report.journal.hash)}. Plan ${code(report.planDigest)}.</small></p></footer>`,
  ])
}

function headline({ state: reached, organisation }: BoardReport, failed: number): string {
  const doing = failed === 0 ? '' : `, ${failed} ${failed === 1 ? 'check' : 'checks'} failed`
  return `${text(organisation)}: ${text(reached)}${doing}`
}

function sentence({ progress, journal, left }: BoardReport): string {
  const when = journal.lastAt === null ? '' : ` on ${text(journal.lastAt)}`
  return `${progress.reached} of ${progress.of} states were reached${when}; ${left.length} steps are left.`
}

function outcomeState({ outcome }: ReportedCheck): string {
  return outcome === 'failed' ? state('bad', '✕', 'failed') : state('warn', '▲', 'to be looked at')
}

function failedFirst(a: ReportedCheck, b: ReportedCheck): number {
  return Number(b.outcome === 'failed') - Number(a.outcome === 'failed')
}
