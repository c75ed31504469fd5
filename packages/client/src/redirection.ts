/**
 * Licences name the cluster that issued them, for ever. The redirection map says where that cluster's licences are
 * answered today; a client asks nobody whom the map and the list of allowed hosts do not name (threats D7, N1).
 */
import { licensingUrlSpellings, normalizeLicensingUrl } from '@sealward/protocol'

export interface RedirectionRule {
  /** Licensing URL as old licences carry it, in any spelling. */
  readonly from: string
  /** Licensing URL of the service that answers now. */
  readonly to: string
}

export interface Redirection {
  /** Where to ask for a licence that names `url`. @throws RightsError `licensing-url-invalid` */
  resolve(url: string): string
}

/**
 * ```ts
 * const redirection = createRedirection([
 *   { from: 'http://old-rms:80/_wmcs/licensing', to: 'https://rights.lakeside.example/_wmcs/licensing' },
 * ])
 * redirection.resolve('HTTP://OLD-RMS/_wmcs/Licensing/license.asmx') // the new URL
 * ```
 * @param everything licensing URL for all addresses, those with a rule included: whoever says "everything" means it. Without
 * it, addresses without a rule stay as they are
 * @throws RightsError `licensing-url-invalid`
 */
export function createRedirection(rules: readonly RedirectionRule[], everything?: string): Redirection {
  const targets = new Map<string, string>()
  for (const { from, to } of rules) {
    const target = normalizeLicensingUrl(to)
    for (const spelling of licensingUrlSpellings(from)) targets.set(normalizeLicensingUrl(spelling), target)
  }
  if (everything !== undefined) {
    // A licence whose address is no address can still be answered where everything is answered.
    const target = normalizeLicensingUrl(everything)
    return { resolve: () => target }
  }
  return {
    resolve(url) {
      const normal = normalizeLicensingUrl(url)
      return targets.get(normal) ?? normal
    },
  }
}
