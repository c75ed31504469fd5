/** Gives a project its plan, or a new version of it. The first plan makes the key that signs the reports. */
import { RightsError } from '@sealward/xrml'
import { asJson } from './canonical-json.ts'
import { planDigest, readPlan, type MigrationPlan } from './plan.ts'
import { workOn, writeProjectFile, type Project, type WorkOptions } from './project.ts'
import { ensureSigningKey } from './signing-key.ts'

export interface PlannedMigration {
  readonly plan: MigrationPlan
  readonly digest: string
  /** Base64; readers of reports compare it. */
  readonly publicKey: string
}

/**
 * @param value the plan as JSON value
 * @throws RightsError `plan-invalid`; `project-locked`
 */
export async function planMigration(project: Project, value: unknown, options: WorkOptions): Promise<PlannedMigration> {
  const plan = readPlan(value)
  requireConsistent(plan)
  const digest = planDigest(plan)
  return workOn(project, 'plan', options, async (journal) => {
    const publicKey = ensureSigningKey(project.folder)
    if (journal.progress().plan?.digest !== digest) {
      journal.append({ kind: 'planned', digest, plan: asJson(plan) })
    }
    writeProjectFile(project.folder, { version: 1, name: project.name, publicKey, plan })
    return { plan, digest, publicKey }
  })
}

/** What no single field can say. @throws RightsError `plan-invalid` */
function requireConsistent(plan: MigrationPlan): void {
  const clusters = new Set(plan.clusters.map(({ name }) => name))
  if (clusters.size !== plan.clusters.length) refuse('clusters: two have the same name')
  for (const { file, cluster } of plan.exports) {
    if (!clusters.has(cluster)) refuse(`exports: ${file} names the cluster ${cluster}, which is not in the plan`)
  }
  for (const cluster of plan.readOnly?.clusters ?? []) {
    if (!clusters.has(cluster)) refuse(`readOnly: there is no cluster ${cluster}`)
  }
  if (plan.exports.filter(({ active }) => active).length > 1) refuse('exports: only one key can be active')
  const files = new Set(plan.exports.map(({ file }) => file))
  if (files.size !== plan.exports.length) refuse('exports: a file is named twice')
}

function refuse(detail: string): never {
  throw new RightsError('plan-invalid', { detail })
}
