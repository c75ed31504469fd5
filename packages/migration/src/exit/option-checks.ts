/** The automatic checks of the ways out that need a service; that of option B looks at the files alone. */
import { normalizeLicensingUrl } from '@sealward/protocol'
import { isRightsError, type ErrorCode, type RightsError } from '@sealward/xrml'
import type { RequestRow } from '../admin-api.ts'
import { failed, noneOf, passed, type CheckResult } from '../steps/check.ts'
import type { Opener, Opening } from './opener.ts'

/** A and C: documents open for people through the cluster. @param sample below the folder of the opener */
export async function checkOpens(
  open: Opener,
  sample: readonly { readonly path: string; readonly address: string }[],
): Promise<CheckResult> {
  const refused: string[] = []
  for (const { path, address } of sample) {
    const opening: Opening = await open(path, address)
    if (opening.outcome === 'refused') refused.push(`${path} for ${address} (${opening.code})`)
  }
  if (sample.length === 0)
    return failed({ finding: 'there is no sample', cure: 'Name documents and who may open them.' })
  return noneOf(
    refused,
    (names) => `do not open through the cluster: ${names}`,
    'Import the key that the document names, publish its template, and check the redirection of the client.',
    { data: { opened: sample.length } },
  )
}

/**
 * A: what is protected from now on names the cluster. The host counts; the scheme is that of the service.
 * @param urls licensing URLs in a licence made just now
 */
export function checkNewContentNames(urls: readonly string[], clusterUrl: string): CheckResult {
  const [first] = urls
  if (first !== undefined && hostOf(first) === hostOf(clusterUrl)) return passed({ urls })
  return failed({
    finding: `new content names ${first ?? 'no address'}`,
    cure: 'Set the migration URL of the tenant; clients take it over with their next publishing certificate.',
    data: { urls },
  })
}

function hostOf(url: string): string {
  return new URL(normalizeLicensingUrl(url)).host
}

/** C and D: an attempt to protect is refused. @param protect what an ordinary user does */
export async function checkCannotProtect(protect: () => Promise<unknown>): Promise<CheckResult> {
  try {
    await protect()
  } catch (error) {
    if (isRightsError(error)) return refusedAsMeant(error)
    throw error
  }
  return failed({
    finding: 'an ordinary user can still protect documents',
    cure: 'Make the cluster read-only for everyone, and set DisableCreation on all computers.',
  })
}

/** Failures of the attempt itself, which would be the same at a service that lets everybody protect. */
const provesNothing: ReadonlySet<ErrorCode> = new Set([
  'service-unreachable',
  'service-answer-refused',
  'resource-unknown',
  'credentials-missing',
  'credentials-refused',
  'ticket-missing',
  'ticket-sign-in-unavailable',
  'policy-grants-nothing',
  'user-not-in-directory',
  'user-without-address',
])

/** Anything may fail when the service is gone; only its own word proves that it refuses. */
function refusedAsMeant(error: RightsError): CheckResult {
  const { code } = error
  if (!provesNothing.has(code)) return passed({ refusedWith: code })
  return failed({ finding: `the attempt to protect proves nothing (${code})`, cure: error.cure })
}

/** D: each recovery is in the log. @param recovered identifiers of documents that were opened, in any spelling */
export async function checkRecoveriesLogged(
  rows: AsyncIterable<RequestRow>,
  recovered: readonly { readonly contentId: string; readonly address: string }[],
): Promise<CheckResult> {
  const wanted = new Set(recovered.map(({ contentId, address }) => recoveryName(contentId, address)))
  for await (const { successOrFailure, metadata, authenticatedId } of rows) {
    if (successOrFailure !== 'Succeeded' || metadata.contentId === undefined) continue
    wanted.delete(recoveryName(metadata.contentId, authenticatedId))
  }
  return noneOf(
    [...wanted],
    (names) => `recoveries without an entry in the log: ${names}`,
    'Recover documents through the service only, and keep its request log on.',
    { data: { recoveries: recovered.length } },
  )
}

function recoveryName(contentId: string, address: string): string {
  return `${contentId.replaceAll(/[{}]/g, '').toLowerCase()} by ${address.toLowerCase()}`
}
