/** How long a use licence lives: never longer than the policy, the publishing licence or the service's own maximum. */
import type { RangeTime, TimeConditions } from '@sealward/xrml'
import type { Cluster } from './ports.ts'

/** One range and one interval at most, because not every client reads several. */
export function effectiveTimes(
  cluster: Pick<Cluster, 'useLicenseValidityMost'>,
  licenseValidity: RangeTime | undefined,
  times: TimeConditions,
): TimeConditions {
  const ranges = licenseValidity === undefined ? times.ranges : [...times.ranges, licenseValidity]
  const most = cluster.useLicenseValidityMost
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
