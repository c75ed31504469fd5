/** What an operator has to hear of, but not a thousand times: the first at once, then sums, one per interval. */
export interface Alarm {
  /** @param size of what has happened, in the unit of the alarm @param now milliseconds of a clock that only goes on */
  note(size: number, now: number): void
  /** Reports what is not yet reported. */
  settle(): void
}

export interface AlarmSum {
  readonly count: number
  readonly largest: number
}

/** @param interval milliseconds between two reports, at least */
export function createAlarm(report: (sum: AlarmSum) => void, interval: number): Alarm {
  let count = 0
  let largest = 0
  let reportedAt = Number.NEGATIVE_INFINITY
  const settle = (): void => {
    if (count === 0) return
    report({ count, largest })
    count = 0
    largest = 0
  }
  return {
    settle,
    note(size, now) {
      count++
      largest = Math.max(largest, size)
      if (now - reportedAt < interval) return
      reportedAt = now
      settle()
    },
  }
}
