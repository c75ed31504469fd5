/**
 * Whether an address that discovery found may be used. A directory entry and a name server are easily edited, so neither
 * is believed (threat D7): the host must be one that the configuration allows, or prove that it belongs to a pinned
 * cluster. A certificate chain alone proves nothing, since everybody may copy it and show it under another name. So the
 * pinned key must have signed the server licensor certificate itself, and that certificate must name the host which TLS
 * has authenticated.
 */
import { normalizeLicensingUrl } from '@sealward/protocol'
import { issuerKeyOf, RightsError } from '@sealward/xrml'
import { connect } from '../connection.ts'
import { callSoap } from '../soap-door.ts'
import { requireTrustedChain, serverLicensorOf } from '../trust.ts'

export interface AdmissionRules {
  /** Hosts of the user's own organisation, `host` or `host:port`. */
  readonly allowedHosts: readonly string[]
  /** Fingerprints of pinned keys. */
  readonly anchors: readonly string[]
  readonly user: string
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
  const { protocol, host, hostname, origin } = new URL(normalizeLicensingUrl(url))
  // Also for this machine: nobody but the configuration may lead a client there.
  if (protocol !== 'https:') throw new RightsError('service-url-refused', { detail: origin })
  if (rules.allowedHosts.some((each) => each.toLowerCase() === host)) return 'allowed-host'
  if (rules.anchors.length === 0 || !rules.askHosts) throw new RightsError('service-host-not-allowed', { detail: host })
  const named = await hostInCertificate(origin, rules)
  if (named !== hostname) {
    throw new RightsError('service-host-not-allowed', {
      detail: `${host}; the certificate of its cluster names ${named ?? 'no host'}`,
    })
  }
  return 'pinned-key'
}

/** The host for which a pinned key has certified whoever answers there. */
async function hostInCertificate(origin: string, rules: AdmissionRules): Promise<string | undefined> {
  const connection = connect({ serviceUrl: origin, user: rules.user, now: rules.now })
  // No host is the user's own as yet, so nothing of the user's is sent.
  const stranger = { ...connection, ownHosts: new Set<string>() }
  const { licensing } = connection.service
  const { certificateChain } = await callSoap(stranger, licensing, 'GetLicensorCertificate', {})
  const anchors = new Set(rules.anchors.map((each) => each.toLowerCase()))
  const documents = requireTrustedChain(certificateChain, anchors, rules.now())
  const { document, url } = serverLicensorOf(documents)
  // Below a public root anybody may get a certificate that names any host: only the key just above it may vouch for it.
  const { fingerprint } = issuerKeyOf(document)
  if (!anchors.has(fingerprint)) {
    throw new RightsError('chain-anchor-untrusted', { detail: `no pinned key signed the certificate of ${origin}` })
  }
  return url === undefined ? undefined : new URL(normalizeLicensingUrl(url)).hostname
}
