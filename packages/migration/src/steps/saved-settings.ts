/** The settings that servers report before a step changes them, kept for the way back. */
import { canonicalJson } from '../project/canonical-json.ts'
import type { PlannedAction } from '../project/journal.ts'
import type { StepContext } from './context.ts'
import { artefact } from './planned.ts'

export function savedMailSettings(context: StepContext, step: string): readonly PlannedAction[] {
  const servers = context.collected('mail-servers')
  if (servers.length === 0) return []
  return [artefact(step, 'previous-mail-settings.json', `${canonicalJson(servers)}\n`)]
}
