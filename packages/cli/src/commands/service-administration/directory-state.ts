/** How a synchronised directory stands, in lines. */
import type { AdminResult } from '../../connection/administration.ts'

type State = AdminResult<'getDirectory'>

export function stateLines(state: State): readonly string[] {
  const { sources, people, groups, standIns, everyMinutes } = state
  return [
    ...(sources.length === 0 ? ['never synchronised: requests are refused as temporarily unavailable'] : []),
    ...sources.map(
      ({ source, synchronisedAt, ageSeconds }) => `source    ${source}, read ${synchronisedAt}, ${age(ageSeconds)} ago`,
    ),
    `people    ${people}`,
    `groups    ${groups}`,
    `elsewhere ${standIns} contacts and foreign security principals`,
    `runs      ${everyMinutes === undefined ? 'only with directory sync' : `every ${everyMinutes} minutes`}`,
    ...openLines(state),
  ]
}

/** Addresses that grant nobody anything, or that wait. */
export function openLines({ contested, waiting }: Pick<State, 'contested' | 'waiting'>): readonly string[] {
  return [
    ...contested.map(({ address, entries }) => `contested ${address}: ${entries.join('; ')}`),
    ...waiting.map(
      ({ address, entry, formerly, until }) =>
        `waiting   ${address}: of ${formerly}; goes to ${entry} on ${until.slice(0, 10)}`,
    ),
  ]
}

function age(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 120) return `${minutes} minutes`
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} hours` : `${Math.floor(minutes / 60 / 24)} days`
}
