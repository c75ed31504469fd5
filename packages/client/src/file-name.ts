/**
 * Names of files that are written. Parts of them come from protected files and are somebody else's words; a name must be
 * one component that every system stores as it stands (threat F3).
 */
import { RightsError } from '@sealward/xrml'

const longestName = 255
const separatorsAndControls = /[/\\:*?"<>|\p{Cc}]/u
/** Marks that turn the direction of text and make one extension look like another. */
const directionMarks = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
const reserved = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?$/i

/**
 * ```ts
 * requireSafeName('plan.txt') // passes
 * requireSafeName('../plan.txt') // throws RightsError 'file-name-refused'
 * ```
 * @throws RightsError `file-name-refused`
 */
export function requireSafeName(name: string): void {
  const problem = problemOf(name)
  if (problem !== undefined) throw new RightsError('file-name-refused', { detail: problem })
}

function problemOf(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'it is empty or names a folder'
  if (Buffer.byteLength(name, 'utf8') > longestName) return `longer than ${longestName} bytes`
  if (separatorsAndControls.test(name)) return 'a separator, a control character or a character that Windows reserves'
  if (directionMarks.test(name)) return 'a mark that changes the direction of text'
  if (!name.isWellFormed() || name.includes('\ufffd')) return 'not valid Unicode'
  if (/[. ]$/.test(name)) return 'a dot or blank at the end'
  if (reserved.test(name)) return 'a device name of Windows'
  return undefined
}
