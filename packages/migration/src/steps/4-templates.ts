/** Imported templates are offered, with the rights of everybody given to those whom the plan names. */
import type { PlannedAction } from '../project/journal.ts'
import { groupsWithMail } from './checks/people.ts'
import {
  externalReaders,
  licencesEqual,
  offeredOnClusters,
  rightsEqual,
  templateHygiene,
  templatesHaveRights,
  templatesPublished,
  templatesSuperset,
} from './checks/templates.ts'
import type { StepContext } from './context.ts'
import { action } from './planned.ts'
import type { Step } from './step.ts'
import { anyoneRights, currentTemplates, sameTemplate, sourceTemplates } from './template-rights.ts'

export const templates: Step = {
  id: '4',
  numbers: { y2016: '4', newer: '6' },
  title: 'Configure the imported templates',
  phase: 'Phase 1',
  role: 'tenant administrator',
  inputs: ['exports', 'anyone', 'directory', 'samples'],
  from: ['Activated'],
  to: 'TemplatesReady',
  approval: false,
  checks: [templatesSuperset, groupsWithMail, templateHygiene],
  do: changes,
  verify: [templatesPublished, templatesHaveRights, rightsEqual, externalReaders, licencesEqual],
  byHand: () => ['Make no new templates until the clusters are gone.'],
  undo: { loss: 'nothing', byHand: [] },
}

async function changes(context: StepContext): Promise<readonly PlannedAction[]> {
  const { anyone } = context.plan
  const present = currentTemplates(await context.tenant.templates())
  const offered = await offeredOnClusters(context)
  return sourceTemplates(await context.exports()).flatMap(({ id, name, policy }) => {
    const target = present.find((template) => sameTemplate(template.id, id))
    if (target === undefined) return []
    const rights = anyoneRights(policy)
    const missing =
      rights.length === 0 || anyone === undefined || anyone === 'drop'
        ? []
        : anyone.grantTo.filter((address) => !isGranted(target.grants, address, rights))
    const grants = missing.map((to) => ({ to, rights: [...rights] }))
    const publish = target.state === 'archived' && (offered === undefined || offered.has(id))
    return [
      ...(grants.length === 0 ? [] : [action('grant-in-template', `grant-${id}`, { id: target.id, name, grants })]),
      ...(publish ? [action('publish-template', `publish-${id}`, { id: target.id, name })] : []),
    ]
  })
}

function isGranted(
  grants: readonly { readonly to: string; readonly rights: readonly string[] }[],
  address: string,
  rights: readonly string[],
): boolean {
  const granted = grants.filter(({ to }) => to.toLowerCase() === address.toLowerCase()).flatMap((grant) => grant.rights)
  return rights.every((right) => granted.includes(right))
}
