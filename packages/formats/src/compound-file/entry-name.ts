/**
 * Names of directory entries (MS-CFB 2.6.1, 2.6.4): at most 31 UTF-16 units; siblings are ordered by length first, then
 * by upper-cased units. Windows finds entries by this order, so a writer that sorts otherwise makes streams "missing".
 */
import { RightsError } from '@sealward/xrml'

const maxNameUnits = 31

/** The form in which names are compared: each UTF-16 unit upper-cased alone, where it has a one-unit upper case. */
export function foldName(name: string): string {
  let folded = ''
  for (let index = 0; index < name.length; index++) {
    const unit = name.charAt(index)
    const upper = unit.toUpperCase()
    folded += upper.length === 1 ? upper : unit
  }
  return folded
}

export function compareNames(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length
  const a = foldName(left)
  const b = foldName(right)
  for (let index = 0; index < a.length; index++) {
    const difference = a.charCodeAt(index) - b.charCodeAt(index)
    if (difference !== 0) return difference
  }
  return 0
}

/** @throws RightsError `compound-file-entry-refused` */
export function checkEntryName(name: string): void {
  if (name.length === 0 || name.length > maxNameUnits || /[/\\:!\0]/.test(name)) {
    throw new RightsError('compound-file-entry-refused', { detail: JSON.stringify(name.slice(0, 40)) })
  }
}
