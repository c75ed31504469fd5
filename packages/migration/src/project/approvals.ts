/**
 * Approvals: some steps need two people. One asks, with a reason; another one approves, within a day, and for the plan as
 * it is: a changed plan needs a new approval. An approval is used up by the run
 * that it lets begin; the journal says by which.
 */
import { RightsError } from '@sealward/xrml'
import { appendToChainedLog, dropUnfinishedLine, readChainedLog } from './chained-log.ts'

export type ApprovedWork = 'run' | 'undo'

export type ApprovalEntry =
  | {
      readonly kind: 'asked'
      readonly id: string
      readonly step: string
      readonly work: ApprovedWork
      readonly planDigest: string
      readonly by: string
      readonly reason: string
      readonly at: string
    }
  | { readonly kind: 'approved'; readonly id: string; readonly by: string; readonly at: string }

export interface ApprovalRequest {
  readonly id: string
  readonly step: string
  readonly work: ApprovedWork
  readonly planDigest: string
  readonly askedBy: string
  readonly reason: string
  readonly askedAt: string
  readonly approvedBy?: string
  readonly approvedAt?: string
}

const lifetime = 24 * 3_600_000

/** @throws RightsError `project-damaged` */
export function readApprovals(path: string): readonly ApprovalRequest[] {
  const requests = new Map<string, ApprovalRequest>()
  for (const entry of readChainedLog<ApprovalEntry>(path).entries) {
    if (entry.kind === 'asked') {
      const { id, step, work, planDigest, by, reason, at } = entry
      requests.set(id, { id, step, work, planDigest, askedBy: by, reason, askedAt: at })
      continue
    }
    const known = requests.get(entry.id)
    if (known === undefined) throw new RightsError('project-damaged', { detail: `approval ${entry.id}` })
    requests.set(entry.id, { ...known, approvedBy: entry.by, approvedAt: entry.at })
  }
  return [...requests.values()]
}

export function appendApproval(path: string, entry: ApprovalEntry): void {
  dropUnfinishedLine(path)
  appendToChainedLog(path, readChainedLog(path).head, entry)
}

export interface ApprovalQuestion {
  readonly step: string
  readonly work: ApprovedWork
  readonly planDigest: string
  /** Ids of approvals that a run has used up, as the journal has them. */
  readonly used: ReadonlySet<string>
  readonly now: Date
}

/** The approval that lets this work begin, if there is one. */
export function findApproval(
  requests: readonly ApprovalRequest[],
  { step, work, planDigest, used, now }: ApprovalQuestion,
): ApprovalRequest | undefined {
  return requests.find(
    (request) =>
      request.step === step &&
      request.work === work &&
      request.planDigest === planDigest &&
      request.approvedBy !== undefined &&
      !used.has(request.id) &&
      isCurrent(request, now),
  )
}

/** @throws RightsError `approval-refused` */
export function requireApprovable(
  requests: readonly ApprovalRequest[],
  question: { readonly id: string; readonly by: string; readonly planDigest: string; readonly now: Date },
): ApprovalRequest {
  const request = requests.find(({ id }) => id === question.id)
  if (request === undefined) return refuse('nobody asked for it')
  if (samePerson(request.askedBy, question.by)) return refuse(`${question.by} asked for it`)
  if (request.approvedBy !== undefined) return refuse('it was given already')
  if (!isCurrent(request, question.now)) return refuse('it was asked for more than 24 hours ago')
  if (request.planDigest !== question.planDigest) return refuse('the plan was changed since')
  return request
}

function refuse(detail: string): never {
  throw new RightsError('approval-refused', { detail })
}

function isCurrent({ askedAt }: ApprovalRequest, now: Date): boolean {
  const age = now.getTime() - Date.parse(askedAt)
  return age >= 0 && age < lifetime
}

/** Names are compared as people read them. */
function samePerson(a: string, b: string): boolean {
  return asRead(a) === asRead(b)
}

function asRead(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}
