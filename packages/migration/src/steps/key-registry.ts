/**
 * Which key went to which tenant, over all projects of an organisation: the key of a cluster belongs into one tenant only,
 * or two services issue licences for the same content under different policies.
 */
import type { MigrationPlan } from '../project/plan.ts'
import { readIfThere, writeWhole, type ProjectFolder } from '../project/project-folder.ts'
import { anyText, mapOf, readJson } from '../project/shape.ts'

/** Service ids by fingerprint. @throws RightsError `plan-input-invalid` */
export function readKeyRegistry(folder: ProjectFolder, plan: MigrationPlan): ReadonlyMap<string, string> {
  const path = pathOf(folder, plan)
  const text = readIfThere(path)
  return new Map(Object.entries(text === undefined ? {} : readJson(mapOf(anyText), text, 'plan-input-invalid', path)))
}

export function writeKeyRegistry(
  folder: ProjectFolder,
  plan: MigrationPlan,
  registry: ReadonlyMap<string, string>,
): void {
  const sorted = [...registry].sort(([a], [b]) => (a < b ? -1 : 1))
  writeWhole(pathOf(folder, plan), `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`)
}

function pathOf(folder: ProjectFolder, plan: MigrationPlan): string {
  return folder.resolve(plan.keyRegistry ?? 'imported-keys.json')
}
