/** How long a use licence lives: never longer than the policy, the publishing licence or the service's own maximum. */
import type { DecisionGround, RangeTime, TimeConditions } from '@sealward/xrml'
import type { Configuration } from './configuration.ts'
import type { CoreContext } from './ports.ts'

const day = 86_400_000

/** Longest time that a use licence lives, in milliseconds: what an administrator set, else what the personality says. */
export function useLicenseMost(
  { cluster }: Pick<CoreContext, 'cluster'>,
  { settings }: Pick<Configuration, 'settings'>,
): number | undefined {
  return settings.maxUseLicenseDays === undefined ? cluster.useLicenseValidityMost : settings.maxUseLicenseDays * day
}

/**
 * The times of a right in a licence that is issued now. The publisher's expiry (VALIDITYTIME) binds everybody, owner and
 * super users too (MS-RMPR 2.2.9.9); the longest life binds those who go by the policy.
 */
export function timesOfGrant(
  context: Pick<CoreContext, 'cluster'>,
  configuration: Pick<Configuration, 'settings'>,
  grant: { readonly ground: DecisionGround; readonly validity: RangeTime | undefined; readonly times: TimeConditions },
): TimeConditions {
  const most = grant.ground === 'policy' ? useLicenseMost(context, configuration) : undefined
  return effectiveTimes(most, grant.validity, grant.times)
}

/**
 * One range and one interval at most, because not every client reads several.
 * @param most milliseconds; undefined without limit
 */
function effectiveTimes(
  most: number | undefined,
  licenseValidity: RangeTime | undefined,
  times: TimeConditions,
): TimeConditions {
  const ranges = licenseValidity === undefined ? times.ranges : [...times.ranges, licenseValidity]
  const intervals = most === undefined ? times.intervals : [...times.intervals, most]
  return {
    ranges: ranges.length === 0 ? [] : [intersection(ranges)],
    intervals: intervals.length === 0 ? [] : [Math.min(...intervals)],
  }
}

function intersection(ranges: readonly RangeTime[]): RangeTime {
  return {
    from: new Date(Math.max(...ranges.map((range) => range.from.getTime()))),
    until: new Date(Math.min(...ranges.map((range) => range.until.getTime()))),
  }
}
