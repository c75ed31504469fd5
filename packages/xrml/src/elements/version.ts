/** Versions of programs, security processors and operating systems (MS-RMPR 2.2.9.1.11): two to four numbers with dots. */

/** At most nine digits each, so that they are exact as numbers. */
export const versionForm = /^\d{1,9}(?:\.\d{1,9}){1,3}$/

/** The last word of a text that is a version, as `Repository` of a machine names that of the security processor. */
export function lastVersion(text: string): string | undefined {
  return text.split(' ').findLast((word) => versionForm.test(word))
}

/** Negative if the first is lower; missing numbers count as 0. Both have the form of a version. */
export function compareVersions(first: string, second: string): number {
  const [a, b] = [first, second].map((version) => version.split('.').map(Number))
  for (let place = 0; place < 4; place++) {
    const difference = (a?.[place] ?? 0) - (b?.[place] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
