/**
 * A number of things for several services: half of them are for everybody, the other half is kept for each in equal parts,
 * so that one that takes much leaves something to the others.
 */
export interface Share {
  readonly isUsedUp: boolean
  /** @returns gives it back, to be called once; undefined when there is none left */
  take(): (() => void) | undefined
}

/** @returns makes the share of one of them */
export function createShares(total: number, services: number): () => Share {
  const kept = Math.floor(total / (2 * services))
  const common = { free: total - kept * services }
  return () => {
    const own = { free: kept }
    return {
      get isUsedUp() {
        return own.free <= 0 && common.free <= 0
      },
      take() {
        const from = own.free > 0 ? own : common
        if (from.free <= 0) return undefined
        from.free--
        return () => void from.free++
      },
    }
  }
}
