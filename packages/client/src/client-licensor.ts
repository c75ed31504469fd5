/**
 * What protecting takes besides an identity: a client licensor certificate (MS-RMPR 3.5.4.2), with which licences are
 * signed here and which names the addresses for new ones. Not everybody gets one: a read-only service gives none, and a
 * tenant to which people move in groups gives it to those who have moved. So it is asked for when something is protected.
 */
import {
  openClientLicensorKey,
  parseClientLicensorCertificate,
  RightsError,
  sameId,
  softwareKeyHandle,
  within,
} from '@sealward/xrml'
import type { ClientLicensorCertificate, KeyHandle } from '@sealward/xrml'
import type { ClientIdentity } from './bootstrap.ts'
import { licensingOf } from './service-locator.ts'
import { callSoap } from './soap-door.ts'
import { requireTrustedChain, type BootstrapInput } from './trust.ts'

export interface PublishingIdentity extends ClientIdentity {
  readonly clientLicensor: ClientLicensorCertificate
  /** CLC first. */
  readonly clientLicensorChain: readonly string[]
  readonly clientLicensorKey: KeyHandle
}

/**
 * The identity with which its user protects, from the store or from the service.
 * @throws RightsError `publishing-not-onboarded`, `service-read-only`, `certificate-not-ours`, and those of store,
 * transport and chains
 */
export async function publishingIdentityOf(
  input: BootstrapInput,
  identity: ClientIdentity,
): Promise<PublishingIdentity> {
  const { connection, store } = input
  const stored = store.readChain('client-licensor')
  if (stored !== undefined) {
    // Whatever is wrong with a stored certificate, a new one cures it.
    const known = await openClientLicensor(input, identity, stored).catch(() => undefined)
    if (known !== undefined) return known
  }
  const { responses } = await callSoap(connection, licensingOf(connection, store), 'GetClientLicensorCert', {
    requests: [{ personaCertificates: identity.accountChain }],
  })
  const chain = responses[0]?.certificateChain ?? []
  const publisher = await openClientLicensor(input, identity, chain)
  store.writeChain('client-licensor', chain)
  return publisher
}

/** Verifies everything before the key is taken out of it. */
async function openClientLicensor(
  { connection }: BootstrapInput,
  identity: ClientIdentity,
  chain: readonly string[],
): Promise<PublishingIdentity> {
  const now = connection.now()
  const [clc] = requireTrustedChain(chain, identity.anchors, now)
  if (clc === undefined) throw new RightsError('certificate-not-ours')
  const clientLicensor = parseClientLicensorCertificate(clc)
  const { principal, issueRange } = clientLicensor
  if (!sameId(identity.account.principal.object, principal.object) || !within(now, issueRange)) {
    throw new RightsError('certificate-not-ours', { detail: 'the client licensor certificate' })
  }
  const key = await openClientLicensorKey(clientLicensor, identity.accountKey)
  return {
    ...identity,
    clientLicensor,
    clientLicensorChain: chain,
    clientLicensorKey: softwareKeyHandle(key),
  }
}
