/** The mail domains that another organisation may vouch for, as administrators give them. */
import { domainToASCII } from 'node:url'
import { RightsError } from '@sealward/xrml'
import type { Cluster } from '../core/ports.ts'
import { everyMailDomain } from '../core/user-domains.ts'

const domainForm = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const domainLengthMost = 253

/**
 * The canonical list: A-labels in lower case, sorted, each once.
 * @throws RightsError `mail-domain-refused` for an empty list, what is no domain, and domains of this organisation
 */
export function canonicalMailDomains(
  { domains }: Pick<Cluster, 'domains'>,
  texts: readonly string[],
): readonly string[] {
  if (texts.length === 0) throw new RightsError('mail-domain-refused', { detail: 'the list is empty' })
  const canonical = texts.map((text) => {
    if (text === everyMailDomain) return text
    const domain = text.length > domainLengthMost ? '' : domainToASCII(text.normalize('NFC'))
    if (!domainForm.test(domain) || domains.includes(domain)) {
      throw new RightsError('mail-domain-refused', { detail: text.slice(0, domainLengthMost) })
    }
    return domain
  })
  return [...new Set(canonical)].sort()
}
