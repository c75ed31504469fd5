/**
 * Who certifies the user of a service: the service itself, or the root cluster above a service that only licenses. Such a
 * service answers 404 below its certification directory and says at its service locations who does (MS-RMPR 3.7.4.2). It
 * cannot send this client anywhere: what it says is followed to its own host and to hosts of the configuration, and no
 * credentials go to another one (threats D7, N1).
 */
import { normalizeLicensingUrl, type ServiceType } from '@sealward/protocol'
import { isRightsError, modeOfKey, RightsError, type CryptographicMode } from '@sealward/xrml'
import { namedServices, orElse, useFirst } from './service-locator.ts'
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
const licensingTypes = ['LicensingInternalService', 'LicensingService'] as const

/**
 * The certification service that the configuration names, else the one at the service's own address, else the one that
 * the service names. What an entry of the forest names is asked first where the services of its users are (MS-RMPR 3.1.4.4).
 * Its chain is verified before anything else is asked.
 * @throws RightsError `chain-anchor-untrusted`, `service-host-not-allowed`, `service-answer-refused`, and those of the
 * transport
 */
export async function findCertification(input: BootstrapInput): Promise<CertificationService> {
  const { certification, certificationConfigured, certificationFound, licensing } = input.connection.service
  if (certificationFound) return certificationLocated(input)
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
  const named = await namedServices(connection, connection.service.licensing, certificationTypes)
  const found = await useFirst(connection, named, (url) => certificationAt(input, url))
  if (found !== undefined) return found
  throw new RightsError('service-answer-refused', { detail: 'it certifies nobody and names nobody who does' })
}

/** What cannot be used of the answer leaves in use what the entry of the forest names, and licensing beside it. */
async function certificationLocated(input: BootstrapInput): Promise<CertificationService> {
  const { connection, store } = input
  const { service } = connection
  const own = await certificationAt(input, service.certification)
  const locate = (types: readonly ServiceType[]) => namedServices(connection, service.certification, types)
  const named = await orElse([], () => locate([...certificationTypes, ...licensingTypes]))
  const of = (types: readonly ServiceType[]) => types.flatMap((type) => named.filter((each) => each.type === type))
  const certification = await orElse(own, () =>
    useFirst(connection, of(certificationTypes), (url) => certificationAt(input, url)),
  )
  const licensing = await orElse(service.licensing, () =>
    useFirst(connection, of(licensingTypes), async (url) => {
      await modeAt(input, url)
      return normalizeLicensingUrl(url)
    }),
  )
  store.writeLicensing(licensing)
  return certification
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
