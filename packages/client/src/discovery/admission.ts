/**
 * Whether an address that discovery found may be used. A directory entry and a name server are easily edited, so neither
 * is believed (threat D7): the host must be one that the configuration allows, or prove that it belongs to a pinned
 * cluster. A certificate chain alone proves nothing, since everybody may copy it and show it under another name. So the
 * server licensor certificate must lead to the pinned key of a private hierarchy, and name the host which TLS has
 * authenticated.
 */
import { normalizeLicensingUrl } from '@sealward/protocol'
import { RightsError } from '@sealward/xrml'
import { hostCertifiedAt } from './licensor-certificate.ts'

export interface AdmissionRules {
  /** Hosts of the user's own organisation, `host` or `host:port`. */
  readonly allowedHosts: readonly string[]
  /** Fingerprints of pinned keys. */
  readonly anchors: readonly string[]
  /** Ask a host that is not in the list for its certificate, without credentials. Without it such a host is refused. */
  readonly askHosts: boolean
  readonly now: () => Date
}

export type Admission = 'allowed-host' | 'pinned-key'

/**
 * @param url of the service, in any spelling
 * @throws RightsError `licensing-url-invalid`, `service-url-refused` for all but https, `service-host-not-allowed`,
 * `chain-anchor-untrusted` and others of the chain, and those of the transport
 */
export async function admit(url: string, rules: AdmissionRules): Promise<Admission> {
  const { protocol, host, origin } = new URL(normalizeLicensingUrl(url))
  // Also for this machine: nobody but the configuration may lead a client there.
  if (protocol !== 'https:') throw new RightsError('service-url-refused', { detail: origin })
  if (rules.allowedHosts.some((each) => each.toLowerCase() === host)) return 'allowed-host'
  if (rules.anchors.length === 0 || !rules.askHosts) throw new RightsError('service-host-not-allowed', { detail: host })
  const named = await hostCertifiedAt({ service: url, anchors: rules.anchors, now: rules.now() })
  if (named !== host) {
    throw new RightsError('service-host-not-allowed', {
      detail: `${host}; no pinned key certifies it, but ${named ?? 'no host'}`,
    })
  }
  return 'pinned-key'
}
