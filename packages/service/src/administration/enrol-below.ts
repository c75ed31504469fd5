/**
 * A fresh installation of a cluster that only licenses: its key is made here, and certified by its root cluster (SubEnroll,
 * MS-RMPRS 3.4.4.1). Nothing is stored before the certificate has proved to be that of this key, below the expected root.
 */
import { createPublicKey } from 'node:crypto'
import {
  issuerKeyOf,
  mode2,
  parseIssuingCertificate,
  parseSignedXrml,
  publicKeyFromKeyObject,
  RightsError,
  validateChain,
  type IssuingCertificate,
  type PublicKey,
} from '@sealward/xrml'
import type { SubEnrollRequest, SubEnrollResponse } from '@sealward/protocol'
import { change, type AdministrationContext } from './change.ts'
import { ensureMachineAuthority } from './own-hierarchy.ts'

export interface EnrolBelowInput {
  /** Stands in the licensor certificate, and is what administrators call the key. */
  readonly name: string
  /** Fingerprints of the root keys that the administrator accepts above the root cluster. */
  readonly trustedRoots: readonly string[]
  /** Asks the root cluster. @throws RightsError whatever keeps it from answering */
  readonly ask: (request: SubEnrollRequest) => Promise<SubEnrollResponse>
}

/**
 * The key becomes the active one.
 * @returns the id of the key, and that of the root cluster's key, which certifies people
 * @throws RightsError `root-cluster-refused`, `key-state-refused` if there is an active key already
 */
export async function enrolBelow(
  context: AdministrationContext,
  input: EnrolBelowInput,
): Promise<{ readonly keyId: string; readonly accountIssuer: string }> {
  const privateKey = await context.random.keyPair(mode2.keyBits)
  const publicKey = createPublicKey(privateKey)
  const { licensorChain } = await input.ask({
    publicKey: publicKey.export({ format: 'der', type: 'pkcs1' }),
    guid: context.random.guid().slice(1, -1),
    sku: 'RMS 2.0',
    version: '6.0.0.0',
    name: input.name,
    url: context.cluster.baseUrl,
  })
  const key = publicKeyFromKeyObject(publicKey)
  const accountIssuer = checkedIssuer(context, input, key, licensorChain)
  return change(context, 'enrol-below', async (repositories) => {
    const now = context.clock.now()
    if ((await repositories.keys.list()).some(({ state }) => state === 'active')) {
      throw new RightsError('key-state-refused', { detail: 'there is an active key' })
    }
    const { keyId: vaultKeyId } = await repositories.vault.importRsa(privateKey)
    await ensureMachineAuthority(context, repositories, mode2)
    await repositories.keys.insert({
      id: key.fingerprint,
      vaultKeyId,
      state: 'active',
      origin: 'created',
      createdAt: now,
      activatedAt: now,
      chain: licensorChain,
      friendlyName: input.name,
      exportedAt: undefined,
    })
    const result = { keyId: key.fingerprint, accountIssuer }
    return { result, record: { key: key.fingerprint, mode: mode2.number, accountIssuer } }
  })
}

/** @returns the fingerprint of the root cluster's key */
function checkedIssuer(
  { cluster, clock }: AdministrationContext,
  { trustedRoots }: EnrolBelowInput,
  key: PublicKey,
  texts: readonly string[],
): string {
  const [own, root] = checkedChain(texts, trustedRoots, clock.now())
  if (own.principal.publicKey.fingerprint !== key.fingerprint) throw refused('it certified another key')
  if (own.url !== cluster.baseUrl) throw refused('it certified another address')
  return root.principal.publicKey.fingerprint
}

function checkedChain(
  texts: readonly string[],
  trustedRoots: readonly string[],
  now: Date,
): readonly [IssuingCertificate, IssuingCertificate] {
  try {
    const documents = texts.map((text) => parseSignedXrml(text))
    const accepted = trustedRoots.map((fingerprint) => fingerprint.toLowerCase())
    const anchors = documents.slice(-1).flatMap((document) => {
      const above = issuerKeyOf(document)
      return accepted.includes(above.fingerprint) ? [above] : []
    })
    const [own, root] = validateChain({ documents, anchors, now }).map((each) => parseIssuingCertificate(each))
    if (own === undefined || root === undefined) throw refused('its chain is too short')
    return [own, root]
  } catch (cause) {
    if (!(cause instanceof RightsError) || cause.code === 'root-cluster-refused') throw cause
    throw new RightsError('root-cluster-refused', { detail: cause.message, cause })
  }
}

function refused(detail: string): RightsError {
  return new RightsError('root-cluster-refused', { detail })
}
