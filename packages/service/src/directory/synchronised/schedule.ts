/** Runs that a service repeats while it serves: one after the other, whatever becomes of each. */

export interface Schedule {
  /** Waits for a run that is under way. */
  close(): Promise<void>
}

/**
 * @param run never throws
 * @param every milliseconds from the end of a run to the next
 */
export function repeated(run: () => Promise<void>, every: number): Schedule {
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let underWay: Promise<void>
  const begin = (): void => {
    underWay = run().finally(() => {
      if (!closed) timer = setTimeout(begin, every).unref()
    })
  }
  begin()
  return {
    async close() {
      closed = true
      clearTimeout(timer)
      await underWay
    },
  }
}
