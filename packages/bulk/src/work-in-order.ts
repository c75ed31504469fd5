/** Work on many items at once with results in the order of the items. Memory is bounded by the width, not by the items. */

/**
 * ```ts
 * for await (const result of workInOrder(walkTree(root), parsers.capacity, inspect)) report(result)
 * ```
 * The first failure ends the sequence; work that may fail per item should return its failure as a result.
 */
export async function* workInOrder<Item, Result>(
  items: Iterable<Item>,
  width: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const started: Promise<Result>[] = []
  for (const item of items) {
    const result = work(item)
    // It is awaited in its turn; until then, and if the caller stops early, its failure must not end the process.
    result.catch(() => undefined)
    started.push(result)
    const first = started.length >= width ? started.shift() : undefined
    if (first !== undefined) yield await first
  }
  for (const result of started) yield await result
}
