/** The plan of a project for those who prepare its ports; readable at any time, also while somebody else runs a step. */
import type { MigrationPlan } from './plan.ts'
import { readJournal, requirePlan, type Project } from './project.ts'

/** @throws RightsError `plan-missing`, `project-damaged` */
export function readProjectPlan(project: Project): { readonly plan: MigrationPlan; readonly digest: string } {
  return requirePlan(readJournal(project.folder).progress)
}
