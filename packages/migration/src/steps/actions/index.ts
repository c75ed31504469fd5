/** Every kind of action by the name under which the journal knows it. */
import { RightsError } from '@sealward/xrml'
import type { PlannedAction } from '../../project/journal.ts'
import type { ActionKind } from './action-kind.ts'
import { registerKey, writeArtefact } from './files.ts'
import { activateKey, activateNewKey, importDomain } from './keys.ts'
import { setOnboarding, setReadOnly, setState, takeOverHostNames } from './service-settings.ts'
import { grantInTemplate, publishTemplate } from './templates.ts'

const actionKinds: ReadonlyMap<string, ActionKind> = new Map(
  Object.entries({
    'write-artefact': writeArtefact,
    'register-key': registerKey,
    'import-domain': importDomain,
    'activate-key': activateKey,
    'activate-new-key': activateNewKey,
    'set-state': setState,
    'set-onboarding': setOnboarding,
    'set-read-only': setReadOnly,
    'take-over-host-names': takeOverHostNames,
    'publish-template': publishTemplate,
    'grant-in-template': grantInTemplate,
  }),
)

/** @throws RightsError `project-damaged` */
export function kindOf({ kind }: PlannedAction): ActionKind {
  const found = actionKinds.get(kind)
  if (found === undefined) throw new RightsError('project-damaged', { detail: `action of the kind ${kind}` })
  return found
}
