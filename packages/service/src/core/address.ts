/**
 * Mail addresses in the one form in which they are stored and compared (threat D1): the domain as an A-label, the local
 * part composed and in lower case. What looks like another address is refused on entry, not folded.
 */
import { domainToASCII, domainToUnicode } from 'node:url'
import { RightsError } from '@sealward/xrml'

const lengthMost = 254
const localLengthMost = 64
const localForm = /^[^\s\p{C}"(),:;<>@[\\\]]+$/u
/** What else a URL may carry in a host, such as %2e, or ends it, such as a slash, would be cut off or changed unseen. */
const writtenDomainForm = /^[\p{L}\p{M}\p{N}.\u3002-]+$/u
const domainForm = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** Scripts whose letters look alike; genuine names keep to one of them. */
const lookAlikes = [/\p{Script=Latin}/u, /\p{Script=Greek}/u, /\p{Script=Cyrillic}/u, /\p{Script=Armenian}/u]

/** @throws RightsError `address-refused` */
export function canonicalAddress(text: string): string {
  const at = text.lastIndexOf('@')
  const raw = text.slice(0, at)
  const local = raw.normalize('NFC')
  const written = text.slice(at + 1).normalize('NFC')
  const domain = domainToASCII(written)
  const fits =
    at > 0 &&
    text.length <= lengthMost &&
    local.length <= localLengthMost &&
    localForm.test(local) &&
    writtenDomainForm.test(written) &&
    domainForm.test(domain) &&
    Array.from(raw).every((character) => character === character.normalize('NFKC')) &&
    oneScript(local) &&
    domainToUnicode(domain).split('.').every(oneScript)
  if (!fits) throw new RightsError('address-refused', { detail: text.slice(0, lengthMost) })
  return `${local.toLowerCase()}@${domain}`
}

/** Canonical, each once, in order. @throws RightsError `address-refused` */
export function canonicalAddresses(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map(canonicalAddress))].sort()
}

/** The canonical form, or undefined for what is no address: for look-ups, where a strange name is just unknown. */
export function knownAddress(text: string): string | undefined {
  try {
    return canonicalAddress(text)
  } catch {
    return undefined
  }
}

/** The forms in which policies may spell a canonical address: domains occur as A-labels and in their own script. */
export function addressSpellings(canonical: string): readonly string[] {
  const at = canonical.lastIndexOf('@')
  const unicode = `${canonical.slice(0, at)}@${domainToUnicode(canonical.slice(at + 1))}`
  return unicode === canonical ? [canonical] : [canonical, unicode]
}

/** The mail domain of a canonical address. */
export function mailDomainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

function oneScript(text: string): boolean {
  return lookAlikes.filter((script) => script.test(text)).length <= 1
}
