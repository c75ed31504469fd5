/**
 * Text as a literal of each script language. Every plan was checked before, so nothing here should ever have to refuse;
 * that each language is safe by itself is what keeps a later, laxer plan from becoming a command.
 */
import { RightsError } from '@sealward/xrml'

/**
 * Inside double quotes of a batch file, with delayed expansion off: only `%` still acts. A backslash before the closing
 * quote would escape it for the program that is called.
 * @throws RightsError `script-text-refused`
 */
export function cmdQuoted(text: string): string {
  requirePlain(text, /"/)
  return `"${text.replaceAll('%', '%%').replace(/\\+$/, '$&$&')}"`
}

/**
 * A literal in single quotes; PowerShell takes the typographic ones for them as well.
 * @throws RightsError `script-text-refused`
 */
export function powerShellQuoted(text: string): string {
  requirePlain(text)
  return `'${text.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`
}

/**
 * A name or text of a registration file.
 * @throws RightsError `script-text-refused`
 */
export function registrationQuoted(text: string): string {
  requirePlain(text)
  return `"${text.replaceAll(/[\\"]/g, '\\$&')}"`
}

function requirePlain(text: string, refused?: RegExp): void {
  if (/[\p{Cc}\u2028\u2029]/u.test(text) || refused?.test(text) === true) {
    throw new RightsError('script-text-refused', { detail: JSON.stringify(text) })
  }
}
