/**
 * Rights policy templates. What an administrator publishes or edits becomes a template of this service under the same
 * GUID; the imported original stays beside it. Templates are archived rather than removed: licences made with a removed
 * one fall back to the policy that they carry.
 */
import {
  canonicalGuid,
  issueRightsTemplate,
  noTimes,
  RightsError,
  type Grant,
  type LocalizedName,
  type TimeConditions,
} from '@sealward/xrml'
import { canonicalAddress, canonicalAddresses } from '../core/address.ts'
import { ownTemplate, requireActiveKey, type Configuration, type Template } from '../core/configuration.ts'
import { loadConfiguration } from '../core/load-configuration.ts'
import { operations } from '../core/operations.ts'
import { readTemplate } from '../core/read-template.ts'
import type { Repositories } from '../core/store.ts'
import { change, type AdministrationContext } from './change.ts'
import { reissueTemplate } from './reissue-templates.ts'

export interface ListedTemplate {
  /** GUID in braces. */
  readonly id: string
  /** `own`, or the id of the key whose trusted publishing domain it came with. */
  readonly origin: string
  readonly state: 'published' | 'archived'
  readonly names: readonly LocalizedName[]
  readonly hash: string
  readonly issuedAt: Date
  /** Without what the owner has by nature. */
  readonly grants: readonly { readonly to: string; readonly rights: readonly string[] }[]
  /** When content made with it expires. */
  readonly expiry: TimeConditions
  /** How long a use licence lives, in milliseconds; 0 where every opening asks. */
  readonly licenseValidity: number | undefined
  readonly referral: string | undefined
  /** The greatest age of the revocation list that readers must have seen, in milliseconds. */
  readonly refresh: number | undefined
  /** To whom it is offered; empty for everybody. */
  readonly scope: readonly string[]
}

export async function listTemplates(context: AdministrationContext): Promise<readonly ListedTemplate[]> {
  const { templates } = await context.store.transaction(loadConfiguration)
  return [...templates.values()].flat().map((template) => ({
    id: `{${template.id}}`,
    origin: template.origin,
    state: template.state,
    names: template.policy.names,
    hash: template.hash,
    issuedAt: template.policy.issuedAt,
    grants: grantsOf(template),
    expiry: template.policy.preconditions,
    licenseValidity: licenseValidityOf(template),
    referral: template.policy.referral,
    refresh: template.policy.refresh[0]?.interval,
    scope: template.scope,
  }))
}

function licenseValidityOf({ policy }: Template): number | undefined {
  if (policy.applicationData.some(({ name, value }) => name === 'NOLICCACHE' && value === '1')) return 0
  const intervals = policy.entries.flatMap(({ times }) => times.intervals)
  return intervals.length === 0 ? undefined : Math.min(...intervals)
}

function grantsOf({ policy }: Template): ListedTemplate['grants'] {
  const rightsOf = new Map<string, string[]>()
  for (const { right, principal } of policy.entries) {
    if (principal === undefined) continue
    const to = principal.idType === 'Internal' ? principal.id.toUpperCase() : (principal.name ?? principal.id)
    if (to === 'OWNER') continue
    const rights = rightsOf.get(to) ?? []
    rightsOf.set(to, rights)
    if (!rights.includes(right)) rights.push(right)
  }
  return [...rightsOf].map(([to, rights]) => ({ to, rights }))
}

/**
 * Offers a template to people. An imported one is issued again under the active key.
 * @param input.origin which of several imported versions; the newest unless told otherwise
 * @throws RightsError `template-unknown`, `no-active-key`, `template-refused`
 */
export async function publishTemplate(
  context: AdministrationContext,
  input: { readonly id: string; readonly origin?: string },
): Promise<void> {
  await change(context, 'publish-template', async (repositories) => {
    const configuration = await loadConfiguration(repositories)
    const source = findTemplate(configuration, input.id, input.origin)
    const text =
      source.origin === ownTemplate
        ? source.document.text
        : await reissueTemplate(context, source.document, requireActiveKey(configuration))
    await putOwn(context, repositories, configuration, { id: source.id, state: 'published', text })
    return { result: undefined, record: { template: source.id, origin: source.origin } }
  })
}

/** People no longer get the template; it still decides about licences made with it. @throws RightsError `template-unknown` */
export async function archiveTemplate(context: AdministrationContext, input: { readonly id: string }): Promise<void> {
  await change(context, 'archive-template', async (repositories) => {
    const configuration = await loadConfiguration(repositories)
    const template = findTemplate(configuration, input.id, ownTemplate)
    await putOwn(context, repositories, configuration, {
      id: template.id,
      state: 'archived',
      text: template.document.text,
    })
    return { result: undefined, record: { template: template.id } }
  })
}

export interface TemplateContent {
  readonly names: readonly LocalizedName[]
  /** Without the owner, who always has every right. */
  readonly grants: readonly Grant[]
  /** When content made with the template expires. */
  readonly expiry?: TimeConditions
  /** Whom to ask for rights: a URL, usually `mailto:`. */
  readonly referral?: string
  /** A use licence is needed for every opening. */
  readonly noOfflineUse?: boolean
  /** How long a use licence lives, in milliseconds; without limit of its own unless given. */
  readonly licenseValidity?: number
}

/**
 * @param input.scope addresses of people and groups to whom it is offered; everybody unless given
 * @returns the GUID, in braces
 * @throws RightsError `template-refused`, `address-refused`, `no-active-key`
 */
