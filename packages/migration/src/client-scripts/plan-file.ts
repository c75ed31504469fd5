/** The plan as a file of JSON, and the addresses of a rehearsal's report in it. Both are read strictly. */
import { isRightsError, RightsError } from '@sealward/xrml'
import { normalizeLicensingUrl } from '@sealward/protocol'
import type { RehearsalReport } from '../rehearse/report.ts'
import { readLicenceUrl, readServiceUrl, type ServiceUrl } from './cluster-url.ts'
import type { PlanWarning } from './plan-warnings.ts'
import {
  placeOf,
  type ClusterUrl,
  type PartnerRedirection,
  type RedirectionPlan,
  type UrlSource,
} from './redirection-plan.ts'
import { clusterOf, licensingSpellings } from './url-variants.ts'

const sources: readonly UrlSource[] = ['licence', 'server', 'typed']
const fields = ['tenantUrl', 'clusterUrls', 'batch', 'version', 'stayingUrl', 'mailDomains', 'anchors', 'partners']

/**
 * Reads the shape only; `checkPlan` judges the values. A cluster address may be a plain text: then it was typed.
 * @throws RightsError `redirection-plan-invalid`
 */
export function readPlanFile(text: string): RedirectionPlan {
  const value = object(parsed(text), 'the file')
  onlyFields(value, fields)
  const { stayingUrl, mailDomains, anchors, partners } = value
  return {
    tenantUrl: string(value['tenantUrl'], 'tenantUrl'),
    clusterUrls: list(value['clusterUrls'], 'clusterUrls').map(clusterUrl),
    batch: string(value['batch'], 'batch'),
    version: string(value['version'], 'version'),
    ...(stayingUrl === undefined ? {} : { stayingUrl: string(stayingUrl, 'stayingUrl') }),
    ...(mailDomains === undefined ? {} : { mailDomains: strings(mailDomains, 'mailDomains') }),
    ...(anchors === undefined ? {} : { anchors: strings(anchors, 'anchors') }),
    ...(partners === undefined ? {} : { partners: list(partners, 'partners').map(partnerRedirection) }),
  }
}

/**
 * The addresses that licences of the report carry. Only those whose key is exported are redirected: another organisation's
 * licences must go on being answered there. An address that a document of unknown origin shares with a known cluster is
 * taken in that document's spelling.
 * @param known addresses of the plan so far
 * @param except spellings to leave out
 * @throws RightsError `redirection-plan-invalid`, and the codes of `readLicenceUrl` for an address whose key is exported
 */
export function clusterUrlsOfReport(input: {
  readonly report: string
  readonly tenantUrl: string
  readonly known: readonly ClusterUrl[]
  readonly except?: readonly string[]
}): { readonly clusterUrls: readonly ClusterUrl[]; readonly warnings: readonly PlanWarning[] } {
  const rows = list(object(parsed(input.report), 'the report')['urls'], 'urls').map((row) => {
    const { url, mapped } = object(row, 'an entry of urls') as Partial<RehearsalReport['urls'][number]>
    return { url: string(url, 'url'), mapped: mapped === true }
  })
  const tenant = placeOf(readServiceUrl(input.tenantUrl, 'service'))
  const wanted = rows.filter(({ url }) => input.except?.includes(url) !== true)
  const certain = wanted
    .filter(({ mapped }) => mapped)
    .map(({ url }) => readLicenceUrl(url))
    .filter((url) => placeOf(url) !== tenant)
  const ours = new Set(
    [...input.known.map(({ url }) => readLicenceUrl(url)), ...certain].flatMap((url) =>
      licensingSpellings(url).map(normalizeLicensingUrl),
    ),
  )
  const clusterUrls = certain.map(({ spelling }): ClusterUrl => ({ url: spelling, source: 'licence' }))
  const warnings: PlanWarning[] = []
  for (const { url } of wanted.filter(({ mapped }) => !mapped)) {
    const read = readIfPossible(url)
    if (read !== undefined && placeOf(read) === tenant) continue
    if (read !== undefined && ours.has(clusterOf(read))) clusterUrls.push({ url, source: 'licence' })
    else warnings.push({ code: 'key-not-exported', subject: url })
  }
  return { clusterUrls, warnings }
}

function readIfPossible(url: string): ServiceUrl | undefined {
  try {
    return readLicenceUrl(url)
  } catch (error) {
    if (isRightsError(error)) return undefined
    throw error
  }
}

function clusterUrl(value: unknown): ClusterUrl {
  if (typeof value === 'string') return { url: value, source: 'typed' }
  const { url, source, ...others } = object(value, 'an entry of clusterUrls')
  const known = sources.find((each) => each === source)
  if (known === undefined || Object.keys(others).length > 0) throw invalid('an entry of clusterUrls')
  return { url: string(url, 'url'), source: known }
}

function partnerRedirection(value: unknown): PartnerRedirection {
  const partner = object(value, 'an entry of partners')
  onlyFields(partner, ['tenantUrl', 'clusterUrls'])
  return {
    tenantUrl: string(partner['tenantUrl'], 'tenantUrl of a partner'),
    clusterUrls: list(partner['clusterUrls'], 'clusterUrls of a partner').map(clusterUrl),
  }
}

function onlyFields(value: object, known: readonly string[]): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown !== undefined) throw invalid(`unknown field ${JSON.stringify(unknown)}`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new RightsError('redirection-plan-invalid', { detail: 'not JSON', cause })
  }
}

function object(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${what} is no object`)
  return value as Readonly<Record<string, unknown>>
}

function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(`${what} is no list`)
  return value
}

function strings(value: unknown, what: string): readonly string[] {
  return list(value, what).map((each) => string(each, what))
}

function string(value: unknown, what: string): string {
  if (typeof value !== 'string') throw invalid(`${what} is no text`)
  return value
}

function invalid(detail: string): RightsError {
  return new RightsError('redirection-plan-invalid', { detail })
}
