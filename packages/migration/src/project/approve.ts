/** Asking for and giving approvals of a project. */
import { randomBytes } from 'node:crypto'
import { RightsError } from '@sealward/xrml'
import { stepOf } from '../steps/index.ts'
import {
  appendApproval,
  findApproval,
  readApprovals,
  requireApprovable,
  type ApprovalQuestion,
  type ApprovalRequest,
  type ApprovedWork,
} from './approvals.ts'
import type { MigrationPlan } from './plan.ts'
import type { ProjectFolder } from './project-folder.ts'
import { requirePlan, workOn, type Project, type WorkOptions } from './project.ts'

/** @returns the id to give to the other person @throws RightsError `step-unknown`, `plan-missing`, `approval-refused` without a reason */
export async function askApproval(
  project: Project,
  question: { readonly step: string; readonly work: ApprovedWork; readonly reason: string },
  options: WorkOptions,
): Promise<{ readonly id: string }> {
  const { id: step } = stepOf(question.step)
  const reason = question.reason.trim()
  if (reason === '') throw new RightsError('approval-refused', { detail: 'a reason is needed' })
  return workOn(project, 'ask for approval', options, async (journal) => {
    const { digest } = requirePlan(journal.progress())
    const id = randomBytes(6).toString('hex')
    appendApproval(project.folder.approvalsFile, {
      kind: 'asked',
      id,
      step,
      work: question.work,
      planDigest: digest,
      by: options.actor,
      reason,
      at: options.now().toISOString(),
    })
    return { id }
  })
}

/** @throws RightsError `approval-refused` */
export async function approve(project: Project, id: string, options: WorkOptions): Promise<ApprovalRequest> {
  return workOn(project, 'approve', options, async (journal) => {
    const { digest } = requirePlan(journal.progress())
    const path = project.folder.approvalsFile
    const now = options.now()
    const request = requireApprovable(readApprovals(path), { id, by: options.actor, planDigest: digest, now })
    appendApproval(path, { kind: 'approved', id, by: options.actor, at: now.toISOString() })
    return { ...request, approvedBy: options.actor, approvedAt: now.toISOString() }
  })
}

/** For the journal, which uses it up. @throws RightsError `approval-missing` */
export function requireApproval(
  folder: ProjectFolder,
  plan: MigrationPlan,
  question: ApprovalQuestion,
): { readonly approval?: string } {
  if (plan.approvals === 'none') return {}
  const found = findApproval(readApprovals(folder.approvalsFile), question)
  if (found === undefined) throw new RightsError('approval-missing', { detail: `step ${question.step}` })
  return { approval: found.id }
}
