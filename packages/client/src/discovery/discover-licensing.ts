/**
 * Who answers for licences whose address no rule and no allowed host covers: the service record below the host in the
 * licence, outside first, climbing like that of a mail domain. What is found must be admitted like everything that
 * discovery finds.
 */
import { licensingUrlOf, normalizeLicensingUrl } from '@sealward/protocol'
import { isRightsError } from '@sealward/xrml'
import { admit, type AdmissionRules } from './admission.ts'
import { recordCandidate } from './discover-service.ts'
import { brokenStep, type DiscoveryStep } from './discovery-step.ts'
import { findServiceRecord, type NameServers } from './service-records.ts'

export interface LicensingDiscovery {
  readonly steps: readonly DiscoveryStep[]
  /** Licensing URL of the service that answers. */
  readonly url?: string
}

/**
 * ```ts
 * const { url } = await discoverLicensing(['http://rms.lakeside.example/_wmcs/licensing'], { ...rules, srv: {} })
 * ```
 * @param licensingUrls of the licence, inside first
 */
export async function discoverLicensing(
  licensingUrls: readonly string[],
  input: AdmissionRules & { readonly srv: NameServers },
): Promise<LicensingDiscovery> {
  const steps: DiscoveryStep[] = []
  for (const host of hostsOf(licensingUrls)) {
    const { step, url } = await lookBelow(host, input)
    steps.push(step)
    if (url !== undefined) return { steps, url }
  }
  return { steps }
}

/** Outside first, as the protocol's clients ask. */
function hostsOf(licensingUrls: readonly string[]): ReadonlySet<string> {
  const readable = licensingUrls.toReversed().flatMap((url) => {
    try {
      return [new URL(normalizeLicensingUrl(url)).hostname]
    } catch (error) {
      if (isRightsError(error)) return []
      throw error
    }
  })
  return new Set(readable)
}

async function lookBelow(
  host: string,
  input: AdmissionRules & { readonly srv: NameServers },
): Promise<{ readonly step: DiscoveryStep; readonly url?: string }> {
  let at: Pick<DiscoveryStep, 'source' | 'lookedAt' | 'found'> = { source: 'srv', lookedAt: host }
  let outcome: 'failed' | 'refused' = 'failed'
  try {
    const { asked, record } = await findServiceRecord(host, input.srv)
    at = { source: 'srv', lookedAt: asked.length === 0 ? `${host}, which has no domain` : asked.join(', ') }
    if (record === undefined) return { step: { ...at, outcome: 'nothing', why: 'nothing is there' } }
    const { found, url } = recordCandidate(record, input.allowedHosts)
    at = { ...at, found }
    outcome = 'refused'
    await admit(url, input)
    return { step: { ...at, outcome: 'taken', why: 'its host may be used' }, url: licensingUrlOf(url) }
  } catch (error) {
    if (!isRightsError(error)) throw error
    return { step: brokenStep(at, outcome, error) }
  }
}
