/** Questions with a list of any length, asked in parts that a statement can hold. */

/** Far below the number of parameters that a statement may have. */
export const idsAtOnce = 500

/** @param read asked with distinct values, as often as needed */
export async function inParts<Row>(
  values: readonly string[],
  read: (part: readonly string[]) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const found: Row[] = []
  const distinct = [...new Set(values)]
  for (let at = 0; at < distinct.length; at += idsAtOnce) {
    for (const row of await read(distinct.slice(at, at + idsAtOnce))) found.push(row)
  }
  return found
}
