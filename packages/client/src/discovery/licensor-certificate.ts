/** Who answers at an address, by the certificate that everybody may ask for: nothing of the user's is sent. */
import { issuerKeyOf, parseSignedXrml } from '@sealward/xrml'
import { licensingUrlOf, normalizeLicensingUrl } from '@sealward/protocol'
import { callSoap } from '../soap-door.ts'
import { createTransport } from '../transport.ts'
import { requireTrustedChain, rootOf, serverLicensorOf } from '../trust.ts'

export interface LicensorQuestion {
  /** Address of the service, with its base path where that is not the usual one. */
  readonly service: string
  /** Fingerprints of pinned keys. */
  readonly anchors: readonly string[]
  readonly now: Date
}

/**
 * The certificates of whoever licenses at an address, as it gives them.
 * @throws RightsError those of the transport and of the answer
 */
async function askLicensor(service: string): Promise<readonly string[]> {
  const licensing = licensingUrlOf(service)
  const transport = createTransport({ allowedHosts: [new URL(licensing).host] })
  const credentials = { user: '', password: undefined, ticket: false, signsInByCertificate: false }
  const nobody = { ...credentials, transport, ownHosts: new Set<string>() }
  return (await callSoap(nobody, licensing, 'GetLicensorCertificate', {})).certificateChain
}

/**
 * A private hierarchy has at most an enrolment service between its root and a cluster. Chains below a public root are longer,
 * and such a root vouches for no host: whoever has the server's software gets a certificate there that names any address.
 */
const certificatesMost = 2

/**
 * The host, with a port of its own if it has one, that a pinned key of a private hierarchy certifies for the cluster that
 * answers.
 * @throws RightsError `chain-anchor-untrusted` and others of the chain, those of the transport
 */
export async function hostCertifiedAt({ service, anchors, now }: LicensorQuestion): Promise<string | undefined> {
  const pinned = new Set(anchors.map((each) => each.toLowerCase()))
  const documents = requireTrustedChain(await askLicensor(service), pinned, now)
  const { url } = serverLicensorOf(documents)
  if (documents.length > certificatesMost || url === undefined) return undefined
  return new URL(normalizeLicensingUrl(url)).host
}

/**
 * The root of the service at an address, and whether it is one that the user trusts.
 *
 * ```ts
 * const { root, trusted } = await checkService({ service: 'https://rights.lakeside.example', anchors, now: new Date() })
 * ```
 * @throws RightsError those of the transport and of the chain, but for `chain-anchor-untrusted`
 */
export async function checkService({ service, anchors, now }: LicensorQuestion): Promise<{
  readonly root: string
  readonly trusted: boolean
}> {
  const chain = await askLicensor(service)
  const root = rootOf(chain, now)
  const keys = chain.map((text) => issuerKeyOf(parseSignedXrml(text)).fingerprint)
  return { root, trusted: anchors.some((each) => keys.includes(each.toLowerCase())) }
}
