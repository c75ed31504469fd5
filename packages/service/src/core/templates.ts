/**
 * Template distribution (MS-RMPR 3.6.4): what is published, and in which version. Archived templates are never given out;
 * they only decide about licences that were made with them. Nor is a template given to those outside of its scope.
 */
import { canonicalGuid, type LocalizedName, type PublicKey, type ResolvedPrincipal } from '@sealward/xrml'
import { publishedTemplates, type Configuration, type Template } from './configuration.ts'
import { lcidOf } from './languages.ts'
import type { OperationName } from './operations.ts'
import type { Caller, CoreContext, RequestInfo } from './ports.ts'
import { readerOfCaller } from './resolve-principal.ts'
import { requirePublisher, serviceState, type ServiceState } from './service-state.ts'

export interface ListedTemplate {
  /** GUID in braces. */
  readonly id: string
  readonly name: string
  /** Never empty: clients reject a whole list for one empty description. */
  readonly description: string
}

export interface TemplateRequest {
  readonly info: RequestInfo
  readonly caller: Caller
}

/**
 * Templates are for those who may protect with them.
 * @throws RightsError the codes of serviceState and requirePublisher, `user-disabled`
 */
async function stateForPublisher(
  context: CoreContext,
  operation: OperationName,
  { caller, info }: TemplateRequest,
): Promise<ServiceState & { readonly offered: readonly Template[] }> {
  const state = await serviceState(context, operation)
  const { principal } = await readerOfCaller(context, state.configuration, caller)
  requirePublisher(context, state.configuration, principal.groups, info.door)
  return { ...state, offered: offeredTo(state.configuration, principal) }
}

/** Published templates in whose scope somebody is. */
function offeredTo(configuration: Configuration, { addresses, groups }: ResolvedPrincipal): readonly Template[] {
  const names = new Set([...addresses, ...groups])
  return publishedTemplates(configuration).filter(
    ({ scope }) => scope.length === 0 || scope.some((address) => names.has(address)),
  )
}

/**
 * @param request.languages language tags in order of preference, for example `de-DE`
 * @throws RightsError as stateForPublisher
 */
export async function listTemplates(
  context: CoreContext,
  request: TemplateRequest & { readonly languages?: readonly string[] },
): Promise<readonly ListedTemplate[]> {
  const { offered } = await stateForPublisher(context, 'list-templates', request)
  return offered.map((template) => shownTemplate(template, request.languages ?? []))
}

export function shownTemplate(template: Template, languages: readonly string[]): ListedTemplate {
  const id = bracedId(template)
  const chosen = chooseName(template.policy.names, languages)
  const name = nonEmpty(chosen?.name) ?? id
  return { id, name, description: nonEmpty(chosen?.description) ?? name }
}

function chooseName(names: readonly LocalizedName[], languages: readonly string[]): LocalizedName | undefined {
  for (const language of languages) {
    const lcid = lcidOf(language)
    const match = names.find((name) => name.lcid === lcid)
    if (match !== undefined) return match
  }
  return names[0]
}

/** @throws RightsError as stateForPublisher */
export async function templateInformation(
  context: CoreContext,
  request: TemplateRequest,
): Promise<{
  /** Clients keep one template store per server key. */
  readonly publicKey: PublicKey
  readonly templates: readonly { readonly id: string; readonly hash: string }[]
}> {
  const { offered, activeKey } = await stateForPublisher(context, 'template-information', request)
  return {
    publicKey: activeKey.handle.publicKey,
    templates: offered.map((template) => ({ id: bracedId(template), hash: template.hash })),
  }
}

export interface AcquiredTemplate {
  /** As asked for. */
  readonly id: string
  readonly hash?: string
  /** Exact signed text; absent for what is not offered to the caller. */
  readonly text?: string
}

/** One answer per id, in the order asked. @throws RightsError as stateForPublisher */
export async function acquireTemplates(
  context: CoreContext,
  request: TemplateRequest & { readonly ids: readonly string[] },
): Promise<readonly AcquiredTemplate[]> {
  const { offered } = await stateForPublisher(context, 'acquire-templates', request)
  const known = new Map(offered.map((template) => [template.id, template]))
  return request.ids.map((id) => {
    const template = known.get(canonicalGuid(id))
    return template === undefined ? { id } : { id, hash: template.hash, text: template.document.text }
  })
}

function bracedId(template: Template): string {
  return `{${template.id}}`
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text
}
