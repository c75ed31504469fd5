/**
 * Licences name the cluster that issued them, for ever. The redirection map says where that cluster's licences are
 * answered today; a client asks nobody whom the map and the list of allowed hosts do not name (threats D7, N1).
 */
import { licensingUrlOf, licensingUrlSpellings, normalizeLicensingUrl } from '@sealward/protocol'

export interface RedirectionRule {
  /** Licensing URL as old licences carry it, in any spelling; or the part of it that has changed, up to the end of a folder. */
  readonly from: string
  /** Licensing URL of the service that answers now; or what stands in place of that part. */
  readonly to: string
}

export interface Redirection {
  /**
   * Where to ask for a licence that names `url`: of all rules for it or for a folder above it the longest counts.
   * @throws RightsError `licensing-url-invalid`
   */
  resolve(url: string): string
  /** Where what is at the root of a web site is answered now, whatever the base path. @param origin scheme, host and port */
  resolveOrigin(origin: string): string
}

/**
 * ```ts
 * const redirection = createRedirection([
 *   { from: 'http://old-rms:80/_wmcs/licensing', to: 'https://rights.lakeside.example/_wmcs/licensing' },
 * ])
 * redirection.resolve('HTTP://OLD-RMS/_wmcs/Licensing/license.asmx') // the new URL
 * ```
 *
 * A rule between addresses of clusters, `{ from: 'http://old-rms/rights/_wmcs', to: 'https://rights.lakeside.example/_wmcs' }`, holds for
 * what is below them, and not for `http://old-rms/rights/_wmcs2`.
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
    return { resolve: () => target, resolveOrigin: () => new URL(target).origin }
  }
  const resolve = (url: string): string => {
    const normal = normalizeLicensingUrl(url)
    const from = [normal, ...foldersAbove(normal)].find((each) => targets.has(each))
    return from === undefined ? normal : moved(targets.get(from) ?? normal, normal.slice(from.length))
  }
  return {
    resolve,
    resolveOrigin(origin) {
      const usual = licensingUrlOf(origin)
      const answered = resolve(usual)
      const [, target] = [...targets].find(([from]) => `${from}/`.startsWith(`${new URL(usual).origin}/`)) ?? []
      return new URL(answered === usual && target !== undefined ? target : answered).origin
    },
  }
}

/** The longest first, up to the host alone. */
function foldersAbove(url: string): readonly string[] {
  const { origin, pathname } = new URL(url)
  const segments = pathname.split('/').slice(1)
  return segments.map((_, index) => [origin, ...segments.slice(0, segments.length - 1 - index)].join('/'))
}

/** @param rest of the address below what the rule names; a rule to a service itself says all there is to say */
function moved(target: string, rest: string): string {
  return /\/(?:licensing|certification)(?:external)?$/.test(target) ? target : `${target}${rest}`
}
