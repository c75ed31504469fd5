/** First come, first served; whoever leaves calls the next one in. */
export interface Queue {
  enter(): Promise<void>
  leave(): void
}

export function createQueue(): Queue {
  const waiting: (() => void)[] = []
  let occupied = false
  return {
    enter() {
      if (occupied) return new Promise((resolve) => waiting.push(resolve))
      occupied = true
      return Promise.resolve()
    },
    leave() {
      const next = waiting.shift()
      if (next === undefined) occupied = false
      else next()
    },
  }
}
