/** The steps in the order of the procedure. */
import { RightsError } from '@sealward/xrml'
import { inventory } from './0-inventory.ts'
import { tenantAddress } from './1-tenant.ts'
import { batches } from './1b-batches.ts'
import { mailPreparationStep } from './1c-mail-preparation.ts'
import { importKeys } from './2-import.ts'
import { activate } from './3-activate.ts'
import { templates } from './4-templates.ts'
import { clients } from './5-clients.ts'
import { mail } from './6-mail.ts'
import { servers } from './7-servers.ts'
import { decommission } from './8d-decommission.ts'
import { watch } from './8-watch.ts'
import { rekey } from './9-rekey.ts'
import { readOnly } from './ro-read-only.ts'
import type { Step } from './step.ts'
import { exit } from './x-exit.ts'

export const steps: readonly Step[] = [
  inventory,
  tenantAddress,
  batches,
  mailPreparationStep,
  importKeys,
  activate,
  templates,
  clients,
  mail,
  servers,
  readOnly,
  watch,
  decommission,
  rekey,
  exit,
]

/** @throws RightsError `step-unknown` */
export function stepOf(id: string): Step {
  const step = steps.find((known) => known.id === id)
  if (step === undefined) throw new RightsError('step-unknown', { detail: id.slice(0, 64) })
  return step
}
