/** Until when a licence can be used without the service, as it is remembered for the day on which something is revoked. */
import { canonicalGuid, type RightsDecision, type RightsPolicy } from '@sealward/xrml'
import type { WeighedLicense } from './acquire-license/weighed-license.ts'
import type { Configuration } from './configuration.ts'
import { timesOfGrant } from './license-times.ts'
import type { CoreContext } from './ports.ts'
import { revocationListId } from './published-revocation-list.ts'
import { forbidsCache } from './publish/rights-data.ts'
import type { Reader } from './resolve-principal.ts'
import { publishersOf, type Published } from './revocation.ts'
import type { IssuedLicense } from './store.ts'

interface Decided extends Published {
  readonly license: WeighedLicense
  readonly policy: RightsPolicy
  readonly reader: Reader
  readonly configuration: Configuration
  readonly decision: RightsDecision | { readonly granted: false }
}

/** Undefined for a refusal, and for the publisher, whom no revocation of the document concerns. */
export function issuedLicenseOf(context: CoreContext, evaluation: Decided): IssuedLicense | undefined {
  if (!evaluation.decision.granted) return undefined
  const { license, reader, policy, configuration } = evaluation
  if (publishersOf(evaluation).some((address) => reader.principal.addresses.includes(address))) return undefined
  const conditions = [...license.work.refresh, ...policy.refresh]
  const own = conditions.filter(({ points }) => points.some(({ listId }) => listId === revocationListId(configuration)))
  return {
    contentId: canonicalGuid(license.work.object.id),
    userId: reader.id,
    address: reader.address,
    usableUntil: usableUntil(context, evaluation),
    refresh: own.length === 0 ? undefined : Math.min(...own.map(({ interval }) => interval)),
    issuedAt: context.clock.now(),
  }
}

/** When the last right ends; undefined for never. What may not be kept ends with its use. */
function usableUntil(context: CoreContext, evaluation: Decided): Date | undefined {
  const { decision, license, policy, configuration } = evaluation
  const now = context.clock.now()
  if ([...policy.applicationData, ...license.applicationData].some(forbidsCache)) return now
  if (!decision.granted) return undefined
  const { ground } = decision
  const ends = decision.rights.map(({ times }) => {
    const { ranges, intervals } = timesOfGrant(context, configuration, { ground, validity: license.validity, times })
    return Math.min(
      Number.POSITIVE_INFINITY,
      ...ranges.map(({ until }) => until.getTime()),
      ...intervals.map((interval) => now.getTime() + interval),
    )
  })
  const last = Math.max(...ends)
  return Number.isFinite(last) ? new Date(last) : undefined
}
