/**
 * SubEnroll (MS-RMPRS 3.4.4.1): this root cluster certifies the key of a cluster that only licenses. Whoever holds such a
 * certificate acts as a server below our root, so each account that may ask is named, and what it gets certified is recorded.
 * The key is made over there; its private half is never here.
 */
import { createPublicKey } from 'node:crypto'
import { issueCertificate, publicKeyFromKeyObject, RightsError, type PublicKey } from '@sealward/xrml'
import { requireAdmitted } from './admitted.ts'
import type { Configuration, ServiceKey } from './configuration.ts'
import type { CoreContext, DirectoryCaller, RequestInfo } from './ports.ts'
import { recordDecision, untilRecorded } from './records.ts'
import { serviceState } from './service-state.ts'

export interface SubEnrolRequest {
  readonly caller: DirectoryCaller | undefined
  readonly info: RequestInfo
  /** RSAPublicKey of PKCS #1. */
  readonly publicKey: Uint8Array
  /** Of the new cluster, without braces. */
  readonly guid: string
  readonly sku?: string
  readonly version?: string
  readonly name?: string
  readonly url?: string
}

const day = 86_400_000
const nameLengthMost = 100
const versionForm = /^\d{1,5}(?:\.\d{1,5}){3}$/
const skuForm = /^[A-Za-z0-9 ._-]{1,50}$/

/**
 * @returns the new certificate and our chain
 * @throws RightsError the codes of serviceState and requireAdmitted, `sub-enrolment-refused`
 */
export async function subEnrol(
  context: CoreContext,
  request: SubEnrolRequest,
): Promise<{ readonly chain: readonly string[] }> {
  return untilRecorded(async () => {
    const { configuration, activeKey } = await serviceState(context, 'sub-enrol')
    const caller = await requireAdmitted(context, configuration, request.caller, 'sub-enrolment')
    const key = requireNewKey(configuration, activeKey, request.publicKey)
    const facts = requireFacts(request)
    const certificateId = context.random.guid()
    const recorded = await recordDecision(context, configuration, {
      operation: 'sub-enrol',
      info: request.info,
      caller,
      details: { certificateId, subjectKey: key.fingerprint, name: facts.name, clusterUrl: facts.url },
    })
    if (!recorded) return undefined
    const certificate = await issue(context, activeKey, { ...facts, key, certificateId, guid: request.guid })
    return { chain: [certificate, ...activeKey.chain] }
  })
}

/** One mode for a whole chain (MS-RMPR 3.1.4.7); and no second certificate for a key that means somebody already. */
function requireNewKey({ keys, userDomains }: Configuration, active: ServiceKey, der: Uint8Array): PublicKey {
  const key = readKey(der)
  if (key.bits !== active.mode.keyBits) {
    throw refused(`RSA ${key.bits}, where mode ${active.mode.number} has ${active.mode.keyBits}`)
  }
  if (keys.has(key.fingerprint) || userDomains.some(({ id }) => id === key.fingerprint)) {
    throw refused('a key that this service knows already')
  }
  return key
}

function readKey(der: Uint8Array): PublicKey {
  try {
    return publicKeyFromKeyObject(createPublicKey({ key: Buffer.from(der), format: 'der', type: 'pkcs1' }))
  } catch (cause) {
    throw new RightsError('sub-enrolment-refused', { detail: 'no RSA key with exponent 65537', cause })
  }
}

type Facts = Required<Pick<SubEnrolRequest, 'sku' | 'version' | 'name' | 'url'>>

function requireFacts({ sku = 'RMS 2.0', version = '6.0.0.0', name = 'Sealward', url = '' }: SubEnrolRequest): Facts {
  if (!skuForm.test(sku)) throw refused('the SKU')
  if (!versionForm.test(version)) throw refused('the version')
  if (name.length > nameLengthMost || /[\p{C}]/u.test(name)) throw refused('the name')
  if (!isClusterUrl(url)) throw refused('the address of the new cluster')
  return { sku, version, name, url }
}

function isClusterUrl(text: string): boolean {
  if (!URL.canParse(text) || /[\s\p{C}]/u.test(text)) return false
  const { protocol, search, hash, username, password } = new URL(text)
  return (protocol === 'https:' || protocol === 'http:') && search + hash + username + password === ''
}

interface Subject extends Facts {
  readonly key: PublicKey
  readonly certificateId: string
  readonly guid: string
}

function issue(context: CoreContext, { licensor, handle, mode }: ServiceKey, subject: Subject): Promise<string> {
  const now = context.clock.now()
  const { from, until } = licensor.issueRange
  return issueCertificate({
    kind: 'Server-Licensor-Certificate',
    certificateId: subject.certificateId,
    issuedAt: now,
    issuer: licensor.principal.content,
    subject: {
      type: 'MS-DRM-Server',
      idType: 'MS-GUID',
      id: `{${subject.guid.toLowerCase()}}`,
      name: subject.name,
      addresses: [{ type: 'URL', value: subject.url }],
    },
    subjectKey: subject.key,
    securityLevels: [
      { name: 'Server-Version', value: subject.version },
      { name: 'Server-SKU', value: subject.sku },
    ],
    // It may issue for as long as we may, and nothing that seems older than itself.
    issueRange: { from: new Date(Math.max(from.getTime(), now.getTime() - day)), until },
    key: handle,
    hash: mode.hash,
  })
}

function refused(detail: string): RightsError {
  return new RightsError('sub-enrolment-refused', { detail })
}