export async function createTemplate(
  context: AdministrationContext,
  input: TemplateContent & { readonly state?: 'published' | 'archived'; readonly scope?: readonly string[] },
): Promise<{ readonly id: string }> {
  const scope = canonicalAddresses(input.scope ?? [])
  return change(context, 'create-template', async (repositories) => {
    const configuration = await loadConfiguration(repositories)
    const id = context.random.guid()
    const text = await issue(context, configuration, id, input)
    const state = input.state ?? 'archived'
    await putOwn(context, repositories, configuration, { id: canonicalGuid(id), state, text })
    await repositories.templates.putScope(canonicalGuid(id), scope)
    return { result: { id }, record: { template: canonicalGuid(id), state, scope } }
  })
}

/**
 * Replaces what a template says, under the same GUID: documents that were made with it follow from the next licence on. The
 * revocation list that it demands stays.
 * @throws RightsError `template-unknown`, `template-refused`, `address-refused`, `no-active-key`
 */
export async function editTemplate(
  context: AdministrationContext,
  input: TemplateContent & { readonly id: string },
): Promise<void> {
  await change(context, 'edit-template', async (repositories) => {
    const configuration = await loadConfiguration(repositories)
    const template = findTemplate(configuration, input.id, undefined)
    const refresh = template.policy.refresh[0]?.raw
    const text = await issue(context, configuration, `{${template.id}}`, input, refresh)
    const { state } = template
    await putOwn(context, repositories, configuration, { id: template.id, state, text })
    return { result: undefined, record: { template: template.id, before: template.hash } }
  })
}

const recently = 30 * 86_400_000
const allOperations = Object.keys(operations)

/**
 * Takes a template away, imported versions included.
 * @param input.force although somebody used it within thirty days
 * @throws RightsError `template-unknown`, `template-in-use`
 */
export async function deleteTemplate(
  context: AdministrationContext,
  input: { readonly id: string; readonly force?: boolean | undefined },
): Promise<{ readonly id: string }> {
  return change(context, 'delete-template', async (repositories) => {
    const { id, hash } = findTemplate(await loadConfiguration(repositories), input.id, undefined)
    const last = await repositories.requests.lastOf(allOperations, id)
    const inUse = last !== undefined && context.clock.now().getTime() - last.getTime() < recently
    if (inUse && input.force !== true) throw new RightsError('template-in-use', { detail: last.toISOString() })
    await repositories.templates.remove(id)
    return { result: { id: `{${id}}` }, record: { template: id, before: hash } }
  })
}

function issue(
  context: AdministrationContext,
  configuration: Configuration,
  id: string,
  content: TemplateContent,
  refresh?: string,
): Promise<string> {
  const key = requireActiveKey(configuration)
  const { licenseValidity } = content
  const times = licenseValidity === undefined ? undefined : { ...noTimes, intervals: [licenseValidity] }
  const grants = content.grants.map((grant) => ({
    ...(times === undefined ? {} : { times }),
    ...grant,
    to: principalOf(grant.to),
  }))
  const named = content.names.every((name) => name.name.trim() !== '' && !/[;\r\n]/.test(name.name + name.description))
  const granted = grants.length > 0 && grants.every((grant) => grant.rights.length > 0)
  if (content.names.length === 0 || !named || !granted) throw new RightsError('template-refused')
  return issueRightsTemplate({
    id,
    issuedAt: context.clock.now(),
    names: content.names,
    grants,
    ...(content.expiry === undefined ? {} : { preconditions: content.expiry }),
    ...(content.referral === undefined ? {} : { referral: content.referral }),
    ...(refresh === undefined ? {} : { refresh }),
    applicationData: content.noOfflineUse === true ? [{ name: 'NOLICCACHE', value: '1' }] : [],
    licensor: key.licensor.principal,
    publishingUrl: context.cluster.licensingUrl,
    key: key.handle,
  })
}

function principalOf(to: string): string {
  const name = to.toUpperCase()
  return name === 'ANYONE' || name === 'OWNER' ? name : canonicalAddress(to)
}

/** The own version, or the newest imported one. @throws RightsError `template-unknown` */
export function findTemplate(configuration: Configuration, id: string, origin: string | undefined): Template {
  const versions = configuration.templates.get(canonicalGuid(id)) ?? []
  const own = versions.find((version) => version.origin === ownTemplate)
  const newest = versions.toSorted((a, b) => b.policy.issuedAt.getTime() - a.policy.issuedAt.getTime())[0]
  const found = origin === undefined ? (own ?? newest) : versions.find((version) => version.origin === origin)
  if (found === undefined) throw new RightsError('template-unknown', { detail: id.slice(0, 64) })
  return found
}

/** @param count versions of one tenant, imported ones included @throws RightsError `template-refused` */
export function requireTemplatesWithin({ cluster }: AdministrationContext, count: number): void {
  const { templates } = cluster.limits
  if (count > templates) throw new RightsError('template-refused', { detail: `more than ${templates} templates` })
}

/**
 * What is stored must be readable; a template that is not would stop the whole service.
 * @throws RightsError `template-refused`, and those of the reader
 */
export function requireStorable({ cluster }: AdministrationContext, stored: Parameters<typeof readTemplate>[0]): void {
  const { rightsEntries } = cluster.limits
  const { policy } = readTemplate(stored)
  if (policy.entries.length <= rightsEntries) return
  throw new RightsError('template-refused', { detail: `more than ${rightsEntries} rights entries` })
}

export async function putOwn(
  context: AdministrationContext,
  repositories: Repositories,
  configuration: Configuration,
  template: { readonly id: string; readonly state: 'published' | 'archived'; readonly text: string },
): Promise<void> {
  const all = [...configuration.templates.values()].flat()
  const isNew = !all.some((known) => known.id === template.id && known.origin === ownTemplate)
  requireTemplatesWithin(context, all.length + (isNew ? 1 : 0))
  requireStorable(context, { ...template, origin: ownTemplate })
  await repositories.templates.put({ ...template, origin: ownTemplate, changedAt: context.clock.now() })
}
