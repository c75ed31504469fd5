/** Templates: all of them there, and the rights of everybody equal on both sides. */
import { canonicalGuid } from '@sealward/xrml'
import { asJson } from '../../project/canonical-json.ts'
import { askDecision } from '../ask-decision.ts'
import { failed, named, noneOf, notApplicable, passed, warned, type Check } from '../check.ts'
import type { StepContext } from '../context.ts'
import {
  anyoneRights,
  currentTemplates,
  policyOfTemplate,
  rightsUnder,
  sameTemplate,
  sourceTemplates,
} from '../template-rights.ts'

/** What clusters with an administration offer; nothing if one of them cannot say. */
export async function offeredOnClusters(context: StepContext): Promise<ReadonlySet<string> | undefined> {
  const offered = new Set<string>()
  for (const { name } of context.plan.clusters) {
    const api = context.clusterApi(name)
    if (api === undefined) return undefined
    for (const { id, state } of currentTemplates(await api.templates())) {
      if (state === 'published') offered.add(canonicalGuid(id))
    }
  }
  return offered
}

/** GUIDs with names. */
async function expectedTemplates(context: StepContext): Promise<ReadonlyMap<string, string>> {
  return new Map(sourceTemplates(await context.exports()).map(({ id, name }) => [id, name]))
}

export const templatesSuperset: Check = {
  id: 'templates-superset',
  title: 'The tenant knows every template of the clusters by its identifier',
  run: async (context) => {
    const present = await context.tenant.templates()
    const missing = [...(await expectedTemplates(context))].filter(
      ([id]) => !present.some((template) => sameTemplate(template.id, id)),
    )
    return noneOf(
      missing.map(([, name]) => name),
      (names) => `${names} did not arrive`,
      'Import the trusted publishing domain that holds it again, or import the template by itself.',
    )
  },
}

export const templatesPublished: Check = {
  id: 'templates-published',
  title: 'The templates that the clusters offer are offered',
  run: async (context) => {
    const expected = [...(await expectedTemplates(context)).keys()]
    const offered = await offeredOnClusters(context)
    const archived = currentTemplates(await context.tenant.templates()).filter(
      ({ id, state }) =>
        state === 'archived' &&
        expected.some((known) => sameTemplate(known, id)) &&
        (offered === undefined || offered.has(canonicalGuid(id))),
    )
    return noneOf(
      archived.map(({ id, names }) => names[0]?.name ?? id),
      (names) => `${names} are archived`,
      'Run the step again.',
    )
  },
}

export const templatesHaveRights: Check = {
  id: 'templates-have-rights',
  title: 'Every template grants rights to somebody',
  run: async ({ tenant }) => {
    const empty = currentTemplates(await tenant.templates()).filter(
      ({ grants }) => !grants.some(({ to, rights }) => to.toUpperCase() !== 'OWNER' && rights.length > 0),
    )
    return noneOf(
      empty.map(({ id, names }) => names[0]?.name ?? id),
      (names) => `${names} grant rights to nobody but the owner`,
      'Grant all staff the rights that everybody had, or archive the template.',
    )
  },
}

interface Difference {
  readonly template: string
  readonly person: string
  readonly before: string
  readonly after: string
  /** The template let everybody in, and this person is none of the tenant's. */
  readonly external: boolean
}

async function rightsDifferences(context: StepContext): Promise<readonly Difference[] | undefined> {
  const people = context.people()
  if (people === undefined) return undefined
  const domains = context.plan.tenant.domains.map((domain) => domain.toLowerCase())
  const tenantTemplates = currentTemplates(await context.tenant.templates())
  const principals = people.users
    .filter(({ disabled }) => !disabled)
    .map((user) => ({ user, person: people.resolve(user) }))
  const differences: Difference[] = []
  for (const { id, name, policy } of sourceTemplates(await context.exports())) {
    const target = tenantTemplates.find((template) => sameTemplate(template.id, id))
    if (target === undefined) continue
    const newPolicy = policyOfTemplate(target)
    const open = anyoneRights(policy).length > 0
    for (const { user, person } of principals) {
      const before = textOf(rightsUnder(policy, person, [], context.now))
      const after = textOf(rightsUnder(newPolicy, person, domains, context.now))
      if (before === after) continue
      const external = open && !person.addresses.some((address) => domains.includes(address.split('@')[1] ?? ''))
      differences.push({ template: name, person: user.address, before, after, external })
    }
  }
  return differences
}

