/**
 * Those who wait, in lanes: one for each requester. The lanes take turns, so that whoever has sent a hundred requests is
 * served as often as whoever has sent one.
 */
export interface FairQueue<Item> {
  readonly size: number
  add(lane: string, item: Item): void
  /** The oldest of the lane whose turn it is. */
  take(): Item | undefined
  /** An item that no longer waits. */
  remove(lane: string, item: Item): void
  /** Whether there is a lane that stays the longer one even with one more in `lane`. */
  mayDisplace(lane: string): boolean
  /** Takes out the newest of the longest such lane. */
  displace(lane: string): Item | undefined
}

export function createFairQueue<Item>(): FairQueue<Item> {
  // In the order of their turns: a lane that was served goes to the end. No lane is empty.
  const lanes = new Map<string, Item[]>()
  let size = 0
  const longerThan = (lane: string): Item[] | undefined => {
    let longest: Item[] = []
    for (const items of lanes.values()) if (items.length > longest.length) longest = items
    return longest.length > (lanes.get(lane)?.length ?? 0) + 1 ? longest : undefined
  }
  return {
    get size() {
      return size
    },
    add(lane, item) {
      const items = lanes.get(lane)
      if (items === undefined) lanes.set(lane, [item])
      else items.push(item)
      size++
    },
    take() {
      const [next] = lanes
      if (next === undefined) return undefined
      const [lane, items] = next
      lanes.delete(lane)
      const item = items.shift()
      if (items.length > 0) lanes.set(lane, items)
      size--
      return item
    },
    remove(lane, item) {
      const items = lanes.get(lane)
      const index = items?.indexOf(item) ?? -1
      if (items === undefined || index < 0) return
      items.splice(index, 1)
      if (items.length === 0) lanes.delete(lane)
      size--
    },
    mayDisplace: (lane) => longerThan(lane) !== undefined,
    displace(lane) {
      const item = longerThan(lane)?.pop()
      if (item !== undefined) size--
      return item
    },
  }
}
