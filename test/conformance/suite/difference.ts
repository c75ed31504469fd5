/** Comparison of what an answer holds with what it must hold. */

/** What differs, if anything does. */
export function difference(what: string, found: unknown, expected: unknown): string | undefined {
  const [is, owed] = [found, expected].map((value) => JSON.stringify(value))
  return is === owed ? undefined : `${what}: expected ${owed}, ${is} came`
}
