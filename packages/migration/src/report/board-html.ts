/** The board report as one page that loads nothing: pictures first, then found, done, proved and left. */
import { outcomeBar } from '../rehearse/outcome-bar.ts'
import { code, moment, page, section, state, text } from '../rehearse/report-markup.ts'
import type { MigrationState } from '../project/states.ts'
import type { BoardReport, ReportedCheck } from './board-report.ts'
import { checksBar } from './checks-bar.ts'
import { stepsStrip } from './steps-strip.ts'

/** What a state means to somebody who never saw a key. */
const stateWords: Readonly<Record<MigrationState, string>> = {
  Planned: 'the move is planned',
  Prepared: 'the tenant is reached, and nothing has moved',
  Imported: 'the keys are in the tenant, and nobody uses them there yet',
  Activated: 'the tenant serves',
  TemplatesReady: 'the tenant serves with the templates of the clusters',
  ClientsMoving: 'the computers are moving to the tenant',
  ServicesMoved: 'the computers and servers have moved',
  Draining: 'the clusters are watched until nobody asks them',
  Decommissioned: 'the clusters are gone, and the tenant answers for them',
  Rekeyed: 'the move is done, and a new key protects',
}

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
      `${code(check.id)}<br><small>${moment(check.at)}</small>`,
    ]),
    section('Done', ['Step', 'What', 'When', 'Who', 'Actions'], report.done, (step) => [
      text(step.step),
      `${text(step.title)}${step.undone ? ` ${state('warn', '↶', 'taken back')}` : ''}`,
      moment(step.at),
      text(step.actor),
      step.actions,
    ]),
    section('Proved', ['Step', 'What is true', 'When', 'Evidence'], proved, (check) => [
      text(check.step),
      state('ok', '✓', text(check.title)),
      moment(check.at),
      code(check.evidence),
    ]),
    section('Interrupted', ['Server', 'From', 'Until', 'Minutes'], report.interruptions, (each) => [
      text(each.server),
      moment(each.stoppedAt),
      moment(each.resumedAt),
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
  return `${text(organisation)}: ${stateWords[reached]}${doing}`
}

function sentence({ state: reached, progress, journal, left }: BoardReport): string {
  const when = journal.lastAt === null ? '' : ` on ${moment(journal.lastAt)}`
  const rest = left.length === 0 ? 'no step is' : left.length === 1 ? 'one step is' : `${left.length} steps are`
  return `State ${text(reached)}, ${progress.reached} of ${progress.of}${when}; ${rest} left.`
}

function outcomeState({ outcome }: ReportedCheck): string {
  return outcome === 'failed' ? state('bad', '✕', 'failed') : state('warn', '▲', 'to be looked at')
}

function failedFirst(a: ReportedCheck, b: ReportedCheck): number {
  return Number(b.outcome === 'failed') - Number(a.outcome === 'failed')
}
