/**
 * Who certifies the user of a service: the service itself, or the root cluster above a service that only licenses. Such a
 * service answers 404 below its certification directory and says at its service locations who does (MS-RMPR 3.7.4.2). It
 * cannot send this client anywhere: what it says is followed to its own host and to hosts of the configuration, and no
 * credentials go to another one (threats D7, N1).
 */
import { normalizeLicensingUrl } from '@sealward/protocol'
import { isRightsError, modeOfKey, RightsError, type CryptographicMode } from '@sealward/xrml'
import { callSoap } from './soap-door.ts'
import { anchorsOf, requireTrustedChain, rootOf, serverLicensorOf, type BootstrapInput } from './trust.ts'

export interface CertificationService {
  /** The URL below which its SOAP services are. */
  readonly directory: string
  /** Where it certifies machine keys: an extension of this product. */
  readonly machine: string
  readonly mode: CryptographicMode
}

/** What clients ask for, in this order: the second only if the first cannot be reached. */
const certificationTypes = ['CertificationInternalService', 'CertificationService'] as const

/** After one of these the next address is tried. */
const unusable = [
  'licensing-url-invalid',
  'service-host-not-allowed',
  'service-unreachable',
  'service-url-refused',
] as const

/**
 * The certification service that the configuration names, else the one at the service's own address, else the one that
 * the service names. Its chain is verified before anything else is asked.
 * @throws RightsError `chain-anchor-untrusted`, `service-host-not-allowed`, `service-answer-refused`, and those of the
 * transport
 */
export async function findCertification(input: BootstrapInput): Promise<CertificationService> {
  const { certification, certificationConfigured, licensing } = input.connection.service
  try {
    return await certificationAt(input, certification)
  } catch (error) {
    if (certificationConfigured || !isRightsError(error, 'resource-unknown')) throw error
  }
  // Whom nobody vouches for has nothing to say about others.
  await modeAt(input, licensing)
  return certificationElsewhere(input)
}

async function certificationElsewhere(input: BootstrapInput): Promise<CertificationService> {
  const { connection } = input
  const { locations } = await callSoap(connection, connection.service.licensing, 'FindServiceLocationsForUser', {
    serviceTypes: certificationTypes,
  })
  let failure = new RightsError('service-answer-refused', { detail: 'it certifies nobody and names nobody who does' })
  for (const wanted of certificationTypes) {
    const url = locations.find(({ type }) => type === wanted)?.url
    if (url === undefined) continue
    try {
      requireOwnHost(connection.ownHosts, url)
      return await certificationAt(input, url)
    } catch (error) {
      if (!isRightsError(error, ...unusable)) throw error
      failure = error
    }
  }
  throw failure
}

/** Whoever certifies the user sees the password first. @throws RightsError `service-host-not-allowed`, `licensing-url-invalid` */
function requireOwnHost(ownHosts: ReadonlySet<string>, url: string): void {
  const { host } = new URL(normalizeLicensingUrl(url))
  if (!ownHosts.has(host)) throw new RightsError('service-host-not-allowed', { detail: host })
}

async function certificationAt(input: BootstrapInput, url: string): Promise<CertificationService> {
  const directory = normalizeLicensingUrl(url)
  const mode = await modeAt(input, directory)
  return { directory, machine: `${new URL(directory).origin}/sealward/v1/machine`, mode }
}

/** The mode of a service whose chain is trusted, or becomes so at first use. */
async function modeAt(input: BootstrapInput, directory: string): Promise<CryptographicMode> {
  const { connection, store, trust } = input
  const now = connection.now()
  const { certificateChain } = await callSoap(connection, directory, 'GetLicensorCertificate', {})
  if (trust.onFirstUse && anchorsOf(input).size === 0) store.writeAnchors([rootOf(certificateChain, now)])
  const documents = requireTrustedChain(certificateChain, anchorsOf(input), now)
  return modeOfKey(serverLicensorOf(documents).principal.publicKey)
}