function textOf({ rights, expires }: { readonly rights: readonly string[]; readonly expires: string }): string {
  return `${rights.join(', ')}${expires === '' ? '' : ` until ${expires}`}`
}

export const rightsEqual: Check = {
  id: 'rights-equal',
  title: 'Everybody has the same rights under every template as on the cluster',
  run: async (context) => {
    const all = await rightsDifferences(context)
    if (all === undefined) return notApplicable('the plan names no directory')
    const differences = all.filter(({ external }) => !external)
    return noneOf(
      differences.map(
        ({ template, person, before, after }) =>
          `${person} under ${template}: ${before || 'none'} → ${after || 'none'}`,
      ),
      (texts) => `rights differ: ${texts}`,
      'Correct the grants of the template in the tenant until both sides decide alike.',
      differences.length === 0 ? {} : { data: asJson(differences) },
    )
  },
}

export const externalReaders: Check = {
  id: 'external-readers',
  title: 'External readers keep what everybody was granted',
  run: async (context) => {
    const external = (await rightsDifferences(context))?.filter((difference) => difference.external)
    if (external === undefined) return notApplicable('the plan names no directory')
    return noneOf(
      external.map(({ person, template }) => `${person} (${template})`),
      (names) => `${names} lose rights that everybody had`,
      'Add the external addresses to anyone.grantTo in the plan and run the step again.',
      { severity: 'warned' },
    )
  },
}

/** Both services are asked about licences of real documents, where both can be asked. */
export const licencesEqual: Check = {
  id: 'licences-equal',
  title: 'Both services decide alike about licences of old documents',
  run: async (context) => {
    const samples = context.samples()
    const people = context.people()
    const clusters = context.plan.clusters.flatMap(({ name }) => context.clusterApi(name) ?? [])
    if (samples.length === 0 || people === undefined || clusters.length === 0) {
      return notApplicable('samples, a directory and a cluster with an administration are needed')
    }
    const different: string[] = []
    const representatives = people.representatives().map(({ address }) => address)
    for (const { name, serialized, owner } of samples) {
      for (const address of new Set([...(owner === undefined ? [] : [owner]), ...representatives])) {
        // Policies are compared: the tenant may serve nobody yet, and a cluster nobody any more.
        const after = decisionText(await askDecision(context.tenant, serialized, address, 'enabled'))
        const decisions = await Promise.allSettled(
          clusters.map((api) => askDecision(api, serialized, address, 'serving')),
        )
        const known = decisions.flatMap((each) => (each.status === 'fulfilled' ? [decisionText(each.value)] : []))
        if (known.length > 0 && !known.includes(after)) {
          different.push(`${name} for ${address}: ${known[0] ?? ''} → ${after}`)
        }
      }
    }
    const compared = { licences: samples.length, people: representatives.length }
    if (different.length === 0) return passed(compared)
    return failed({
      finding: `decisions differ: ${named(different)}`,
      cure: 'Compare the templates and the groups of both sides; a group cache may be up to three hours old.',
      data: different,
    })
  },
}

function decisionText({
  granted,
  rights = [],
  reason = '',
}: {
  readonly granted: boolean
  readonly rights?: readonly string[]
  readonly reason?: string
}): string {
  return granted ? [...rights].sort().join(', ') : `refused ${reason}`
}

export const templateHygiene: Check = {
  id: 'templates-unchanged',
  title: 'No template of the tenant was made before the cluster is gone',
  run: async (context) => {
    const expected = await expectedTemplates(context)
    const others = currentTemplates(await context.tenant.templates()).filter(
      ({ id, state }) => state === 'published' && ![...expected.keys()].some((known) => sameTemplate(known, id)),
    )
    if (others.length === 0) return passed()
    return warned({
      finding: `${named(others.map(({ id, names }) => names[0]?.name ?? id))} are published and unknown to the clusters`,
      cure: 'Archive them until everybody has moved; those who stay cannot use them.',
    })
  },
}
