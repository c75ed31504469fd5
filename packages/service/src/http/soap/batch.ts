/**
 * Several requests in one call: worked on a few at a time, so that one call cannot take the machine for itself.
 * @returns the results, in the order of the items; the first failure ends the work
 */
export async function inBatches<Item, Result>(
  atOnce: number,
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (let start = 0; start < items.length; start += atOnce) {
    const batch = items.slice(start, start + atOnce)
    results.push(...(await Promise.all(batch.map((item, offset) => work(item, start + offset)))))
  }
  return results
}
