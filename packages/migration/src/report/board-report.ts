/**
 * The report of a migration for those who answer for it: found, done, proved, left. It is made from the journal and the
 * evidence alone and holds no time but theirs, so the same evidence gives the same bytes.
 */
import type { Evidence, CheckOutcome, EvidencePhase } from '../project/evidence.ts'
import { readEvidence } from '../project/evidence.ts'
import type { JournalEntry } from '../project/journal.ts'
import type { MigrationPlan } from '../project/plan.ts'
import { readJournal, readProjectFile, requirePlan, type Project } from '../project/project.ts'
import { projectStatus, type ProjectStatus } from '../project/project-status.ts'
import { openRecord, readShape, wholeNumber, type ShapeOf } from '../project/shape.ts'
import { states, type MigrationState } from '../project/states.ts'
import { interruptionChecks, measuredInterruptions, type MeasuredInterruption } from '../steps/checks/interruption.ts'
import { steps } from '../steps/index.ts'

export interface ReportedCheck {
  readonly step: string
  readonly id: string
  readonly title: string
  readonly outcome: CheckOutcome
  readonly finding?: string
  readonly cure?: string
  readonly at: string
  readonly phase: EvidencePhase
  /** Path below the project. */
  readonly evidence: string
}

export interface BoardReport {
  readonly format: 'sealward-migration-report-1'
  readonly name: string
  readonly organisation: string
  readonly state: MigrationState
  /** States reached, and all there are. */
  readonly progress: { readonly reached: number; readonly of: number }
  readonly planDigest: string
  readonly publicKey: string
  /** Head of the journal: what the report speaks of. */
  readonly journal: { readonly records: number; readonly hash: string; readonly lastAt: string | null }
  readonly documents: DocumentCounts | null
  /** When protected content could not be read, server by server. */
  readonly interruptions: readonly MeasuredInterruption[]
  readonly steps: ProjectStatus['steps']
  /** What the last runs of the checks found to be wrong or doubtful. */
  readonly found: readonly ReportedCheck[]
  readonly done: readonly DoneStep[]
  readonly proved: readonly ReportedCheck[]
  readonly left: readonly {
    readonly step: string
    readonly title: string
    readonly role: string
    readonly byHand: readonly string[]
  }[]
}

const count = wholeNumber(0, Number.MAX_SAFE_INTEGER)
const documentCounts = openRecord({ documents: count, opens: count, fails: count, unprotected: count })
export type DocumentCounts = ShapeOf<typeof documentCounts>

export interface DoneStep {
  readonly step: string
  readonly title: string
  readonly at: string
  readonly actor: string
  readonly actions: number
  /** It was taken back. */
  readonly undone: boolean
}

/** @throws RightsError `plan-missing`, `project-damaged` */
export function boardReport(project: Project): BoardReport {
  const { entries, head, progress } = readJournal(project.folder)
  const { plan, digest } = requirePlan(progress)
  const status = projectStatus(project)
  const { checks, documents, interruptions } = latestChecks(project, entries)
  return {
    format: 'sealward-migration-report-1',
    name: project.name,
    organisation: plan.organisation,
    state: progress.state,
    progress: { reached: states.indexOf(progress.state), of: states.length - 1 },
    planDigest: digest,
    publicKey: readProjectFile(project.folder).publicKey ?? '',
    journal: { records: head.sequence, hash: head.hash, lastAt: entries.at(-1)?.at ?? null },
    documents,
    interruptions,
    steps: status.steps,
    found: checks.filter(({ outcome }) => outcome === 'failed' || outcome === 'warned'),
    done: doneSteps(entries),
    proved: checks.filter(({ outcome }) => outcome === 'passed'),
    left: leftSteps(status, plan),
  }
}

/** Of every check the last run counts; in the order of the steps and of their checks. */
function latestChecks(
  project: Project,
  entries: readonly JournalEntry[],
): Pick<BoardReport, 'documents' | 'interruptions'> & { readonly checks: readonly ReportedCheck[] } {
  const latest = new Map<string, ReportedCheck>()
  let documents: DocumentCounts | null = null
  const interruptions = new Map<string, readonly MeasuredInterruption[]>()
  for (const entry of entries) {
    if (entry.kind !== 'checked') continue
    const evidence: Evidence = readEvidence(project.folder, { path: entry.evidence, sha256: entry.sha256 })
    for (const { id, title, outcome, finding, cure, data } of evidence.checks) {
      const { step, at, phase } = evidence
      const texts = { ...(finding === undefined ? {} : { finding }), ...(cure === undefined ? {} : { cure }) }
      latest.set(`${step} ${id}`, { step, id, title, outcome, ...texts, at, phase, evidence: entry.evidence })
      if (interruptionChecks.includes(id)) {
        interruptions.set(id, data === undefined ? [] : readShape(measuredInterruptions, data, 'project-damaged', id))
      }
      if (id === 'rehearsal-present' && data !== undefined)
        documents = readShape(documentCounts, data, 'project-damaged', entry.evidence)
    }
  }
  const order = new Map(steps.map(({ id }, index) => [id as string, index]))
  const placeOf = ({ step }: ReportedCheck): number => order.get(step) ?? steps.length
  const checks = [...latest.values()].sort((a, b) => placeOf(a) - placeOf(b))
  return { checks, documents, interruptions: [...interruptions.values()].flat() }
}

function doneSteps(entries: readonly JournalEntry[]): readonly DoneStep[] {
  const done: DoneStep[] = []
  const counts = new Map<string, number>()
  for (const entry of entries) {
    if (entry.kind === 'result') counts.set(entry.step, (counts.get(entry.step) ?? 0) + 1)
    if (entry.kind !== 'done' && entry.kind !== 'undone') continue
    const { step, at, actor } = entry
    const title = steps.find(({ id }) => id === step)?.title ?? step
    done.push({ step, title, at, actor, actions: counts.get(step) ?? 0, undone: entry.kind === 'undone' })
    counts.delete(step)
  }
  return done
}

function leftSteps(status: ProjectStatus, plan: MigrationPlan): BoardReport['left'] {
  const open = new Set(
    status.steps
      .filter(
        ({ status: each, reason }) => reason === undefined && ['due', 'later', 'running', 'undoing'].includes(each),
      )
      .map(({ id }) => id),
  )
  return steps
    .filter(({ id }) => open.has(id) && id !== 'x')
    .map(({ id, title, role, byHand }) => ({ step: id, title, role, byHand: byHand(plan) }))
}
